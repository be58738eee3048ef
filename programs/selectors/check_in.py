"""The check-in of one date: what it asks, what is known, what was corrected, and the outlook."""

import datetime
import zoneinfo
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.engine.entry import Entry
from programs.engine.values import Leg, SessionKind, Trigger, Warmup
from programs.models import DiaryEntry, Enrolment, EntryRevision, OverrideKind, PlannedSession
from programs.presentation import DECISIONS, FIELDS, Tag, value_words
from programs.selectors.decisions import DecisionRow, decision_row
from programs.selectors.library import Question, introductions, red_flag_questions
from programs.selectors.reading import Reading, read

#: Closed days that may still be added or changed (``docs/architecture.md``, Time).
CORRECTION_DAYS = 7


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One fact of an entry in words; ``is_missing`` where it was not recorded."""

    name: str
    value: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was changed later."""

    name: str
    was: str
    now: str
    changed_on: datetime.date


@dataclass(frozen=True, slots=True)
class DayLink:
    """Another day that can be filled in or changed."""

    date: datetime.date
    has_entry: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class CheckInPage:
    date: datetime.date
    is_today: bool
    is_closed: bool
    can_change: bool
    is_ahead: bool
    is_before: bool
    has_entry: bool
    asks_session: bool
    may_rest: bool
    stage: str
    initial: dict
    flags: tuple[Question, ...]
    asks_all_flags: bool
    changes: tuple[Change, ...]
    days: tuple[DayLink, ...]


@dataclass(frozen=True, slots=True)
class SavedPage:
    """After saving: the outlook of an open day, or what a correction changed."""

    date: datetime.date
    is_today: bool
    lines: tuple[EntryLine, ...]
    changes: tuple[Change, ...]
    tag: Tag | None
    reason: str
    corrected: tuple[DecisionRow, ...]
    is_closed: bool


def check_in_page(*, enrolment: Enrolment, date: datetime.date | None, now: datetime.datetime) -> CheckInPage:
    """What the form of that date asks, by default of the runner's own today."""
    reading = read(enrolment, now)
    date = date or reading.today
    entry = DiaryEntry.objects.filter(enrolment=enrolment, date=date).first()
    stage = _stage_on(enrolment, date)
    planned = PlannedSession.objects.filter(enrolment=enrolment, date=date).exists()
    wanted = _plan_wants(reading, date, stage)
    asks_all = _asks_all_flags(reading, date)
    return CheckInPage(
        date=date,
        is_today=date == reading.today,
        is_closed=date <= enrolment.decided_through,
        can_change=oldest_day(enrolment) <= date <= reading.today,
        is_ahead=date > reading.today,
        is_before=date < enrolment.started_on,
        has_entry=entry is not None,
        asks_session=planned or wanted or (entry is not None and entry.session in _PLANNED_ONLY),
        may_rest=not wanted,
        stage=enrolment.version.stage_title(stage),
        initial=_initial(entry) if entry else {},
        flags=_flags(entry, asks_all),
        asks_all_flags=asks_all,
        changes=_changes(entry, enrolment.runner.zone),
        days=_days(reading),
    )


def saved_page(*, enrolment: Enrolment, date: datetime.date, now: datetime.datetime) -> SavedPage | None:
    """What is known after saving; None where nothing was recorded of that date."""
    reading = read(enrolment, now)
    entry = DiaryEntry.objects.filter(enrolment=enrolment, date=date).first()
    if entry is None:
        return None
    is_next = date == enrolment.open_date
    outlook = reading.decide_open_day() if is_next else None
    is_closed = date <= enrolment.decided_through
    return SavedPage(
        date=date,
        is_today=date == reading.today,
        lines=entry_lines(reading.entry(date)),
        changes=_changes(entry, enrolment.runner.zone),
        tag=DECISIONS[outlook.outcome] if outlook else None,
        reason=outlook.reason if outlook else "",
        corrected=_corrected(enrolment, date) if is_closed else (),
        is_closed=is_closed,
    )


def oldest_day(enrolment: Enrolment) -> datetime.date:
    """The oldest date that may still be changed."""
    oldest = enrolment.decided_through - datetime.timedelta(days=CORRECTION_DAYS - 1)
    return max(oldest, enrolment.started_on)


