"""A pool child that is killed in the middle of a task: the task is done by the next."""

import pytest

from tests.stack.harness import Stack
from tests.support.services import wait_until


@pytest.mark.fault
def test_a_task_of_a_killed_child_is_done_all_the_same(full: Stack, tmp_path):
    """Acknowledged late, and rejected where its child is lost: either alone loses it."""
    mark = tmp_path / "mark"
    worker = full.worker("--include", "tests.stack.tasks", concurrency=1)
    worker.wait_for("ready")
    full.step("take-time", "3", str(mark))
    worker.wait_for("take_time")
    full.step("kill-child", str(worker.process.pid))
    wait_until(
        lambda: mark.exists() and mark.read_text() == "done\n", 40, what="the task of the killed child"
    )
    assert worker.process.poll() is None
