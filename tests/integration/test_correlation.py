"""One id from a request to its tasks, rows and mails; and nothing of anybody in a log of it all."""

import io
import json
import logging
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from accounts import correlation
from accounts import tasks as account_tasks
from accounts.models import AccountMail
from programs import tasks
from programs.models import JobHeartbeat, MessageOwed
from programs.selectors.delivery_log import Asked, delivery_log
from programs.services import health, ping
from rehab import celery, logs
from rehab import tasks as site_tasks
from tests.integration.story import RUN, Story
from tests.support.people import a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
CANARY = "Rosalinde Kanarienvogel"
QUOTED = f"cannot read day {{'rest': 9, 'words': '{CANARY}'}}\nand {CANARY}"


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch):
    monkeypatch.setattr(health, "database_now", lambda: None)


def ask_for_a_reset(client, **headers):
    a_runner("rosa@example.org", name=CANARY)
    return client.post("/accounts/password/reset/", {"email": "rosa@example.org"}, **headers)


# --- of a request ------------------------------------------------------------------------
def test_every_answer_carries_an_id_that_nobody_else_chose(client):
    first = client.get("/livez", HTTP_X_REQUEST_ID="f" * 16)
    second = client.get("/nowhere/", HTTP_X_CORRELATION_ID="f" * 16)
    own, other = first["X-Request-ID"], second["X-Request-ID"]
    assert correlation.is_id(own) and correlation.is_id(other)
    assert len({own, other, "f" * 16}) == 3
    assert correlation.current() is None


def test_a_mail_has_the_id_of_the_request_that_owed_it_to_its_end(client, mailoutbox):
    own = ask_for_a_reset(client)["X-Request-ID"]
    assert AccountMail.objects.get().correlation_id == own
    account_tasks.send_account_mail()
    assert mailoutbox[0].extra_headers["X-Correlation-ID"] == own
    assert f"X-Correlation-ID: {own}" in mailoutbox[0].message().as_string()


def test_the_log_of_a_mail_that_is_not_sent_names_what_owed_it(client, monkeypatch, caplog):
    own = ask_for_a_reset(client)["X-Request-ID"]

    def refuse(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    account_tasks.send_account_mail()
    assert f"[{own}] was not sent" in caplog.text


def test_what_django_writes_of_an_answer_has_the_id_that_the_answer_carries(client):
    with everything_logged("line") as out:
        own = client.get("/nowhere/")["X-Request-ID"]
    assert f"django.request [{own}] Not Found: /nowhere/" in out.getvalue()


def test_site_managers_find_what_one_request_owed(client):
    own = ask_for_a_reset(client)["X-Request-ID"]
    manager, now = a_manager(), timezone.now()
    found = delivery_log(viewer=manager, asked=Asked.of({"q": own.upper()}), now=now)
    assert len(found.rows) == 1
    assert not delivery_log(viewer=manager, asked=Asked.of({"q": "0" * 16}), now=now).rows


# --- of a job ----------------------------------------------------------------------------
def test_a_task_goes_on_with_the_id_of_whoever_asked_for_it():
    headers = {}
    with correlation.bound() as own:
        celery.pass_on(headers=headers)
    assert headers == {celery.CORRELATION: own}
    task = SimpleNamespace(request=SimpleNamespace(**headers))
    site_tasks.bind(task_id="1", task=task)
    assert correlation.current() == own
    site_tasks.unbind(task_id="1")
    assert correlation.current() is None


@pytest.mark.parametrize("passed", [None, "x" * 16, "0" * 17, "0123456789abcdef\n", 7, ["0" * 16]])
def test_what_the_broker_says_is_an_id_of_ours_or_nothing(passed):
    task = SimpleNamespace(request=SimpleNamespace(**{celery.CORRELATION: passed}))
    site_tasks.bind(task_id="1", task=task)
    own = correlation.current()
    site_tasks.unbind(task_id="1")
    assert correlation.is_id(own) and own != passed


def test_what_beat_asks_for_begins_an_id():
    first, second = {}, {}
    celery.pass_on(headers=first), celery.pass_on(headers=second)
    assert first != second


def test_messages_of_a_close_have_the_id_of_its_run():
    story = Story()
    story.live(1, [RUN, RUN, RUN])
    story.log(4, **RUN)
    with time_machine.travel(story.at(5), tick=False):
        tasks.tick.apply()
    owed = set(MessageOwed.objects.values_list("correlation_id", flat=True))
    assert len(owed - {None}) == 1


# --- runs of jobs ------------------------------------------------------------------------
def test_every_run_of_a_task_is_counted_and_one_that_fails_says_its_kind(monkeypatch):
    assert site_tasks.count_end
    account_tasks.send_account_mail.apply()
    account_tasks.send_account_mail.apply()

    def fail(**_):
        raise LookupError(CANARY)

    monkeypatch.setattr(account_tasks, "deliver_account_mails", fail)
    account_tasks.send_account_mail.apply(throw=False)
    row = JobHeartbeat.objects.get(name="send_account_mail")
    assert (row.runs, row.failures, row.last_error) == (3, 1, "LookupError")
    assert row.beat_at is None
    assert row.seconds >= row.last_seconds > 0


# --- nothing of anybody in the log ---------------------------------------------------------
@contextmanager
def everything_logged(form: str):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    line = logs.config("INFO")["formatters"]["line"]["format"]
    handler.setFormatter(logs.OneObject() if form == "json" else logs.OneLine(line))
    root, names = logging.getLogger(), ("rehab.requests", "rehab.jobs", "celery.app.trace")
    before = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.INFO)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("form", logs.FORMATS)
