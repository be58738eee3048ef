"""Beat goes on when the clock is put right; the one that Celery ships says nothing until the false date."""

import datetime
from collections import Counter

import pytest
import time_machine
from celery.beat import Scheduler

from programs.services.health import waiting_in
from rehab import schedule
from rehab.celery import app
from rehab.queues import QUEUE_OF
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


def test_what_nobody_takes_is_not_sent_for_ever_and_is_sent_again_when_somebody_does(monkeypatch, caplog):
    scheduler, sent = scheduler_of(SteadyScheduler), []
    monkeypatch.setattr(Scheduler, "apply_async", lambda self, entry, **_: sent.append(entry.task))
    waiting = {"clock": 0, "mails": schedule.ENOUGH, "slow": None}
    monkeypatch.setattr(schedule, "waiting_in", waiting.get)
    for entry in scheduler.schedule.values():
        scheduler.apply_entry(entry)
    assert {QUEUE_OF[task] for task in sent} == {"clock", "slow"}
    assert "nobody takes them: account mail is not sent" in caplog.text
    waiting["mails"] -= 1
    scheduler.apply_entry(scheduler.schedule["account mail"])
    assert sent[-1] == "accounts.tasks.send_account_mail"


def test_every_entry_has_its_turn_also_while_it_is_not_sent(monkeypatch, traveller):
    monkeypatch.setattr(schedule, "waiting_in", lambda queue: schedule.ENOUGH)
    scheduler = scheduler_of(SteadyScheduler)
    traveller.shift(MINUTE)
    entry = scheduler.schedule["tick"]
    assert scheduler.apply_async(entry) is None
    assert scheduler.schedule["tick"].last_run_at > entry.last_run_at


def test_how_much_waits_is_asked_of_the_broker(settings, redis_server):
    assert waiting_in("days") is None
    settings.REDIS_URL = redis_server.url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "rehab:"}
    assert waiting_in("days") == 0
    redis_server.client.rpush("rehab:days", "x", "y")
    assert waiting_in("days") == 2
    redis_server.kill()
    assert waiting_in("days") is None


def test_it_is_the_one_that_runs():
    assert app.conf.beat_scheduler == f"{SteadyScheduler.__module__}:{SteadyScheduler.__name__}"
