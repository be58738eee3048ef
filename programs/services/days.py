"""Closing local days: one decision per enrolment and date, whatever happens to the job.

The work list is derived from the database. A batch is one transaction: it
locks what is due, decides in pure Python and writes in bulk. Run twice, late
or after a crash, it leaves the same rows, because what is closed is not due.
"""

import datetime
import logging
from dataclasses import dataclass, field, replace

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Q

from programs.clinic_defaults import clinic_defaults_of, close_hour, read_defaults
from programs.engine.calendar import closing_instant
from programs.engine.decide import decide
from programs.engine.plan import plan_for
from programs.engine.snapshot import Snapshot
from programs.engine.values import Trigger
from programs.engine.week import Wishes
from programs.models import Decision, Enrolment, PlannedSession
from programs.services.closing.batch import close_plainly
from programs.services.closing.deciding import ClosedDay
from programs.services.ledger import STATE_FIELDS, ledger_row, set_state, state_after
from programs.services.messages import owe_for_decisions
from programs.services.red_flag_cases import open_cases
from programs.snapshots import History, histories_of, programmes_of, snapshot_of, wishes_of

logger = logging.getLogger(__name__)

#: Errors that lie in the data of one enrolment. Those of the database, of the
#: broker or of a time limit are not among them: they never count against it.
POISON = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
#: What the database says of a row that it will not take.
REFUSED = (IntegrityError, DataError)
#: Shorter than the usual minute between two ticks: the next one hands out what the broker or a worker lost.
LEASE = datetime.timedelta(seconds=50)
#: So much longer for every CLAIMED_AT_ONCE that wait before it: a slow worker closes more in that time.
LEASE_FOR_EACH_BEFORE = datetime.timedelta(seconds=5)
LONGEST_LEASE = datetime.timedelta(minutes=5)
MOST_MINUTES_ASIDE = 24 * 60
CLAIMED_AT_ONCE = 5000
CLOSE_FIELDS = (
    *STATE_FIELDS,
    "decided_through",
    "closes_at",
    "claimed_until",
    "failures",
    "retry_at",
    "last_error",
)


@dataclass
class CloseReport:
    """What one run did; ``set_aside`` maps enrolment id -> error."""

    decisions: list[Decision | ClosedDay] = field(default_factory=list)
    set_aside: dict[int, str] = field(default_factory=dict)

    def add(self, other: "CloseReport") -> None:
        self.decisions += other.decisions
        self.set_aside |= other.set_aside

    def __bool__(self) -> bool:
        return bool(self.decisions or self.set_aside)


@dataclass
class _Closed:
    """One enrolment's day, decided and not yet written."""

    enrolment: Enrolment
    row: Decision
    refer_before: str
    plan: PlannedSession | None


@transaction.atomic
def claim_due(*, now: datetime.datetime, batch_size: int) -> list[tuple[int, int]]:
    """Claim all due enrolments and return them as id ranges, one per worker task.

    The claim only keeps the next tick from queueing the same range again; it
    expires, so a lost message delays a day by the lease and loses nothing. It
    may be short: the locks of a batch, not the claim, keep two workers apart.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    due = Enrolment.objects.due_for_close(now).filter(free)
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CLAIMED_AT_ONCE):
        part = ids[start : start + CLAIMED_AT_ONCE]
        # By range: a list of thousands of ids takes longer to write than the rows to change.
        due.filter(pk__gte=part[0], pk__lte=part[-1]).update(claimed_until=now + _lease_behind(start))
    ranges = [ids[start : start + batch_size] for start in range(0, len(ids), batch_size)]
    return [(part[0], part[-1]) for part in ranges]


def _lease_behind(before: int) -> datetime.timedelta:
    """How long a claim holds for work that so many enrolments stand before."""
    return min(LEASE + before // CLAIMED_AT_ONCE * LEASE_FOR_EACH_BEFORE, LONGEST_LEASE)


def close_due(
    *,
    now: datetime.datetime,
    job: str,
    first: int | None = None,
    last: int | None = None,
    batch_size: int = 100,
) -> CloseReport:
    """Close every due day of the enrolments in an id range, in order, batch by batch."""
    report = CloseReport()
    while batch := close_batch(now=now, job=job, first=first, last=last, batch_size=batch_size):
        report.add(batch)
    return report


def close_batch(
    *, now: datetime.datetime, job: str, first: int | None, last: int | None, batch_size: int
) -> CloseReport:
    """Close one due day of up to ``batch_size`` enrolments, in one transaction.

    Where the rows of a batch cannot be written, each enrolment is closed
    alone, so that the one at fault is found and set aside.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                return _close_plainly(now, job, first, last, batch_size)
            return _close_locked(_locked_due(now, first, last, batch_size), now, job)
    except (*REFUSED, *POISON):
        logger.exception("A batch could not be written; closing its enrolments one by one")
    report = CloseReport()
    for pk in _due_ids(now, first, last, batch_size):
        report.add(_close_alone(pk, now, job))
    return report


