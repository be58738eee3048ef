"""The bare clone: one command, one process, stopped within five seconds."""

import signal

import pytest

from tests.stack.harness import STOP_SECONDS, Stack


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
    bare.manage(
        "shell", "-c", "from accounts.models import User; User.objects.create_user('ann@rehab.example')"
    )
    server = bare.up("--prepare")
    bare.wait_healthy()
    server.stop()
    code = "from accounts.models import User; print(User.objects.filter(email='ann@rehab.example').count())"
    assert bare.manage("shell", "-c", code).stdout.split()[-1] == "1"
    assert "Library: 0 new" in server.output


def test_a_port_in_use_is_named(bare: Stack):
    bare.up()
    bare.wait_healthy()
    second = bare.manage("up", check=False)
    assert second.returncode != 0
    assert f"Port {bare.port} is in use" in second.stderr


def test_a_second_server_with_jobs_of_its_own_is_refused(bare: Stack):
    """Two memories would be two queues on one SQLite file."""
    bare.up()
    bare.wait_healthy()
    second = bare.manage("up", "--bind", "127.0.0.1:0", check=False)
    assert second.returncode != 0
    assert "runs its jobs on this database" in second.stderr


def test_more_web_processes_need_a_broker(bare: Stack):
    bare.environment["WEB_CONCURRENCY"] = "2"
    refused = bare.manage("up", check=False)
    assert refused.returncode != 0
    assert "needs a broker" in refused.stderr


@pytest.mark.fault
def test_a_killed_web_process_is_started_again_with_its_jobs(bare: Stack):
    server = bare.up()
    bare.wait_healthy()
    bare.step("kill-child", str(server.process.pid))
    bare.wait_for_a_beat()
    assert bare.get("/healthz")[0] == 200


@pytest.mark.fault
@pytest.mark.parametrize("thread", ["worker", "beat"])
def test_a_jobs_thread_that_dies_takes_the_process_with_it(bare: Stack, thread):
    """And the master starts another, so the jobs go on."""
    server = bare.start("up", "-m", "tests.stack.dying_thread", thread)
    server.wait_for(f"the thread {thread.title() if thread == 'beat' else thread} has died", 40)
    bare.wait_for_a_beat()
    assert bare.get("/healthz")[0] == 200
