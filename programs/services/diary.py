"""The diary: one entry per enrolment and local date; red flags act at once."""

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction

from accounts.models import User
from programs.engine.calendar import local_date
from programs.engine.decide import decide
from programs.engine.entry import InvalidEntry
from programs.engine.values import DONE_SOMETHING, REFER_RANK, Leg, Outcome, Refer, Trigger, Warmup
from programs.models import Decision, DiaryEntry, Enrolment, EntryRevision
from programs.models.enrolment import CORRECTION_DAYS
from programs.services.corrections import redecide
from programs.services.errors import Refused
from programs.services.ledger import STATE_FIELDS, ledger_row, set_state, state_after
from programs.services.messages import owe_for_decisions
from programs.snapshots import entry_of, histories_of, programmes_of, snapshot_of

JOB = "red flag on submission"


@dataclass(frozen=True, slots=True)
class EntryValues:
    """What a check-in says; None is not recorded, and never zero."""

    morning: int | None = None
    rest: int | None = None
    session: str | None = None
    during: int | None = None
    after: int | None = None
    warmup: str = Warmup.NONE.value
    limp: bool = False
    leg: str = Leg.NONE.value
    red_flags: tuple[str, ...] = ()

    def columns(self) -> dict:
        return asdict(self) | {"red_flags": sorted(set(self.red_flags))}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a check-in: the entry, a pause that began, decisions that changed."""

    entry: DiaryEntry
    pause: Decision | None = None
    changed: tuple[Decision, ...] = ()
    is_correction: bool = False


@transaction.atomic
def record_entry(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, date: datetime.date, values: EntryValues
) -> Recorded:
    """Write or change the entry of a local date. A repeat of the same form is one entry.

    An open day may be changed freely; one of the last seven closed days is
    corrected and decided again. A red flag pauses at once, in this
    transaction and without the queue. Raises Refused.
    """
    enrolment = Enrolment.objects.locked(enrolment.pk)
    _check_allowed(enrolment, by, now, date)
    entry, is_changed = _write_entry(enrolment, by, now, date, values)
    if date <= enrolment.decided_through:
        changed = redecide(enrolment=enrolment, since=date, by=by, now=now) if is_changed else ()
        return Recorded(entry, changed=tuple(changed), is_correction=True)
    pause = _pause_at_once(enrolment, date, now) if entry.red_flags else None
    return Recorded(entry, pause=pause)


@transaction.atomic
def report_red_flags(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, codes: tuple[str, ...]
) -> Recorded:
    """ "Something is wrong": add red flags to today's entry, whatever else it holds."""
    if not codes:
        raise Refused("Choose what is wrong, or go back.", "red_flags")
    enrolment = Enrolment.objects.locked(enrolment.pk)
    today = local_date(now, enrolment.runner.zone)
    entry = DiaryEntry.objects.filter(enrolment=enrolment, date=today).first()
    known = {name: getattr(entry, name) for name in EntryValues.__slots__} if entry else {}
    values = EntryValues(**{**known, "red_flags": (*known.get("red_flags", ()), *codes)})
    return record_entry(enrolment=enrolment, by=by, now=now, date=today, values=values)


def _check_allowed(enrolment: Enrolment, by: User, now: datetime.datetime, date: datetime.date) -> None:
    if by.pk != enrolment.runner_id:
        raise Refused("Only the runner writes her own diary.")
    if not enrolment.is_active:
        raise Refused("This programme has ended; its diary is read-only.")
    today = local_date(now, enrolment.runner.zone)
    if date > today:
        raise Refused(f"{date:%d %B %Y} has not come yet. Choose today or an earlier day.", "date")
    if date < enrolment.started_on:
        raise Refused(f"Your programme began on {enrolment.started_on:%d %B %Y}.", "date")
    if date < enrolment.oldest_correctable:
        raise Refused(
            f"Only the last {CORRECTION_DAYS} closed days can be corrected. This one is read-only.", "date"
        )


def _write_entry(
    enrolment: Enrolment, by: User, now: datetime.datetime, date: datetime.date, values: EntryValues
) -> tuple[DiaryEntry, bool]:
    """Return the entry and whether anything changed; old values become a revision."""
    stored = DiaryEntry.objects.filter(enrolment=enrolment, date=date).first()
    shown = _stage_shown(enrolment, date)
    entry = stored or DiaryEntry(enrolment=enrolment, date=date, stage_shown=shown)
    # A red flag that was answered stays answered: a form that asks fewer
    # questions, or a slip of the thumb, must not lose it. A clinician clears.
    columns = values.columns() | {"red_flags": sorted({*values.red_flags, *entry.red_flags})}
    old = {name: getattr(entry, name) for name in columns}
    if stored and old == columns:
        return stored, False
    if stored and stored.session not in DONE_SOMETHING and values.session in DONE_SOMETHING:
        # The session is done under the stage that is on the page now.
        entry.stage_shown = shown
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.recorded_at, entry.recorded_by = now, by
    try:
        entry_of(entry)
    except (InvalidEntry, ValueError) as error:
        raise Refused(_plainly(error), getattr(error, "field", None)) from None
    entry.save()
    if stored:
        EntryRevision.objects.create(
            entry=entry,
            values=old,
            replaced_at=now,
            replaced_by=by,
            after_close=date <= enrolment.decided_through,
        )
    return entry, True


def _plainly(error: Exception) -> str:
    field = getattr(error, "field", None)
    if field in ("during", "after", "warmup", "limp"):
        return "These details belong to a session, but none was done. Choose what you did, or clear them."
    return str(error)


def _stage_shown(enrolment: Enrolment, date: datetime.date) -> str:
    """The stage on the runner's page on that date, from the ledger where the day is closed."""
    if date > enrolment.decided_through:
        return enrolment.stage
    decision = Decision.objects.in_force().filter(enrolment=enrolment, date=date).newest_first().first()
    return decision.stage_before if decision else enrolment.stage


def _pause_at_once(enrolment: Enrolment, date: datetime.date, now: datetime.datetime) -> Decision | None:
    """Decide the open day now; a pause of this level and date is written once."""
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    history = histories_of([enrolment], first=date)[enrolment.pk]
    decided = decide(snapshot_of(enrolment, programme, history, date))
    already = Decision.objects.filter(
        enrolment=enrolment, date=date, trigger=Trigger.RED_FLAG, refer=decided.refer
    ).exists()
    is_pressing = REFER_RANK[decided.refer] >= REFER_RANK[Refer(enrolment.refer)]
    if already or decided.outcome is not Outcome.PAUSE_AND_REFER or not is_pressing:
        return None
    row = ledger_row(decided, enrolment, trigger=Trigger.RED_FLAG, now=now, job=JOB)
    before = enrolment.refer
    set_state(enrolment, state_after(decided, enrolment, now), programme, now)
    row.save()
    enrolment.save(update_fields=STATE_FIELDS)
    owe_for_decisions([(row, enrolment, before)], now)
    return row
