"""How far a mail has come when something breaks, against a server that breaks where it is told to."""

import smtplib
import ssl

import pytest
from django.core.mail import BadHeaderError, EmailMessage, get_connection

from accounts.services import lanes, smtp
from accounts.services.lanes import Lanes, Unreachable
from accounts.services.providers import Failure
from accounts.services.refusals import code_of, failure_of, in_short
from accounts.services.smtp import EmailBackend, Unconfirmed
from tests.support.faulty_smtp import DROP, Cut, FaultySmtp, Slow

BACKEND = "accounts.services.smtp.EmailBackend"


@pytest.fixture
def faulty(settings, monkeypatch):
    monkeypatch.setattr(smtp, "AFTER_THE_DOT_SECONDS", 0.1)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = BACKEND, "127.0.0.1"
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 0.5
    with FaultySmtp().running() as server:
        settings.EMAIL_PORT = server.port
        yield server


def at(step: str, act: object, times: int = 1_000):
    """Fail at this step, so many times."""
    left = [times]

    def act_then(now: str, to: str) -> object:
        if now != step or not left[0]:
            return None
        left[0] -= 1
        return act

    return act_then


def a_mail(number: int = 1) -> EmailMessage:
    return EmailMessage("Hello", ".\r\n..\nWords", "rehab@example.org", [f"rosa{number}@example.org"])


def sent_to(faulty: FaultySmtp, act, mail: EmailMessage | None = None) -> Exception | None:
    faulty.act = act
    server = get_connection()
    try:
        lanes.send(mail or a_mail(), server)
    except Unreachable as error:
        return error.__cause__
    except Exception as error:  # noqa: BLE001 - what it is, is the question
        return error
    finally:
        server.close()
    return None


CERTAIN = {
    "greeting hung up": at("greeting", DROP),
    "greeting refused": at("greeting", b"554 not today"),
    "greeting silent": at("greeting", Slow(1)),
    "ehlo hung up": at("ehlo", DROP),
    "sender hung up": at("mail", DROP),
    "sender refused for good": at("mail", b"550 not you"),
    "recipient hung up": at("rcpt", DROP),
    "recipient later": at("rcpt", b"450 greylisted"),
    "recipient cut in the middle": at("rcpt", Cut(b"55")),
    "not allowed to relay": at("rcpt", b"554 5.7.1 relay access denied"),
    "sign-in wanted": at("rcpt", b"530 authentication required"),
    "data hung up": at("data", DROP),
    "data later": at("data", b"451 later"),
    "data cut inside 354": at("data", Cut(b"35")),
    "data cut before its end": at("data", Cut(b"")),
    "data silent": at("data", Slow(1)),
    "body later": at("body", b"451 later"),
    "body and the server goes": at("body", b"421 going down"),
}


@pytest.mark.parametrize("act", CERTAIN.values(), ids=CERTAIN)
def test_before_the_last_dot_and_with_an_answer_it_is_certain_that_nothing_was_sent(faulty, act):
    error = sent_to(faulty, act)
    assert failure_of(error) == Failure.LATER
    assert faulty.kept == []


AMBIGUOUS = {
    "hung up": at("body", DROP),
    "silent": at("body", Slow(1)),
    "cut inside 250": at("body", Cut(b"25")),
    "cut inside 550": at("body", Cut(b"5")),
    "no number": at("body", b"what?"),
    "goes on": at("body", b"354 more"),
}


