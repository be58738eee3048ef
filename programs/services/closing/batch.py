"""A batch on PostgreSQL, from the lock to the last row, inside the caller's transaction."""

import datetime
import logging
from dataclasses import dataclass, field

from programs.engine.programme import Programme
from programs.services.closing.deciding import Closed, ClosedDay, close_one
from programs.services.closing.reading import Around, around, locked_rows
from programs.services.closing.telling import tell
from programs.services.closing.writing import write_decisions, write_enrolments, write_plans
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
    known, programmes = around(rows, now), programmes_of({row.version for row in rows})
    closed = []
    for row in rows:
        try:
            closed.append(close_one(row, programmes[row.version], known, now, job))
        except poison as error:
            # Its words may quote a day; the long way keeps them where only operators look.
            logger.warning("Enrolment %s is closed by itself: %s", row.pk, type(error).__name__)
            batch.odd.append(row.pk)
    if closed:
        _write(closed, programmes, known, now)
    batch.days = [one.day for one in closed]
    return batch


def _write(
    closed: list[Closed], programmes: dict[int, Programme], known: Around, now: datetime.datetime
) -> None:
    write_decisions(closed)
    write_enrolments(closed, programmes, now)
    write_plans(closed)
    tell(closed, known.places, now)
