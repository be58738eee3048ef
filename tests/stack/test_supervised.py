"""With a broker: processes of their own, started again when they end, all stopped within five seconds."""

import os
import re
import signal

import pytest

from tests.stack.harness import STOP_SECONDS, Running, Stack
from tests.support.services import wait_until

PROGRAMS = ("web", "worker-days", "worker-mails", "worker-slow", "beat")


def process_of(server: Running, name: str) -> int:
    """Return the newest process of a program, as the supervisor names it."""
    return int(re.findall(rf"{name} started \(process (\d+)\)", server.output)[-1])


def all_stop_in_time(full: Stack, server: Running, number: int) -> None:
    processes = [process_of(server, name) for name in PROGRAMS]
    assert server.stop(number) < STOP_SECONDS, server.output
    assert not [pid for pid in processes if os.path.exists(f"/proc/{pid}")]
    assert full.get("/healthz") == (0, "")


def test_up_runs_every_program_and_ctrl_c_stops_them_in_time(full: Stack):
    server = full.up()
    full.wait_healthy()
    all_stop_in_time(full, server, signal.SIGINT)


def test_a_long_task_does_not_delay_the_end(full: Stack, tmp_path):
    """What cannot finish goes back to the queue; nothing is lost, because the database knows what is due."""
    server = full.start("up", "-m", "tests.stack.supervise_with_tasks")
    full.step("take-time", "30", str(tmp_path / "mark"))
    server.wait_for("take_time[", 40)
    assert server.stop() < STOP_SECONDS


@pytest.mark.fault
def test_what_is_killed_is_started_again(full: Stack):
    """One after the other on one site, with as many processes as `make run` has: to begin takes longest.

    Then SIGTERM, as a machine sends it that goes down.
    """
    del full.environment["WEB_CONCURRENCY"]
    server = full.up()
    full.wait_healthy()
    for name in PROGRAMS:
        before = server.output.count(f"{name} started (process ")
        killed = process_of(server, name)
        os.killpg(killed, signal.SIGKILL)
        server.wait_for(f"{name} ended with status -9")
        wait_until(
            lambda name=name, before=before: server.output.count(f"{name} started (process ") > before,
            seconds=20,
            what=f"another {name}",
        )
        full.wait_for_a_beat()
        assert process_of(server, name) != killed
        full.wait_healthy()
    all_stop_in_time(full, server, signal.SIGTERM)


@pytest.mark.fault
def test_nothing_runs_on_when_the_supervisor_is_killed(full: Stack):
    server = full.up()
    full.wait_healthy()
    processes = [process_of(server, name) for name in PROGRAMS]
    server.process.kill()
    server.process.wait()
    full.wait_until_gone(processes)