def entry_lines(entry: Entry) -> tuple[EntryLine, ...]:
    """An entry in words, in the order of the form; empty where nothing was logged.

    What nobody ticked is left out: "none" would look like an answer. Nor is a
    session missing on a day that planned none.
    """
    if entry.missing:
        return ()
    lines = [_score("morning", entry.morning), _score("rest", entry.rest)]
    if entry.session or entry.planned:
        lines.append(_line("session", entry.session, is_missing=entry.session is None))
    if entry.has_session:
        lines += [_score("during", entry.during), _score("after", entry.after)]
        lines += [_line("warmup", entry.warmup)] if entry.warmup != Warmup.NONE else []
        lines += [_line("limp", entry.limp)] if entry.limp else []
    lines += [_line("leg", entry.leg)] if entry.leg != Leg.NONE else []
    lines += [_line("red_flags", entry.red_flags)] if entry.red_flags else []
    return tuple(lines)


_PLANNED_ONLY = (SessionKind.SKIPPED, SessionKind.SKIPPED_PAIN)


def _stage_on(enrolment: Enrolment, date: datetime.date) -> str:
    """The stage that the runner stood on: of a closed day the ledger knows it (one query)."""
    if date > enrolment.decided_through:
        return enrolment.stage
    decision = enrolment.decisions.in_force().filter(date=date).newest_first().first()
    return decision.stage_before if decision else enrolment.stage


def _plan_wants(reading: Reading, date: datetime.date, stage: str) -> bool:
    """Does the plan of that date ask for a session? The first day has no plan on record."""
    if date == reading.today and not reading.is_closed:
        return reading.plan().has_session
    programme = reading.snapshot.programme
    is_rest = programme.stages[programme.positions[stage]].is_rest
    return date == reading.enrolment.started_on and not is_rest


def _flags(entry: DiaryEntry | None, asks_all: bool) -> tuple[Question, ...]:
    """The signs to tick; one that was reported already is among them, or saving would lose it."""
    reported = entry.red_flags if entry else ()
    return tuple(q for q in red_flag_questions() if asks_all or q.is_daily or q.code in reported)


def _asks_all_flags(reading: Reading, date: datetime.date) -> bool:
    """All warning signs after a long gap and after a pause, the daily ones otherwise."""
    if date != reading.today:
        return False
    gap = introductions()["red_flags"]["gap_days"]["value"]
    if reading.facts().missing_before_today >= gap:
        return True
    cleared = [a.date for a in reading.history.overrides if a.kind == OverrideKind.CLEAR_PAUSE]
    entries, today = reading.history.entries.items(), date.toordinal()
    logged = [day for day, entry in entries if entry.logged and day < today]
    # Until an entry of a later date; one of the same date may be from before the pause ended.
    return bool(cleared) and max(cleared).toordinal() >= max(logged, default=0)


def _score(name: str, score: int | None) -> EntryLine:
    return _line(name, score, is_missing=score is None)


def _line(name: str, value, *, is_missing: bool = False) -> EntryLine:
    return EntryLine(FIELDS[name], value_words(name, value), is_missing)


def _initial(entry: DiaryEntry) -> dict:
    return {name: getattr(entry, name) for name in FIELDS}


def _days(reading: Reading) -> tuple[DayLink, ...]:
    """Days that can be changed, newest first."""
    days, date = [], reading.today
    while date >= oldest_day(reading.enrolment):
        has_entry = not reading.entry(date).missing
        days.append(DayLink(date, has_entry, date <= reading.enrolment.decided_through))
        date -= datetime.timedelta(days=1)
    return tuple(days)


def _changes(entry: DiaryEntry | None, zone: zoneinfo.ZoneInfo) -> tuple[Change, ...]:
    """Changes made after the day was decided, newest first (one query)."""
    if entry is None:
        return ()
    revisions = list(EntryRevision.objects.filter(entry=entry, after_close=True).order_by("-replaced_at"))
    changes, later = [], _initial(entry)
    for revision in revisions:
        changed_on = local_date(revision.replaced_at, zone)
        changes += [
            Change(FIELDS[name], value_words(name, was), value_words(name, later[name]), changed_on)
            for name, was in revision.values.items()
            if name in FIELDS and was != later[name]
        ]
        later = later | revision.values
    return tuple(changes)


def _corrected(enrolment: Enrolment, since: datetime.date) -> tuple[DecisionRow, ...]:
    """Decisions in force that a correction has put in place from that date on (one query)."""
    rows = enrolment.decisions.in_force().filter(date__gte=since, trigger=Trigger.CORRECTION).newest_first()
    return tuple(decision_row(row, enrolment.version) for row in rows)