def test_a_journey_of_requests_and_jobs_leaves_nothing_of_anybody_in_the_log(
    client, form, settings, monkeypatch
):
    story = Story()
    story.runner.name = CANARY
    story.runner.save()
    with everything_logged(form) as out, time_machine.travel(story.at(3), tick=False):
        settings.DEBUG = False
        signed = signed_in(story.runner)
        signed.get("/today/")
        client.get(f"/nowhere/{story.runner.email}/?name={CANARY}", HTTP_USER_AGENT=CANARY)
        client.post("/accounts/login/", {"login": story.runner.email, "password": CANARY})
        ask_for_a_reset(client)
        tasks.tick.apply()

        def refuse(**_):
            raise ValueError(QUOTED)

        monkeypatch.setattr(account_tasks, "deliver_account_mails", refuse)
        account_tasks.send_account_mail.apply(throw=False)
    written = out.getvalue()
    assert "nowhere" in written or '"path": "-"' in written
    for secret in (CANARY, story.runner.email, "rosa@example.org", "example.org", "'rest': 9"):
        assert secret not in written
    assert "accounts.tasks.send_account_mail failed" in written
    if form == "json":
        records = [json.loads(line) for line in written.splitlines()]
        paths = {record["path"] for record in records if "path" in record}
        assert {"/accounts/password/reset/", "-"} <= paths
        jobs = {record["job"]: record["status"] for record in records if "job" in record}
        assert jobs["programs.tasks.tick"] == "ok"
        assert jobs["accounts.tasks.send_account_mail"] == "ValueError"
        assert all(record["correlation"] for record in records if "path" in record or "job" in record)


# --- the monitor outside ---------------------------------------------------------------------
def test_a_tick_pings_the_monitor_where_there_is_one(settings, monkeypatch):
    asked = []
    monkeypatch.setattr(ping.urllib.request, "urlopen", lambda url, timeout: asked.append((url, timeout)))
    tasks.tick()
    assert asked == []
    settings.REHAB_PING_URL = "https://monitor.example/ping/key"
    monkeypatch.setattr(
        ping.urllib.request,
        "urlopen",
        lambda url, timeout: asked.append((url, timeout)) or io.BytesIO(b"ok"),
    )
    ping.ping().join(5)
    assert asked == [("https://monitor.example/ping/key", 5)]


def test_a_monitor_that_is_away_fails_no_tick_and_its_address_is_not_written(settings, monkeypatch, caplog):
    settings.REHAB_PING_URL = "http://127.0.0.1:1/ping/secret-key"
    ping.ping().join(10)
    assert "did not take a ping" in caplog.text
    assert "secret-key" not in caplog.text
    tasks.tick()
    assert JobHeartbeat.objects.filter(name="tick").exists()
