"""The mail of a sign-up, from the form to the mailbox, with mail server, broker and queues as they are."""

import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from scripts.visitor import Visitor
from scripts.with_postgres import Cluster
from tests.stack.harness import Running, Stack, stack
from tests.support.people import PASSWORD
from tests.support.services import MailSink, RedisServer, a_redis_server, wait_until

SIGN_UP = "/accounts/signup/"
RESET = "/accounts/password/reset/"
FORM = {
    "name": "Nora New",
    "email": "nora@rehab.example",
    "password1": PASSWORD,
    "adult": "on",
    "time_zone": "Europe/London",
}
#: Three seconds between two looks, and what a busy machine takes for the rest.
SOON = 8.0
#: Slow tasks in front of a code.
MANY = 2_000
#: A password hash and some rows; a mail server that hangs takes ten seconds to be given up.
AT_ONCE = 4.0


def code_in(sink: MailSink) -> str:
    """Wait for the mail, and return the code in it."""
    wait_until(lambda: sink.messages, SOON, what="the code")
    text = sink.messages[0].get_body(("plain",)).get_content()
    return re.search(r"[A-Z]{4}-[A-Z]{4}", text)[0]


def sign_up(site: Stack, sink: MailSink) -> None:
    """From the form to the first page of the new account."""
    nora = Visitor(site.port)
    asked = nora.post(SIGN_UP, FORM)
    assert asked.status == 302, asked.body
    done = nora.post(asked.location, {"code": code_in(sink)})
    assert (done.status, done.location) == (302, "/")
    assert "Nora" in nora.get("/account/").body


def test_in_the_one_process_of_a_bare_clone_the_code_comes_within_seconds(bare: Stack, smtp_sink: MailSink):
    bare.up(**smtp_sink.environment)
    bare.wait_healthy()
    sign_up(bare, smtp_sink)
    assert {name for name, _ in smtp_sink.messages[0].items()} >= {"Message-ID", "Auto-Submitted"}


@pytest.mark.fault
def test_pages_answer_at_once_while_the_mail_server_hangs_and_the_mail_comes_later(bare: Stack):
    """It takes the connection and says nothing, as a server that swaps or a firewall."""
    sink = MailSink()
    with socket.create_server(("127.0.0.1", sink.port)) as silent:
        silent.settimeout(0.1)
        bare.up(**sink.environment)
        bare.wait_healthy()
        nora = Visitor(bare.port)
        nora.get(SIGN_UP)
        assert nora.post(SIGN_UP, FORM).seconds < AT_ONCE
        for email in ("nora@rehab.example", "nobody@rehab.example"):
            stranger = Visitor(bare.port)
            stranger.get(RESET)
            assert stranger.post(RESET, {"email": email}).seconds < AT_ONCE
    with sink.running():
        wait_until(lambda: len(sink.messages) == 3, 60, what="the mails of all three")


# --- with a broker ---------------------------------------------------------------------
@dataclass(frozen=True)
class Site:
    """All that `make run` starts, with what it speaks to."""

    stack: Stack
    server: Running
    broker: RedisServer
    sink: MailSink


@pytest.fixture(scope="module")
def whole(
    postgres_cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Begun once: that takes ten seconds of computing."""
    url = postgres_cluster.create_database("account_mail", template=migrated)
    own = {"DATABASE_URL": url, "WEB_CONCURRENCY": "1", "REHAB_LOG_FORMAT": "json"}
    folder = tmp_path_factory.mktemp("account_mail")
    with (
        MailSink().running() as sink,
        a_redis_server() as broker,
        stack(folder, REDIS_URL=broker.url, **own, **sink.environment) as running,
    ):
        yield Site(running, running.up(), broker, sink)


@pytest.fixture
def site(whole: Site) -> Site:
    """It has settled, and no mail is on its way."""
    whole.stack.wait_healthy()
    whole.sink.messages.clear()
    return whole


def test_with_a_broker_it_does_too_and_nothing_is_left_of_it(site: Site):
    sign_up(site.stack, site.sink)
    wait_until(lambda: site.stack.step("account-mails") == [["sent", ""]], 20, what="the end of it")


@pytest.mark.fault
def test_pages_answer_at_once_while_the_broker_hangs_and_the_mail_comes_later(site: Site):
    """No page publishes anything; what is owed is a row."""
    site.broker.freeze()
    try:
        time.sleep(1)
        asked = Visitor(site.stack.port)
        asked.get(SIGN_UP)
        answer = asked.post(SIGN_UP, FORM | {"email": "hanna@rehab.example"})
        assert (answer.status, answer.seconds < AT_ONCE) == (302, True)
        assert site.stack.step("account-mails")[-1][0] == "owed"
    finally:
        site.broker.thaw()
    wait_until(lambda: site.sink.messages, 60, what="the code")


def records(server: Running) -> list[dict]:
    lines = [line for line in server.output.splitlines() if line.startswith('{"time"')]
    return [json.loads(line) for line in lines]


def test_slow_work_holds_up_no_code_and_one_id_leads_from_the_form_to_the_mail(site: Site):
    """The last on this site: the slow work goes on after it."""
    site.stack.step("fill-slow", str(MANY))
    form = FORM | {"name": "Quirina", "email": "quick@rehab.example"}
    asked = Visitor(site.stack.port).post(SIGN_UP, form)
    assert asked.status == 302, asked.body
    wait_until(lambda: site.sink.messages, SOON, what="the code")
    assert site.broker.client.llen("rehab:slow") > MANY / 4
    assert site.stack.health()["heartbeat_age_seconds"] < 10

    own = dict(asked.headers)["X-Request-ID"]
    assert site.sink.messages[0]["X-Correlation-ID"] == own
    found = [record for record in records(site.server) if record["correlation"] == own]
    assert {"method": "POST", "path": "/accounts/signup/", "status": 302}.items() <= found[0].items()
    assert form["email"] not in site.server.output
    assert form["name"] not in site.server.output
    status, figures = site.stack.get("/metrics")
    assert status == 200
    assert int(re.search(r'rehab_queue_messages\{queue="slow"\} (\d+)', figures)[1]) > 0
    assert int(re.search(r'rehab_job_runs_total\{job="tick"\} (\d+)', figures)[1]) > 0
    assert site.stack.get("/livez") == (200, "ok\n")
    assert site.stack.get("/readyz")[0] == 200
