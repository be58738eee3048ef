"""What a process has made out of rows, kept by those very rows: equal rows need not be taken apart again.

No page is kept and no question is spared: whoever asks has read every row anew, and
what she holds is the key. So what is shown is never older than what was read, and
ended consent, a new red flag or another name find nothing here. It stays in the
memory of the process, of bounded size, and is gone with the first asking of the next day.
"""

import datetime
import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

_T = TypeVar("_T")
_all: list["Kept"] = []


class Kept:
    """At most so many results; the oldest falls out first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, object] = {}
        self._lock = threading.Lock()
        self.day: datetime.date | None = None
        _all.append(self)

    def __len__(self) -> int:
        return len(self._found)

    def of(self, key: Hashable, make: Callable[..., _T], *given: object) -> _T:
        """What is kept for this key; else what ``make`` makes of what is given. What raises is not kept."""
        found = self._found.get(key, self)
        if found is not self:
            return found
        made = make(*given)
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        return made

    def forget(self) -> None:
        with self._lock:
            self._found.clear()


def forget_all() -> None:
    """As a process stands that has just begun; for measurements and tests."""
    for kept in _all:
        kept.forget()


def forget_yesterday(today: datetime.date) -> None:
    """Whoever asks says which day it is: on another one nothing of before is kept."""
    for kept in _all:
        if kept.day != today:
            kept.forget()
            kept.day = today
