"""The bare clone: one command, one process, stopped within five seconds."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.harness import STOP_SECONDS, Running, Stack, stack


@pytest.fixture(scope="module")
def served(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Running]]:
    """One that runs already, for those who find it there."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    with stack(folder) as running:
        server = running.up()
        running.wait_healthy()
        yield running, server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_answers_runs_its_jobs_and_stops_in_time(bare: Stack, number):
    server = bare.up()
    bare.wait_healthy()
    took = server.stop(number) if number == signal.SIGTERM else server.interrupt()
    assert took < STOP_SECONDS
    assert bare.get("/healthz") == (0, "")


def test_a_first_start_prepares_everything_and_says_what_runs(fresh: Stack):
    server = fresh.up("--prepare")
    fresh.wait_healthy()
    assert f"http://127.0.0.1:{fresh.port}" in server.output
    assert "one process" in server.output
    assert f"{fresh.environment['REHAB_VAR_DIR']}/mail" in server.output


def test_a_second_start_keeps_the_data(bare: Stack):
    """And prepares nothing twice."""
    bare.step("join", "ann@rehab.example")
    server = bare.up("--prepare")
    bare.wait_healthy()
    server.stop()
    assert bare.step("people") == ["ann@rehab.example"]
    assert "Library: 0 new" in server.output


def test_a_port_in_use_is_named(served: tuple[Stack, Running]):
    site, _ = served
    second = site.manage("up", check=False)
    assert second.returncode != 0
    assert f"Port {site.port} is in use" in second.stderr


def test_a_second_server_with_jobs_of_its_own_is_refused(served: tuple[Stack, Running]):
    """Two memories would be two queues on one SQLite file."""
    site, _ = served
    second = site.manage("up", "--bind", "127.0.0.1:0", check=False)
    assert second.returncode != 0
    assert "runs its jobs on this database" in second.stderr


def test_more_web_processes_need_a_broker(bare: Stack):
    bare.environment["WEB_CONCURRENCY"] = "2"
    refused = bare.manage("up", check=False)
    assert refused.returncode != 0
    assert "needs a broker" in refused.stderr


@pytest.mark.fault
def test_a_killed_web_process_is_started_again_with_its_jobs(served: tuple[Stack, Running]):
    site, server = served
    site.step("kill-child", str(server.process.pid))
    site.wait_for_a_beat()
    assert site.get("/healthz")[0] == 200


@pytest.mark.fault
@pytest.mark.parametrize("thread", ["worker", "beat"])
def test_a_jobs_thread_that_dies_takes_the_process_with_it(bare: Stack, thread):
    """And the master starts another, so the jobs go on."""
    server = bare.start("up", "-m", "tests.stack.dying_thread", thread)
    server.wait_for(f"the thread {thread.title() if thread == 'beat' else thread} has died", 40)
    bare.wait_for_a_beat()
    assert bare.get("/healthz")[0] == 200
