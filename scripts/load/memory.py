"""Memory of a process and of all that it has started, from /proc; in MB."""

from pathlib import Path

ROLES = ("gunicorn", "beat", "worker", "manage.py")


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


def family(pid: int) -> list[int]:
    """Return a process and all its descendants that live."""
    try:
        return [pid, *(one for child in _children(pid) for one in family(child))]
    except OSError:
        return []


def _role(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    for word in words:
        if word.startswith("worker") and "@" in word:
            return word.partition("@")[0]
    return next((role for role in ROLES if any(role in word for word in words)), "other")


def by_process(pid: int) -> dict[int, tuple[str, float]]:
    """Return role and proportional memory of a process and of each of its descendants, by their ids."""
    found = {}
    for one in family(pid):
        try:
            found[one] = _role(one), _proportional(one)
        except OSError:
            continue  # ended meanwhile
    return found


def _proportional(pid: int) -> float:
    """What it has alone and its part of what it shares: a copy on write does not look like growth."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
