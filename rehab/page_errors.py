"""How many pages ended as a mistake (500) or could not be served (503).

Counted in the memory of each process, for no page shall write because it failed, and the
database may be what is away. Once a minute the thread that looks at alarms puts what has
come into the database, where all processes count together and a restart resets nothing.
"""

import threading
from collections import Counter
from datetime import datetime

from programs.services.health import count_pages

#: Their 503 is an answer and no failure.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_LOCK = threading.Lock()
_came: Counter[int] = Counter()


def note(path: str, status: int) -> None:
    """One more answer; of no interest unless it is an error of ours."""
    if status >= 500 and path not in PROBES:
        with _LOCK:
            _came[status] += 1


def write_down(*, now: datetime) -> None:
    """Hand over what has come since the last time. It is kept where the database does not take it."""
    with _LOCK:
        came = +_came
    for status, number in came.items():
        count_pages(status=status, number=number, now=now)
        with _LOCK:
            _came[status] -= number
