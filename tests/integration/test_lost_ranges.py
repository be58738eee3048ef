"""A range that was lost is closed within a minute; one that waits is not handed out twice, nor for ever."""

import datetime

import pytest
import time_machine

from programs import tasks
from programs.models import Decision, Enrolment
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


class Queue:
    """What a tick hands out, kept until somebody takes it; a worker drops what is worthless by then."""

    def __init__(self, monkeypatch) -> None:
        self.days, self.looks = [], []
        monkeypatch.setattr(
            tasks, "waiting_in", lambda name: len({"days": self.days, "mails": self.looks}[name])
        )
        monkeypatch.setattr(tasks.close_range, "apply_async", lambda **message: self.days.append(message))
        monkeypatch.setattr(tasks.send_due, "apply_async", lambda **message: self.looks.append(message))

    def tick(self, at: datetime.datetime) -> None:
        with time_machine.travel(at, tick=False):
            tasks.tick()


@pytest.fixture
def queue(monkeypatch, settings) -> Queue:
    settings.REHAB_BATCH_SIZE = 2
    return Queue(monkeypatch)


def test_a_queue_that_nobody_empties_does_not_grow_without_end(queue, caplog):
    """It would fill the broker, and then no mail goes out either."""
    due = [Story(number) for number in range(1, 7)][0].enrolment.closes_at
    for minute in range(0, 24 * 60, 20):
        queue.tick(due + minute * MINUTE)
    ranges = 3
    assert ranges < len(queue.days) <= 2 * ranges
    assert "none is handed out this time" in caplog.text


def test_once_somebody_takes_them_the_next_tick_hands_out_what_is_due_and_only_new_days_before(queue):
    stories = [Story(number) for number in range(1, 7)]
    due = stories[0].enrolment.closes_at
    for minute in range(10):
        queue.tick(due + minute * MINUTE)
    # The worker is back, and all that waits is too old.
    queue.days.clear()
    queue.tick(due + 10 * MINUTE)
    assert [(one["kwargs"]["first"], one["kwargs"]["last"]) for one in queue.days] == [
        (stories[number].pk, stories[number + 1].pk) for number in (0, 2, 4)
    ]


def test_what_is_newly_due_does_not_wait_for_what_a_slow_worker_has_before_it(queue):
    first, second = Story(1), Story(2)
    due = first.enrolment.closes_at
    Enrolment.objects.filter(pk=second.pk).update(closes_at=due + MINUTE / 2)
    queue.tick(due)
    queue.tick(due + MINUTE / 2)
    assert [one["kwargs"]["last"] for one in queue.days] == [first.pk, second.pk]


def test_looks_for_mails_do_not_pile_up_either(queue, monkeypatch):
    monkeypatch.setattr(tasks, "ENOUGH", 3)
    now = Story().at(1)
    for minute in range(10):
        queue.tick(now + minute * MINUTE)
    assert len(queue.looks) == 3


def test_without_an_answer_of_the_broker_days_are_handed_out_as_ever(queue, monkeypatch):
    monkeypatch.setattr(tasks, "waiting_in", lambda name: None)
    due = Story().enrolment.closes_at
    for minute in range(3):
        queue.tick(due + minute * MINUTE)
    assert len(queue.days) == 3
