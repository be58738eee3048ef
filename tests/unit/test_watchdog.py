"""When a worker counts as deaf: nothing reaches it, be it that work waits or that a colleague takes it."""

import itertools
import queue

import pytest
from kombu import Connection, Queue

from rehab.broker import Channel
from rehab.watchdog import DeafnessWatch

#: Far less than the second that a worker waits for an answer.
A_MOMENT = 0.1


def judge(*readings: tuple) -> list[bool]:
    watch = DeafnessWatch(patience=15, long_patience=60)
    return [
        watch.is_deaf(now=now, signs=signs, busy=busy, backlog=backlog)
        for now, signs, busy, backlog in readings
    ]


def an_hour(*, step=0, busy=False, backlog=0) -> list[bool]:
    return judge(*((now, now * step, busy, backlog) for now in range(0, 3600, 3)))


def test_deaf_when_work_waits_and_nothing_begins():
    assert judge((0, 5, False, 0), (3, 5, False, 2), (18, 5, False, 2), (19, 5, False, 2)) == [
        False,
        False,
        True,
        True,
    ]


def test_patience_begins_when_work_begins_to_wait():
    assert judge((0, 5, False, 0), (30, 5, False, 0), (31, 5, False, 1), (44, 5, False, 1))[-1] is False


def test_an_idle_worker_to_which_the_broker_answers_is_not_deaf():
    assert not any(an_hour(step=1))


@pytest.mark.parametrize(("backlog", "looks"), [([0], 21), ([0, 0, 4, 0], 21), ([9, 6, 3], 6)])
def test_one_that_hears_nothing_is_deaf_though_a_colleague_takes_all_the_work(backlog, looks):
    """So it is where workers are added; a shrinking queue counted as a sign of hearing once."""
    lengths = itertools.cycle(backlog)
    found = judge(*((now, 5, False, next(lengths)) for now in range(0, 90, 3)))
    assert found.index(True) == looks
    assert all(found[21:])


def test_a_colleague_who_hears_nothing_is_not_our_fault():
    assert not any(an_hour(step=1, backlog=9))


def test_a_worker_with_a_long_task_is_not_deaf():
    assert not any(an_hour(busy=True, backlog=9))
    assert not any(judge((0, 5, True, 9), (60, 5, True, 9), (74, 5, False, 9)))


def test_a_worker_that_begins_tasks_is_not_deaf():
    assert not any(judge((0, 5, False, 9), (14, 6, False, 9), (28, 7, False, 9)))


def test_a_broker_that_is_away_is_not_the_workers_fault():
    assert not any(judge((0, 5, False, 9), (14, 5, False, None), (28, 5, False, None), (40, 5, False, 9)))
    assert not any(an_hour(backlog=None))


def test_the_first_reading_of_a_new_worker_is_never_deaf():
    assert judge((1000, 0, False, 50)) == [False]


def test_what_the_broker_answers_reaches_the_ear_and_a_deaf_one_hears_nothing(redis_server):
    """A worker whose acknowledgements failed is believed to have its hands full for ever."""
    options = {"polling_interval": A_MOMENT, "global_keyprefix": "rehab:"}
    with Connection(redis_server.url, transport_options=options) as connection:
        channel = connection.channel()
        with connection.Consumer(Queue("days", channel=channel), channel=channel, accept=["json"]):

            def answers(seconds: float = 3 * A_MOMENT) -> int:
                before = Channel.answers
                with pytest.raises((TimeoutError, queue.Empty)):
                    connection.drain_events(timeout=seconds)
                return Channel.answers - before

            assert answers() > 0
            channel.qos.can_consume = lambda: False
            # What was asked before may still be answered.
            answers()
            assert answers() == 0
