"""The order of a run: rounds until its time is over, and between them what takes a stage of its own."""

import threading
import time
from collections.abc import Callable

from scripts.faults.journal import CATALOGUE
from scripts.faults.rounds import Rounds
from scripts.faults.run import Run
from scripts.faults.specials import SCHEDULE, apart, back_up, charged, restore

ROUND_SECONDS = 25.0
#: What settling and checking take after a round, before one has shown it.
RESERVE_SECONDS = 20.0
#: What the restore of a backup takes, in seconds or as often as the backup: each command starts anew.
RESTORE_SECONDS, RESTORE_COMMANDS = 30.0, 7
#: A shorter run has rounds only, unless something else is asked for by name.
SHORTEST_FOR_ALL = 300.0


class Course:
    def __init__(
        self, run: Run, only: set[str], seconds: float, began: float, say: Callable[[str], None]
    ) -> None:
        self._run, self._only, self._say = run, only, say
        self._seconds, self._began = seconds, began
        self._rounds = Rounds(run, only, say)
        self._length, self._after = min(ROUND_SECONDS, seconds), RESERVE_SECONDS
        self._to_restore = RESTORE_SECONDS if self._wants("F33") else 0
        self._is_backed_up = False

    def go(self) -> None:
        """At least one round, however short the time."""
        beside = threading.Thread(target=self._apart, daemon=True)
        beside.start()
        number = 0
        while number == 0 or self._left() >= self._length:
            number += 1
            for before, fault, special in SCHEDULE:
                # Where only some are asked for, they come at once.
                if number == (1 if self._only else before) and self._wants(fault):
                    self._do(fault, special)
            began = time.monotonic()
            self._rounds.one(self._length)
            self._after = max(self._after, time.monotonic() - began - self._length)
        self._restore()
        beside.join()
        for fault in CATALOGUE:
            if not self._run.journal.tried[fault]:
                self._run.journal.why_not.setdefault(fault, self._why_not(fault))

    def _apart(self) -> None:
        if self._seconds >= SHORTEST_FOR_ALL or self._only:
            apart(self._run, self._only)

    def _restore(self) -> None:
        if not self._wants("F33"):
            return
        if not self._is_backed_up:
            self._do("F33", back_up)
            # What the backup owes is due by then: the site that is lost has sent it, or may have.
            self._run.site.clock.jump(hours=2)
        self._do("F33", restore)

    def _do(self, fault: str, special: Callable[[Run, Rounds], None]) -> None:
        self._say(f"{fault}: {CATALOGUE[fault]}")
        began = time.monotonic()
        with charged(self._run, fault):
            special(self._run, self._rounds)
        if special is back_up:
            self._is_backed_up = True
            self._to_restore = max(self._to_restore, RESTORE_COMMANDS * (time.monotonic() - began))

    def _wants(self, fault: str) -> bool:
        return fault in self._only if self._only else self._seconds >= SHORTEST_FOR_ALL

    def _why_not(self, fault: str) -> str:
        if self._only and fault not in self._only:
            return "not asked for"
        if self._seconds < SHORTEST_FOR_ALL:
            return f"perhaps only in a run of at least {SHORTEST_FOR_ALL:.0f} s"
        return "its turn did not come in the time"

    def _left(self) -> float:
        return self._seconds - (time.monotonic() - self._began) - self._after - self._to_restore
