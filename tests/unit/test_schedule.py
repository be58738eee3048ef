"""Beat goes on when the clock is put right; the one that Celery ships says nothing until the false date."""

import datetime
from collections import Counter

import pytest
import time_machine
from celery.beat import Scheduler

from rehab.celery import app
from rehab.schedule import SteadyScheduler

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
THREE_DAYS = datetime.timedelta(days=3)
MINUTE = 60


def fired(scheduler: Scheduler, traveller, seconds: int) -> Counter:
    """How often each task is sent while so many seconds pass."""
    sent: Counter = Counter()
    scheduler.apply_entry = lambda entry, producer=None: sent.update([entry.name])
    for _ in range(seconds):
        while scheduler.tick() == 0:
            pass
        traveller.shift(1)
    return sent


@pytest.fixture
def traveller():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def scheduler_of(kind: type[Scheduler]) -> Scheduler:
    return kind(app, Producer=lambda *args, **kwargs: None)


def through_three_days_ahead(kind: type[Scheduler], traveller) -> Counter:
    """What is sent in the two minutes after a clock that was ahead has been put right."""
    scheduler = scheduler_of(kind)
    fired(scheduler, traveller, 2 * MINUTE)
    traveller.shift(THREE_DAYS)
    fired(scheduler, traveller, MINUTE)
    traveller.shift(-THREE_DAYS)
    return fired(scheduler, traveller, 2 * MINUTE)


def test_beat_goes_on_when_a_clock_that_was_ahead_is_put_right(traveller):
    sent = through_three_days_ahead(SteadyScheduler, traveller)
    assert 1 <= sent["tick"] <= 3
    assert sent["messages"] >= 6


def test_the_one_that_celery_ships_says_nothing(traveller):
    """Once it does not any more, ours can go."""
    assert not through_three_days_ahead(Scheduler, traveller)


@pytest.mark.parametrize("back", [datetime.timedelta(hours=1), datetime.timedelta(minutes=5)])
def test_nothing_waits_for_an_hour_that_comes_again(traveller, back):
    scheduler = scheduler_of(SteadyScheduler)
    fired(scheduler, traveller, 2 * MINUTE)
    traveller.shift(-back)
    assert fired(scheduler, traveller, 2 * MINUTE)["tick"] >= 1


def test_a_clock_that_goes_on_is_counted_as_ever(traveller):
    ours, theirs = scheduler_of(SteadyScheduler), scheduler_of(Scheduler)
    ours_sent = fired(ours, traveller, 10 * MINUTE)
    traveller.move_to(NOON)
    theirs_sent = fired(theirs, traveller, 10 * MINUTE)
    assert abs(ours_sent["tick"] - theirs_sent["tick"]) <= 1


def test_it_is_the_one_that_runs():
    assert app.conf.beat_scheduler == f"{SteadyScheduler.__module__}:{SteadyScheduler.__name__}"
