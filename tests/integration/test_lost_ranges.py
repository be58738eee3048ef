"""A range that was lost is closed within a minute; one that only waits is not handed out twice."""

import datetime

import pytest
import time_machine

from programs import tasks
from programs.models import Decision
from programs.services import days, health
from programs.services.days import claim_due
from tests.integration.story import Story

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch):
    """The database's clock is real and the tests' is not."""
    monkeypatch.setattr(health, "database_now", lambda: None)


def test_what_a_tick_handed_out_and_nobody_closed_the_next_tick_hands_out_again(monkeypatch):
    story = Story()
    due, queued = story.enrolment.closes_at, []
    with monkeypatch.context() as broker:
        broker.setattr(tasks.close_range, "apply_async", lambda **message: queued.append(message))
        with time_machine.travel(due, tick=False):
            tasks.tick()
    assert [message["kwargs"]["first"] for message in queued] == [story.pk]
    with time_machine.travel(due + MINUTE, tick=False):
        tasks.tick()
    assert Decision.objects.count() == 1


def test_a_message_that_comes_after_its_range_was_closed_does_nothing():
    story = Story()
    due = story.enrolment.closes_at
    ((first, last),) = claim_due(now=due, batch_size=10)
    with time_machine.travel(due + MINUTE, tick=False):
        tasks.tick()
        tasks.close_range(first=first, last=last)
    assert Decision.objects.count() == 1


def test_who_stands_behind_thousands_keeps_the_claim_for_longer(monkeypatch):
    """Else a tick after an outage would hand out again and again what only waits for its turn."""
    monkeypatch.setattr(days, "CLAIMED_AT_ONCE", 1)
    stories = [Story(number) for number in range(60)]
    now = stories[0].enrolment.closes_at
    assert len(claim_due(now=now, batch_size=1)) == 60
    held = {}
    for story in stories:
        story.enrolment.refresh_from_db()
        held[story.pk] = story.enrolment.claimed_until - now
    assert held[stories[0].pk] == days.LEASE
    assert held[stories[1].pk] == days.LEASE + days.LEASE_FOR_EACH_BEFORE
    assert held[stories[-1].pk] == days.LONGEST_LEASE
    assert days.LONGEST_LEASE.total_seconds() <= tasks.WORTHLESS_AFTER
    (again,) = claim_due(now=now + days.LEASE, batch_size=1)
    assert again == (stories[0].pk, stories[0].pk)
