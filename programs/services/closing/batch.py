"""A batch on PostgreSQL, from the lock to the last row, inside the caller's transaction."""

import datetime
import logging
from dataclasses import dataclass, field

from programs.engine.programme import Programme
from programs.services.closing.deciding import AsksAgainError, Closed, ClosedDay, close_one
from programs.services.closing.reading import Around, Row, around, locked_rows
from programs.services.closing.telling import tell
from programs.services.closing.writing import decisions_taken, write_enrolments, write_plans
from programs.snapshots import programmes_of

logger = logging.getLogger(__name__)


@dataclass
class Batch:
    """``odd`` are locked enrolments that could not be decided this way; nothing of theirs is written."""

    days: list[ClosedDay] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)


def close_plainly(
    *,
    now: datetime.datetime,
    job: str,
    first: int | None,
    last: int | None,
    size: int,
    poison: tuple[type[Exception], ...],
) -> Batch:
    """Decide and write one due day of up to ``size`` enrolments; ``poison`` errors are those of one alone."""
    rows, batch = locked_rows(now, first, last, size), Batch()
    if not rows:
        return batch
    run = _Run(around(rows, now), programmes_of({row.version for row in rows}), now, job, poison)
    again = run.decide(rows, may_ask=False)
    run.decide(again, may_ask=True)
    batch.odd = run.odd
    if run.closed:
        run.write()
    batch.days = [one.day for one in run.closed]
    return batch


@dataclass
class _Run:
    known: Around
    programmes: dict[int, Programme]
    now: datetime.datetime
    job: str
    poison: tuple[type[Exception], ...]
    closed: list[Closed] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)

    def decide(self, rows: list[Row], *, may_ask: bool) -> list[Row]:
        """Decide, and hand rows of the ledger to the server as they come; return those that ask for more.

        While the server takes rows nothing can be asked of it, so those who
        need more (older days, acts of persons) come afterwards, in rows of
        their own.
        """
        self.known.may_ask = may_ask
        if may_ask:
            lines = [line for row in rows if (line := self._decided(row)) is not None]
            self._take(lines)
            return []
        again = []
        with decisions_taken() as take:
            for row in rows:
                try:
                    line = self._decided(row)
                except AsksAgainError:
                    again.append(row)
                else:
                    if line is not None:
                        take(line)
        return again

    def _take(self, lines: list[str]) -> None:
        if lines:
            with decisions_taken() as take:
                for line in lines:
                    take(line)

    def _decided(self, row: Row) -> str | None:
        try:
            one, line = close_one(row, self.programmes[row.version], self.known, self.now, self.job)
        except self.poison as error:
            # Its words may quote a day; the long way keeps them where only operators look.
            logger.warning("Enrolment %s is closed by itself: %s", row.pk, type(error).__name__)
            self.odd.append(row.pk)
            return None
        self.closed.append(one)
        return line

    def write(self) -> None:
        self.closed.sort(key=lambda one: one.row.pk)
        write_enrolments(self.closed, self.programmes, self.now)
        write_plans(self.closed)
        tell(self.closed, self.known.places, self.now)