@pytest.mark.parametrize("act", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_after_the_last_dot_without_an_answer_nobody_knows(faulty, act):
    error = sent_to(faulty, act)
    assert isinstance(error, Unconfirmed)
    assert failure_of(error) == Failure.UNCERTAIN


@pytest.mark.parametrize(
    ("step", "reply", "failure"),
    [
        ("rcpt", b"550 no such user", Failure.ADDRESS),
        ("rcpt", b"550 5.1.1 no such user", Failure.ADDRESS),
        ("body", b"550 5.1.1 no such user", Failure.ADDRESS),
        ("body", b"554 refused", Failure.MAIL),
        ("body", b"552 5.3.4 too big", Failure.MAIL),
        ("data", b"554 no", Failure.MAIL),
        ("body", b"535 5.7.8 sign in", Failure.LATER),
    ],
)
def test_a_refusal_for_good_is_of_the_address_or_of_the_mail(faulty, step, reply, failure):
    error = sent_to(faulty, at(step, reply))
    assert failure_of(error) == failure
    assert code_of(error) == reply[:3].decode()
    assert "rosa" not in in_short(error)


def test_any_other_yes_is_a_yes(faulty):
    assert sent_to(faulty, at("body", b"251 kept elsewhere")) is None
    assert len(faulty.kept) == 1


def test_what_was_written_arrives_as_it_was_written(faulty):
    assert sent_to(faulty, at("none", None)) is None
    assert faulty.kept[0].mail.get_content().splitlines() == [".", "..", "Words"]
    assert faulty.kept[0].mail["Date"]


def test_a_mail_that_cannot_be_written_is_refused_for_good(faulty):
    mail = a_mail()
    mail.subject = "Hello\nBcc: everybody@example.com"
    error = sent_to(faulty, at("none", None), mail)
    assert isinstance(error, BadHeaderError)
    assert failure_of(error) == Failure.MAIL
    assert faulty.kept == []


HEADER_BREAKERS = ["\n", "\r", "\r\n", "\n ", "\r\n\t", "\n\n", "\r\n\r\n"]


@pytest.mark.parametrize("breaker", HEADER_BREAKERS, ids=ascii)
@pytest.mark.parametrize("part", ["subject", "to", "from", "header"])
def test_no_value_adds_a_header(faulty, breaker, part):
    evil = f"x{breaker}Bcc: everybody@example.com"
    mail = EmailMessage(
        evil if part == "subject" else "Hello",
        "Words",
        f"{evil}@example.org" if part == "from" else "rehab@example.org",
        [f"{evil}@example.org" if part == "to" else "rosa@example.org"],
        headers={"List-Unsubscribe": evil} if part == "header" else {},
    )
    assert sent_to(faulty, at("none", None), mail) is not None
    assert faulty.kept == []


# --- never in clear ------------------------------------------------------------------------
@pytest.mark.parametrize("is_silent", [False, True])
@pytest.mark.parametrize("reply", [b"454 TLS not available", b"502 what?", None])
def test_where_starttls_fails_nothing_is_sent(faulty, settings, is_silent, reply):
    settings.EMAIL_USE_TLS = True
    offers = b"250-faulty\r\n250 STARTTLS" if reply else b"250 faulty"
    faulty.act = lambda step, to: {"ehlo": offers, "starttls": reply}.get(step)
    server = get_connection(fail_silently=is_silent)
    for _ in range(2):
        with pytest.raises((smtplib.SMTPException, ssl.SSLError)):
            server.send_messages([a_mail()])
    assert faulty.kept == []


def test_it_is_never_silent():
    assert EmailBackend(fail_silently=True).fail_silently is False


# --- connections -----------------------------------------------------------------------------
def test_a_connection_that_was_ended_between_two_mails_is_made_again_once(faulty):
    server = get_connection()
    lanes.send(a_mail(1), server)
    faulty.act = at("mail", DROP, times=1)
    lanes.send(a_mail(2), server)
    assert [kept.to for kept in faulty.kept] == ["rosa1@example.org", "rosa2@example.org"]
    faulty.act = at("mail", DROP)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        lanes.send(a_mail(3), server)
    assert faulty.connections == 3


def test_a_refused_recipient_leaves_the_connection_to_the_next(faulty):
    faulty.act = lambda step, to: b"550 no" if step == "rcpt" and "rosa1" in to else None
    server = get_connection()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        lanes.send(a_mail(1), server)
    lanes.send(a_mail(2), server)
    assert (len(faulty.kept), faulty.connections) == (1, 1)


def all_sent(open_lanes: Lanes, count: int) -> list:
    done = []
    for number in range(count):
        while not open_lanes.is_free:
            done += open_lanes.take()
        if open_lanes.is_down:
            break
        open_lanes.send(number, a_mail(number))
    while open_lanes.is_busy:
        done += open_lanes.take()
    return done


def test_there_are_no_more_connections_than_asked_for_and_no_more_than_mails(faulty):
    with Lanes(get_connection, 3) as open_lanes:
        assert len(all_sent(open_lanes, 20)) == 20
    assert len(faulty.kept) == 20
    assert faulty.connections <= 3
    with Lanes(get_connection, 30) as open_lanes:
        all_sent(open_lanes, 1)
    assert faulty.connections <= 4


def test_a_server_that_lets_in_two_gets_two(faulty):
    """The others are told that nothing was tried for their mails; the run goes on with what works."""

    def two_only(step: str, to: str) -> object:
        return b"421 too many of you" if step == "greeting" and faulty.connections > 2 else None

    faulty.act = two_only
    with Lanes(get_connection, 8) as open_lanes:
        done = all_sent(open_lanes, 40)
    assert not open_lanes.is_down
    turned_away = [sent for sent in done if sent.error]
    assert all(sent.is_unreachable for sent in turned_away)
    assert len(faulty.kept) + len(turned_away) == 40
    assert len(turned_away) <= 7


def test_where_no_connection_comes_about_it_is_over_after_as_many_tries(faulty):
    faulty.act = at("greeting", DROP)
    with Lanes(get_connection, 4) as open_lanes:
        done = all_sent(open_lanes, 40)
    assert open_lanes.is_down
    assert len(done) <= 4
    assert all(sent.is_unreachable for sent in done)
