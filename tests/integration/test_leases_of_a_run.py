"""Mails in hand go on while the clock of `make faults` jumps, and those of dead processes come free."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from accounts.services import outbox
from programs.models import MessageOwed
from programs.services.messages import message_row
from scripts.faults import leases
from tests.integration.story import Story

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="asks PostgreSQL: runs in its part of make test",
    ),
]
HOURS = datetime.timedelta(hours=2)


class Here:
    """The database of the test in place of that of a run, and a clock that says how it was moved."""

    def __init__(self) -> None:
        self.moved = datetime.timedelta()

    def ask(self, sql: str, *arguments, name: str) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, arguments or None)
            return cursor.fetchall()

    def now(self) -> datetime.datetime:
        return timezone.now() + self.moved

    def jump(self, **by: float) -> None:
        self.moved += datetime.timedelta(**by)


@pytest.fixture
def run():
    here = Here()
    return leases.Leases(here, here)


def in_hand(left: datetime.timedelta, number: int = 1) -> MessageOwed:
    """A mail whose lease has so long to go."""
    story, now = Story(number), timezone.now()
    row = message_row(
        recipient=story.runner, enrolment=story.enrolment, kind="written", local_date=now.date(), now=now
    )
    row.leased_until, row.attempts = now + left, 1
    row.save()
    return row


def lease(row: MessageOwed) -> datetime.datetime:
    row.refresh_from_db()
    return row.leased_until


def test_the_length_of_a_lease_is_that_of_the_product():
    assert leases.LEASE == outbox.LEASE


def test_the_lease_of_a_mail_in_hand_moves_along(run):
    row = in_hand(datetime.timedelta(minutes=2))
    before = row.leased_until
    assert run.jump(HOURS).met == frozenset()
    assert lease(row) == before + HOURS
    assert run.in_hand() == {row.message_id}


def test_one_that_has_run_out_stays_as_it_is(run):
    row = in_hand(-datetime.timedelta(minutes=2))
    before = row.leased_until
    assert run.jump(HOURS).met == frozenset()
    assert lease(row) == before


def test_one_that_nobody_has_settled_for_long_is_let_go(run, monkeypatch):
    row = in_hand(datetime.timedelta(minutes=2))
    run.jump(datetime.timedelta(minutes=1))
    moved = lease(row)
    monkeypatch.setattr(leases, "LONGEST_IN_HAND", 0)
    assert run.jump(HOURS).met == frozenset()
    assert lease(row) == moved


def test_one_that_nobody_has_settled_for_long_goes_back_with_the_clock(run, monkeypatch):
    row = in_hand(datetime.timedelta(minutes=2))
    before, hour = row.leased_until, datetime.timedelta(hours=1)
    monkeypatch.setattr(leases, "LONGEST_IN_HAND", 0)
    run.jump(-hour)
    assert lease(row) == before - hour


def test_a_new_lease_of_the_same_mail_is_in_hand_anew(run):
    row = in_hand(datetime.timedelta(minutes=2))
    run.jump(datetime.timedelta(minutes=1))
    claimed = lease(row) + datetime.timedelta(seconds=30)
    MessageOwed.objects.update(leased_until=claimed)
    run._known[row.message_id] = (run._known[row.message_id][0], -1000.0)
    run.jump(HOURS)
    assert lease(row) == claimed + HOURS


def test_one_that_was_claimed_in_the_very_moment_is_told(run, monkeypatch):
    """By the old clock after leases were moved: that one would be free at once."""
    row = in_hand(datetime.timedelta(minutes=2))
    monkeypatch.setattr(
        run, "_move", lambda by: MessageOwed.objects.update(leased_until=timezone.now() + outbox.LEASE) and []
    )
    met = run.jump(HOURS)
    assert met.met == {row.message_id}
    assert met.most == 1
    assert lease(row) > timezone.now() + HOURS