def _close_plainly(
    now: datetime.datetime, job: str, first: int | None, last: int | None, size: int
) -> CloseReport:
    """The whole batch by plain columns; who cannot be decided so is closed the long way."""
    batch = close_plainly(now=now, job=job, first=first, last=last, size=size, poison=POISON)
    report = CloseReport(decisions=batch.days)
    for pk in batch.odd:
        report.add(_close_locked(_locked_due(now, pk, pk, 1), now, job))
    return report


def _in_range(now: datetime.datetime, first: int | None, last: int | None):
    due = Enrolment.objects.due_for_close(now)
    if first is not None:
        due = due.filter(pk__gte=first)
    if last is not None:
        due = due.filter(pk__lte=last)
    return due.order_by("pk")


def _due_ids(now: datetime.datetime, first: int | None, last: int | None, size: int) -> list[int]:
    return list(_in_range(now, first, last).values_list("pk", flat=True)[:size])


def _locked_due(now: datetime.datetime, first: int | None, last: int | None, size: int) -> list[Enrolment]:
    locked = _in_range(now, first, last).select_for_update(skip_locked=True, of=("self",))
    return list(locked.select_related("runner")[:size])


def _close_alone(pk: int, now: datetime.datetime, job: str) -> CloseReport:
    try:
        with transaction.atomic():
            return _close_locked(_locked_due(now, pk, pk, 1), now, job)
    except (*REFUSED, *POISON) as error:
        with transaction.atomic():
            enrolment = Enrolment.objects.locked(pk)
            _set_aside(enrolment, error, now)
            enrolment.save(update_fields=["failures", "retry_at", "last_error", "claimed_until"])
        return CloseReport(set_aside={pk: str(error)})


def _close_locked(enrolments: list[Enrolment], now: datetime.datetime, job: str) -> CloseReport:
    """Decide and write one day of each locked enrolment."""
    report = CloseReport()
    if not enrolments:
        return report
    read_defaults(enrolments, now)
    closed = []
    for enrolment, snapshot, wishes in _snapshots(enrolments, now, report):
        try:
            closed.append(_decide_one(enrolment, snapshot, wishes, now, job))
        except POISON as error:
            _set_aside(enrolment, error, now)
            report.set_aside[enrolment.pk] = repr(error)
    _save_all(enrolments)
    _write(closed, now)
    report.decisions = [item.row for item in closed]
    return report


def _snapshots(enrolments: list[Enrolment], now: datetime.datetime, report: CloseReport):
    """Yield each enrolment with snapshot and wishes; those whose rows cannot be read are set aside."""
    programmes = _tolerant(programmes_of, [e.version_id for e in enrolments])
    histories = _tolerant(histories_of, enrolments)
    for enrolment in enrolments:
        try:
            yield enrolment, *_snapshot_of_one(enrolment, programmes, histories)
        except POISON as error:
            _set_aside(enrolment, error, now)
            report.set_aside[enrolment.pk] = repr(error)


