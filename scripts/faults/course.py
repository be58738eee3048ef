"""The order of a run: rounds until its time is over, and between them what takes a stage of its own."""

import time
from collections.abc import Callable

from scripts.faults.journal import CATALOGUE
from scripts.faults.rounds import Rounds
from scripts.faults.run import Run
from scripts.faults.specials import SCHEDULE, back_up, restore

ROUND_SECONDS = 25.0
#: What the check after a round takes.
RESERVE_SECONDS = 20.0
#: How long a run must be for a backup and its restore, and what they take.
RESTORE_FROM, RESTORE_SECONDS = 300, 40.0


class Course:
    def __init__(
        self, run: Run, only: set[str], seconds: float, began: float, say: Callable[[str], None]
    ) -> None:
        self._run, self._only, self._say = run, only, say
        self._seconds, self._began = seconds, began
        self._rounds = Rounds(run, only, say)
        self._length = min(ROUND_SECONDS, seconds)
        self._has_backup = False

    def go(self) -> None:
        """At least one round, however short the time."""
        number = 0
        while number == 0 or self._left() >= self._length:
            number += 1
            for before, shortest, fault, special in SCHEDULE:
                # Where only some are asked for, they come at once.
                if number == (1 if self._only else before) and self._wants(fault, shortest):
                    self._do(fault, special)
            is_late = self._left() < 3 * self._length
            if is_late and not self._has_backup and self._wants("F33", RESTORE_FROM):
                self._has_backup = True
                self._do("F33", back_up)
            self._rounds.one(self._length)
        if self._has_backup:
            self._do("F33", restore)
        for _, _, fault, _ in SCHEDULE:
            self._run.journal.why_not.setdefault(fault, "its turn did not come in the time")

    def _do(self, fault: str, special: Callable[[Run, Rounds], None]) -> None:
        self._say(f"{fault}: {CATALOGUE[fault]}")
        try:
            special(self._run, self._rounds)
        except Exception as error:  # noqa: BLE001 - the run goes on, and says so at the end
            self._run.journal.charge("wrong", fault, [repr(error)[:600]], fault)

    def _wants(self, fault: str, shortest: float) -> bool:
        if fault in self._only:
            return True
        if self._only:
            return False
        if self._seconds < shortest:
            self._run.journal.why_not[fault] = f"only in a run of at least {shortest:.0f} s"
        return self._seconds >= shortest

    def _left(self) -> float:
        reserve = RESERVE_SECONDS + (RESTORE_SECONDS if self._wants("F33", RESTORE_FROM) else 0)
        return self._seconds - (time.monotonic() - self._began) - reserve
