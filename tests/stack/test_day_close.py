"""A real worker on a real broker closes days: each exactly once, whatever is killed."""

import datetime
import time

import psycopg
import pytest

from tests.stack.harness import RUNNERS, STOP_SECONDS, Stack
from tests.support.services import MailSink, RedisServer, wait_until


def decided(stack: Stack) -> int:
    """Count the decisions, quickly enough to catch a worker in mid-batch."""
    host, name = stack.environment["DATABASE_URL"].partition("host=")[2].split("&")[0], stack.database
    with psycopg.connect(host=host, user="postgres", dbname=name) as connection:
        return connection.execute("SELECT count(*) FROM programs_decision").fetchone()[0]


def wait_for_decisions(stack: Stack, number: int, seconds: float = 60) -> None:
    try:
        wait_until(lambda: decided(stack) >= number, seconds, what=f"{number} decisions")
    except AssertionError as error:
        raise AssertionError(f"{error}; there are {decided(stack)}\n{stack.logs()}") from None


def assert_each_day_once(stack: Stack, expected: int) -> None:
    """No day lost, none twice, none out of order; and every decision is what its inputs give."""
    ledger = stack.step("ledger")
    assert (ledger["due"], ledger["set_aside"]) == (0, 0)
    assert len(ledger["dates"]) == RUNNERS
    for dates in ledger["dates"].values():
        first = datetime.date.fromisoformat(dates[0])
        assert dates == [(first + datetime.timedelta(days=n)).isoformat() for n in range(len(dates))]
    assert sum(map(len, ledger["dates"].values())) == expected
    assert " 0 differences" in stack.step("verify-ledger")


def test_the_whole_stack_closes_days_and_sends_mails(full: Stack, due: int, smtp_sink: MailSink):
    """Web, worker and beat as `make run` starts them, on PostgreSQL, Redis and SMTP."""
    full.environment |= smtp_sink.environment
    server = full.up()
    wait_for_decisions(full, due)
    full.wait_healthy()
    assert_each_day_once(full, due)
    wait_until(lambda: full.step("messages").keys() <= {"sent", "skipped"}, 60, what="all mails")
    assert len(smtp_sink.messages) == full.step("messages").get("sent", 0)
    identities = [message["Message-ID"] for message in smtp_sink.messages]
    assert len(set(identities)) == len(identities)
    assert server.stop() < STOP_SECONDS


@pytest.mark.fault
def test_a_worker_killed_in_mid_batch_loses_and_doubles_nothing(full: Stack, due: int):
    """SIGKILL for the whole group, three times; then by hand, twice, while the worker runs."""
    for kill in range(3):
        before = decided(full)
        worker = full.worker(name=f"worker{kill}")
        full.step("tick")
        wait_for_decisions(full, min(before + 10, due - 3))
        worker.kill()
    assert decided(full) < due, "the worker was too fast to be killed in mid-batch"
    full.worker(name="survivor")
    first = full.manage("close_days")
    second = full.manage("close_days")
    assert "days closed" in first.stderr
    assert second.stderr.startswith("0 days closed")
    # The killed workers' messages come back and find nothing due.
    time.sleep(12)
    assert_each_day_once(full, due)


@pytest.mark.fault
def test_the_queue_alone_brings_killed_work_back(full: Stack, due: int):
    """No one closes by hand: redelivery and the next ticks find what is left."""
    worker = full.worker(name="killed")
    wait_for_decisions(full, 10)
    worker.kill()
    full.worker(name="next")
    full.beat()
    wait_for_decisions(full, due)
    assert_each_day_once(full, due)


@pytest.mark.fault
def test_a_broker_that_loses_everything_loses_no_day(full: Stack, due: int, redis_server: RedisServer):
    """Killed and emptied in mid-batch: days are rows, not messages. By hand, because leases last minutes."""
    full.worker()
    wait_for_decisions(full, 10)
    redis_server.client.flushall()
    redis_server.kill()
    full.manage("close_days")
    redis_server.start()
    assert_each_day_once(full, due)


@pytest.mark.fault
def test_two_beats_and_two_workers_close_no_day_twice(full: Stack, due: int):
    for number in (1, 2):
        full.beat(name=f"beat{number}")
        full.worker("--hostname", f"w{number}@%h", name=f"worker{number}")
    wait_for_decisions(full, due)
    time.sleep(3)
    assert_each_day_once(full, due)
