"""Steps of a scenario that must run inside Django, on the stack's own database.

    python -m tests.stack.steps STEP ARGUMENTS

Each prints its answer as JSON on its last line.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

from programs.models import JobHeartbeat  # noqa: E402  (only after Django is set up)


def heartbeat() -> str | None:
    """Return the newest sign of life of the jobs."""
    newest = JobHeartbeat.objects.order_by("-beat_at").first()
    return newest and newest.beat_at.isoformat()


def children(pid: str) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_child(pid: str) -> list[int]:
    """SIGKILL every child of a process that the test has started."""
    found = children(pid)
    for child in found:
        os.kill(child, signal.SIGKILL)
    return found


STEPS: dict[str, Callable] = {"heartbeat": heartbeat, "children": children, "kill-child": kill_child}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
