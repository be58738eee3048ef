"""A batch of mails through a mail server that is slow, refuses, hangs up, or is not there: all arrive.

Real connections, and a clock that is moved by hand: every minute somebody looks.
"""

import datetime
import itertools
import time
from collections import Counter

import pytest

from accounts.services import smtp
from programs.models import MessageKind, MessageOwed, MessageStatus
from programs.services.delivery import deliver_due
from tests.builders import an_enrolment
from tests.support.faulty_smtp import DROP, Cut, FaultySmtp, Slow
from tests.support.people import a_runner

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 16, 10, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PEOPLE = 12


@pytest.fixture
def faulty(settings, monkeypatch):
    monkeypatch.setattr(smtp, "AFTER_THE_DOT_SECONDS", 0.1)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "accounts.services.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 0.3
    with FaultySmtp().running() as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture(autouse=True)
def owed() -> list[MessageOwed]:
    rows = []
    for n in range(PEOPLE):
        runner = a_runner(email=f"r{n}@example.org", time_zone="UTC")
        rows.append(
            MessageOwed.objects.create(
                recipient=runner,
                enrolment=an_enrolment(runner, now=NOW - 60 * MINUTE),
                kind=MessageKind.WRITTEN,
                local_date=NOW.date(),
                created_at=NOW,
                wanted_at=NOW,
                due_at=NOW,
                message_id=f"<{n}@example.org>",
            )
        )
    return rows


def delivered(minutes: int = 200, now: datetime.datetime = NOW) -> int:
    """Look every minute until nothing is owed; returns how many minutes it took."""
    for minute in range(minutes):
        deliver_due(now=now + minute * MINUTE)
        if not MessageOwed.objects.filter(status=MessageStatus.OWED).exists():
            return minute
    raise AssertionError("still owed")


def statuses() -> Counter:
    return Counter(MessageOwed.objects.values_list("status", flat=True))


def came(faulty: FaultySmtp) -> Counter:
    return Counter(kept.message_id for kept in faulty.kept)


def at_first(act: object, step: str):
    """At the first try for each recipient."""
    seen = set()

    def once(now: str, to: str) -> object:
        if now != step or to in seen:
            return None
        seen.add(to)
        return act

    return once


def at_every(nth: int, act: object, step: str):
    numbers = itertools.count(1)
    return lambda now, to: act if now == step and next(numbers) % nth == 0 else None


CERTAIN = {
    "greylisting": (at_first(b"451 4.7.1 come back later", "rcpt"), 1),
    "refuses every third for now": (at_every(3, b"450 busy", "rcpt"), 10),
    "busy at the end": (at_first(b"451 no room", "body"), 1),
    "hangs up at every fourth sender": (at_every(4, DROP, "mail"), 10),
    "hangs up inside 354": (at_first(Cut(b"35"), "data"), 5),
    "too slow at first": (at_first(Slow(0.5), "rcpt"), 5),
}


@pytest.mark.parametrize(("act", "longest"), CERTAIN.values(), ids=CERTAIN)
@pytest.mark.parametrize("connections", [1, 4])
def test_what_certainly_failed_is_tried_again_and_comes_once(faulty, settings, act, longest, connections):
    settings.REHAB_MAIL_CONNECTIONS = connections
    faulty.act = act
    assert delivered() <= longest
    assert statuses() == {MessageStatus.SENT: PEOPLE}
    assert set(came(faulty).values()) == {1}
    assert len(came(faulty)) == PEOPLE


@pytest.mark.parametrize("act", [DROP, Cut(b"25"), Slow(0.5)], ids=["hangs up", "cut", "silent"])
def test_what_is_lost_after_the_dot_comes_twice_at_most_and_is_one_mail(faulty, act):
    faulty.act = at_first(act, "body")
    delivered()
    assert statuses() == {MessageStatus.SENT: PEOPLE}
    assert set(came(faulty).values()) == {2}
    assert set(MessageOwed.objects.values_list("uncertain", flat=True)) == {1}


def test_a_server_that_always_hangs_up_after_the_dot_is_tried_twice_and_the_mails_are_perhaps_sent(faulty):
    faulty.act = lambda step, to: DROP if step == "body" else None
    delivered()
    assert statuses() == {MessageStatus.UNCERTAIN: PEOPLE}
    assert set(came(faulty).values()) == {2}


def test_some_addresses_refuse_for_good_and_the_others_get_theirs_at_once(faulty):
    faulty.act = lambda step, to: (
        b"550 no such user" if step == "rcpt" and to in ("r1@example.org", "r7@example.org") else None
    )
    assert delivered() == 0
    assert statuses() == {MessageStatus.SENT: PEOPLE - 2, MessageStatus.DEAD: 2}
    assert set(MessageOwed.objects.values_list("attempts", flat=True)) == {1}
    bouncing = MessageOwed.objects.filter(recipient__bounced_at__isnull=False)
    assert set(bouncing.values_list("recipient__email", flat=True)) == {"r1@example.org", "r7@example.org"}


def test_down_for_an_hour_costs_nobody_her_mail_and_few_of_them_a_try(settings):
    """Nobody listens on the port; then somebody does."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "accounts.services.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 0.3
    faulty = FaultySmtp()
    settings.EMAIL_PORT = faulty.port
    faulty._listener.close()
    for minute in range(60):
        assert deliver_due(now=NOW + minute * MINUTE).sent == 0
    assert statuses() == {MessageStatus.OWED: PEOPLE}
    back = FaultySmtp()
    settings.EMAIL_PORT = back.port
    with back.running():
        delivered(now=NOW + 60 * MINUTE)
    assert statuses() == {MessageStatus.SENT: PEOPLE}
    assert set(came(back).values()) == {1}


def test_a_run_ends_in_its_time_whatever_the_server_does(faulty):
    """Each try ends with the timeout; what was not tried is given back."""
    faulty.act = lambda step, to: Slow(0.5) if step == "mail" else None
    began = time.monotonic()
    deliver_due(now=NOW, seconds=0.5)
    assert time.monotonic() - began < 10
    assert not MessageOwed.objects.filter(leased_until__isnull=False).exists()
