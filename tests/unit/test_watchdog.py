"""When a worker counts as deaf: work waits, and for a while none is begun."""

from rehab.watchdog import DeafnessWatch


def judge(*readings: tuple) -> list[bool]:
    watch = DeafnessWatch(patience=15)
    return [
        watch.is_deaf(now=now, done=done, busy=busy, backlog=backlog) for now, done, busy, backlog in readings
    ]


def test_deaf_when_work_waits_and_nothing_begins():
    assert judge((0, 5, False, 0), (3, 5, False, 2), (18, 5, False, 2), (19, 5, False, 2)) == [
        False,
        False,
        True,
        True,
    ]


def test_patience_begins_when_work_begins_to_wait():
    assert judge((0, 5, False, 0), (100, 5, False, 0), (101, 5, False, 1), (110, 5, False, 1))[-1] is False


def test_an_idle_worker_is_not_deaf():
    assert not any(judge((0, 5, False, 0), (60, 5, False, 0), (120, 5, False, 0)))


def test_a_worker_with_a_long_task_is_not_deaf():
    assert not any(judge((0, 5, True, 9), (60, 5, True, 9), (74, 5, False, 9)))


def test_a_worker_that_begins_tasks_is_not_deaf():
    assert not any(judge((0, 5, False, 9), (14, 6, False, 9), (28, 7, False, 9)))


def test_a_shrinking_queue_is_a_sign_of_hearing():
    """Expired ticks are taken and thrown away; they count as heard, not as done."""
    assert not any(judge((0, 5, False, 9), (14, 5, False, 8), (28, 5, False, 7)))


def test_a_broker_that_is_away_is_not_the_workers_fault():
    assert not any(judge((0, 5, False, 9), (14, 5, False, None), (28, 5, False, None), (40, 5, False, 9)))


def test_the_first_reading_of_a_new_worker_is_never_deaf():
    assert judge((1000, 0, False, 50)) == [False]
