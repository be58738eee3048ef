"""A worker that has gone deaf to its broker ends itself, and is started again."""

import time

import pytest

from rehab.watchdog import EXIT_STATUS
from tests.stack.harness import Stack
from tests.stack.proxy import CuttableWire
from tests.support.services import RedisServer, wait_until

TASKS = 8


@pytest.mark.fault
def test_a_worker_whose_acknowledgements_were_reset_still_does_all_its_work(
    full: Stack, redis_server: RedisServer, tmp_path
):
    """Measured: after two failed acknowledgements it lives, answers ping and consumes nothing.

    Redis itself never fails here, so nothing but the watchdog can help.
    """
    marks = [tmp_path / f"mark{number}" for number in range(TASKS)]
    with CuttableWire(redis_server.port) as wire:
        near = f"redis://127.0.0.1:{wire.port}/0"
        argv = ("-m", "tests.stack.supervise_with_tasks", "tests.stack.hasty_tasks")
        server = full.start("up", *argv, REDIS_URL=near)
        server.wait_for("ready.", 40)
        full.step("take-time", "2", *map(str, marks))
        server.wait_for("take_time[")
        wire.poison = b"ZREM"
        wait_until(lambda: wire.resets, 30, what="an acknowledgement to be reset")
        # Long enough for the second process to finish its task and to fail too.
        time.sleep(4)
        wire.poison = b""
        try:
            wait_until(lambda: all(mark.exists() for mark in marks), 90, what="all tasks")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{full.logs()}") from None
    assert f"worker ended with status {EXIT_STATUS}" in server.output
