"""A batch on PostgreSQL, from the lock to the last row, inside the caller's transaction."""

import datetime
import logging
from dataclasses import dataclass, field

from programs.engine.values import Outcome
from programs.models import Decision, Enrolment
from programs.services.closing.deciding import Closed, close_one
from programs.services.closing.reading import Around, around, locked_rows
from programs.services.closing.writing import write_decisions, write_enrolments, write_plans
from programs.services.messages import owe_for_decisions
from programs.services.red_flag_cases import open_cases
from programs.snapshots import programmes_of

logger = logging.getLogger(__name__)

_TOLD = (Outcome.ADVANCE, Outcome.STEP_BACK)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """What became of a day, for whoever reports it; the row is in the ledger."""

    enrolment_id: int
    date: datetime.date
    decision: Outcome
    rule: str
    stage_before: str
    stage_after: str
    reason: str

    @property
    def stage_change(self) -> bool:
        return self.stage_before != self.stage_after


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
            closed.append(_worked_out(close_one(row, programmes[row.version], known, now)))
        except poison as error:
            # Its words may quote a day; the long way keeps them where only operators look.
            logger.warning("Enrolment %s is closed by itself: %s", row.pk, type(error).__name__)
            batch.odd.append(row.pk)
    if closed:
        _write(closed, known, now, job)
    batch.days = [_reported(one) for one in closed]
    return batch


def _worked_out(one: Closed) -> Closed:
    """With its words made, so that whatever can raise has raised."""
    _words = one.decided.reason, one.decided.criteria
    return one


def _reported(one: Closed) -> ClosedDay:
    decided = one.decided
    before, after = decided.stage_before_key, decided.stage_after_key
    date = datetime.date.fromordinal(one.row.day)
    return ClosedDay(one.row.pk, date, decided.outcome, decided.rule, before, after, decided.reason)


def _write(closed: list[Closed], known: Around, now: datetime.datetime, job: str) -> None:
    write_decisions(closed, now, job)
    write_enrolments(closed, now)
    write_plans(closed)
    _tell([one for one in closed if _is_told(one, known)], known, now)


def _is_told(one: Closed, known: Around) -> bool:
    """Does somebody get a mail of it, or a case? A pause that goes on is news only to whoever was let in."""
    outcome = one.decided.outcome
    if outcome is Outcome.PAUSE_AND_REFER:
        return one.decided.refer.value != one.row.refer or one.row.runner in known.clinics
    return outcome in _TOLD or one.state.refer.value != one.row.refer


def _tell(told: list[Closed], known: Around, now: datetime.datetime) -> None:
    """These few are read back as objects, because mails and cases are made of them."""
    if not told:
        return
    ids = [one.row.pk for one in told]
    enrolments = Enrolment.objects.select_related("runner").in_bulk(ids)
    days = {one.row.day for one in told}
    dates = [datetime.date.fromordinal(day) for day in days]
    rows = Decision.objects.day_closes(ids, dates).defer("criteria", "inputs")
    decisions = {(row.enrolment_id, row.date.toordinal()): row for row in rows}
    for one in told:
        enrolments[one.row.pk].of_clinic = known.clinic_of(one.row.runner)
    owe_for_decisions(
        [(decisions[one.row.pk, one.row.day], enrolments[one.row.pk], one.row.refer) for one in told], now
    )
    open_cases([enrolments[one.row.pk] for one in told if one.state.refer.value != one.row.refer], now)
