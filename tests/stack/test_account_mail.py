"""The mail of a sign-up, from the form to the mailbox, with the mail server and the broker as they are."""

import re
import socket
import time

import pytest

from scripts.visitor import Visitor
from tests.stack.harness import Stack
from tests.support.people import PASSWORD
from tests.support.services import MailSink, RedisServer, wait_until

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
#: A password hash and some rows; a mail server that hangs takes ten seconds to be given up.
AT_ONCE = 4.0


def code_in(sink: MailSink) -> str:
    """Wait for the mail, and return the code in it."""
    wait_until(lambda: sink.messages, SOON, what="the code")
    text = sink.messages[0].get_body(("plain",)).get_content()
    return re.search(r"[A-Z]{4}-[A-Z]{4}", text)[0]


def sign_up(stack: Stack, sink: MailSink) -> None:
    """From the form to the first page of the new account."""
    nora = Visitor(stack.port)
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


def test_with_a_broker_it_does_too_and_nothing_is_left_of_it(full: Stack, smtp_sink: MailSink):
    full.environment |= smtp_sink.environment
    full.up()
    full.wait_healthy()
    sign_up(full, smtp_sink)
    wait_until(lambda: full.step("account-mails") == [["sent", ""]], 20, what="the end of it")


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


@pytest.mark.fault
def test_pages_answer_at_once_while_the_broker_hangs_and_the_mail_comes_later(
    full: Stack, redis_server: RedisServer, smtp_sink: MailSink
):
    """No page publishes anything; what is owed is a row."""
    full.environment |= smtp_sink.environment
    full.up()
    full.wait_healthy()
    redis_server.freeze()
    time.sleep(1)
    nora = Visitor(full.port)
    nora.get(SIGN_UP)
    answer = nora.post(SIGN_UP, FORM)
    assert (answer.status, answer.seconds < AT_ONCE) == (302, True)
    assert full.step("account-mails")[0][0] == "owed"
    redis_server.thaw()
    wait_until(lambda: smtp_sink.messages, 60, what="the code")