def _snapshot_of_one(
    enrolment: Enrolment, programmes: dict, histories: dict[int, History]
) -> tuple[Snapshot, Wishes]:
    programmes = programmes or programmes_of([enrolment.version_id])
    histories = histories or histories_of([enrolment])
    programme, history = programmes[enrolment.version_id], histories[enrolment.pk]
    return snapshot_of(enrolment, programme, history, enrolment.open_date), wishes_of(enrolment, history)


def _tolerant(read, rows: list) -> dict:
    """Read a whole batch at once; an unreadable row makes the caller read one by one."""
    try:
        return read(rows)
    except POISON:
        return {}


def _decide_one(
    enrolment: Enrolment, snapshot: Snapshot, wishes: Wishes, now: datetime.datetime, job: str
) -> _Closed:
    """Decide the open day and move the enrolment to the next, in memory.

    Everything that can fail comes before the first change, because an
    enrolment that is set aside is saved as it then stands.
    """
    decided = decide(snapshot)
    row = ledger_row(decided, enrolment, trigger=Trigger.DAY_CLOSE, now=now, job=job)
    state = state_after(decided, enrolment, now)
    next_day = enrolment.open_date + datetime.timedelta(days=1)
    hour = close_hour(clinic_defaults_of(enrolment))
    closes_at = closing_instant(next_day, enrolment.runner.zone, hour)
    tomorrow = replace(snapshot, day=snapshot.day + 1, state=state, stage_set=None, cleared=None)
    plan = _planned(enrolment, tomorrow, wishes, next_day)
    closed = _Closed(enrolment, row, enrolment.refer, plan)
    set_state(enrolment, state, snapshot.programme, now)
    enrolment.decided_through, enrolment.closes_at = row.date, closes_at
    enrolment.claimed_until, enrolment.failures, enrolment.retry_at, enrolment.last_error = None, 0, None, ""
    return closed


def _planned(
    enrolment: Enrolment, tomorrow: Snapshot, wishes: Wishes, date: datetime.date
) -> PlannedSession | None:
    """The session that the next day asks for, from what is known at its beginning."""
    plan = plan_for(tomorrow, wishes)
    if not plan.has_session:
        return None
    return PlannedSession(enrolment=enrolment, date=date, stage=tomorrow.programme.stages[plan.stage].key)


def _write(closed: list[_Closed], now: datetime.datetime) -> None:
    Decision.objects.bulk_create([item.row for item in closed])
    PlannedSession.objects.bulk_create([item.plan for item in closed if item.plan], ignore_conflicts=True)
    owe_for_decisions([(item.row, item.enrolment, item.refer_before) for item in closed], now)
    open_cases([item.enrolment for item in closed if item.enrolment.refer != item.refer_before], now)


def _save_all(enrolments: list[Enrolment]) -> None:
    """Save the columns of a close for all of them, in one statement.

    An insert that turns into an update on the key: ``bulk_update`` builds a
    CASE for every column and row, which took two thirds of a close.
    """
    Enrolment.objects.bulk_create(
        enrolments, update_conflicts=True, unique_fields=["id"], update_fields=CLOSE_FIELDS
    )


def _set_aside(enrolment: Enrolment, error: Exception, now: datetime.datetime) -> None:
    """Try again after 2, 4, 8 … minutes, at most a day later; the caseload shows it meanwhile."""
    enrolment.failures += 1
    minutes = min(2 ** min(enrolment.failures, 16), MOST_MINUTES_ASIDE)
    enrolment.retry_at = now + datetime.timedelta(minutes=minutes)
    enrolment.last_error = f"{type(error).__name__}: {error}"[:2000]
    enrolment.claimed_until = None
    # Not its words: they may quote a day, and a log is read by more people than the row.
    logger.error(
        "Enrolment %s is set aside until %s: %s", enrolment.pk, enrolment.retry_at, type(error).__name__
    )
