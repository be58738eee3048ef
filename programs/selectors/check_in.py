"""The check-in of one date: what it asks, what is known, what was corrected, and the outlook."""

import datetime
from dataclasses import dataclass

from programs.engine.decide import Decision as EngineDecision
from programs.engine.values import Leg, SessionKind, Trigger
from programs.models import DiaryEntry, Enrolment, PainNote, ProgrammeVersion
from programs.presentation import DECISIONS, FIELDS, Tag, value_words
from programs.said import said
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.decisions import DecisionRow, decision_row
from programs.selectors.editions_lived import editions_lived, title_in
from programs.selectors.entry_words import (
    Change,
    EntryLine,
    changes_of,
    check_in_lines,
    counted_lines,
    values_of,
)
from programs.selectors.library import Question, introductions, red_flag_questions
from programs.selectors.notes import NoteRow, note_rows_of
from programs.selectors.reading import Reading, read
from programs.snapshots import CLEARS, entry_of, programme_of, says_nothing


@dataclass(frozen=True, slots=True)
class DayLink:
    """Another day that can be filled in or changed."""

    date: datetime.date
    has_entry: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """``seen`` is the mark of the entry that it shows: of a form that is older, a blank is no answer."""

    date: datetime.date
    is_today: bool
    is_closed: bool
    can_change: bool
    is_ahead: bool
    is_before: bool
    has_entry: bool
    seen: str
    asks_session: bool
    may_rest: bool
    asks_minutes: bool
    stage: str
    initial: dict
    flags: tuple[Question, ...]
    asks_all_flags: bool
    notes: tuple[NoteRow, ...]
    changes: tuple[Change, ...]
    days: tuple[DayLink, ...]


@dataclass(frozen=True, slots=True)
class SavedPage:
    """After saving: the outlook of an open day, or what a correction changed."""

    date: datetime.date
    is_today: bool
    lines: tuple[EntryLine, ...]
    notes: tuple[NoteRow, ...]
    counted: tuple[EntryLine, ...]
    changes: tuple[Change, ...]
    tag: Tag | None
    reason: str
    criteria: tuple[CriterionRow, ...]
    corrected: tuple[DecisionRow, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """What is stored of one date: the row of its check-in, if there is one, and its notes."""

    row: DiaryEntry | None
    notes: list[PainNote]

    @property
    def has_check_in(self) -> bool:
        return self.row is not None and not says_nothing(self.row)


def check_in_page(
    *, enrolment: Enrolment, date: datetime.date | None, now: datetime.datetime, with_changes: bool = True
) -> CheckInPage:
    """What the form of that date asks, by default of the runner's own today.

    ``with_changes``: with what was changed that day, of which a form that is only taken needs nothing.
    """
    reading = read(enrolment, now)
    date = date or reading.today
    told = _said_on(reading, date)
    entry = told.row
    stage = _stage_on(enrolment, date)
    edition = editions_lived(enrolment, reading.history.overrides).shown_on(date, stage)
    wanted = _plan_wants(reading, date, stage)
    asks_all = _asks_all_flags(reading, date)
    return CheckInPage(
        date=date,
        is_today=date == reading.today,
        is_closed=date <= enrolment.decided_through,
        can_change=enrolment.oldest_correctable <= date <= reading.today,
        is_ahead=date > reading.today,
        is_before=date < enrolment.started_on,
        has_entry=told.has_check_in,
        seen=entry.recorded_at.isoformat() if entry else "",
        asks_session=_was_planned(reading, date) or wanted or _tells_of_plan(entry),
        may_rest=not wanted,
        asks_minutes=_has_running(edition, stage) or _has_minutes(entry),
        stage=title_in(edition, stage),
        initial=_initial(entry) if entry else {},
        flags=_flags(reading, entry, asks_all),
        asks_all_flags=asks_all,
        notes=note_rows_of(told.notes, enrolment.runner.zone),
        changes=changes_of(entry, told.notes, enrolment.runner.zone) if entry and with_changes else (),
        days=_days(reading),
    )


def saved_page(*, enrolment: Enrolment, date: datetime.date, now: datetime.datetime) -> SavedPage | None:
    """What is known after saving; None where nothing was recorded of that date."""
    reading = read(enrolment, now)
    told = _said_on(reading, date)
    if told.row is None:
        return None
    outlook = reading.decide_open_day() if date == enrolment.open_date else None
    is_closed = date <= enrolment.decided_through
    return SavedPage(
        date=date,
        is_today=date == reading.today,
        lines=check_in_lines(told.row, planned=_was_planned(reading, date)),
        notes=note_rows_of(told.notes, enrolment.runner.zone),
        counted=counted_lines(told.row, entry_of(told.row, notes=told.notes)),
        changes=changes_of(told.row, told.notes, enrolment.runner.zone),
        tag=DECISIONS[outlook.outcome] if outlook else None,
        reason=said(outlook.reason) if outlook else "",
        criteria=_criteria(enrolment, outlook) if outlook else (),
        corrected=_corrected(enrolment, date) if is_closed else (),
        is_closed=is_closed,
    )


def differences(page: CheckInPage, sent: dict) -> tuple[Change, ...]:
    """Where answers that were kept on a phone are others than those stored since: stored, then sent."""
    return tuple(
        Change(FIELDS[name], value_words(name, page.initial[name]), value_words(name, value), page.date)
        for name, value in sent.items()
        if name in page.initial and _comparable(value) != _comparable(page.initial[name])
    )


def _comparable(value):
    return sorted(value) if isinstance(value, list | tuple) else value


_PLANNED_ONLY = (SessionKind.SKIPPED, SessionKind.SKIPPED_PAIN)


def _tells_of_plan(entry: DiaryEntry | None) -> bool:
    """Only a session that was planned can be left out."""
    return entry is not None and entry.session in _PLANNED_ONLY


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
    # Of a programme that she was moved from since, nothing is asked any more.
    if date != reading.enrolment.started_on or stage not in programme.positions:
        return False
    return not programme.stages[programme.positions[stage]].is_rest


def _flags(reading: Reading, entry: DiaryEntry | None, asks_all: bool) -> tuple[Question, ...]:
    """The signs to tick; one that was reported already is among them, or saving would lose it."""
    reported = entry.red_flags if entry else ()
    asked = red_flag_questions(reading.library_edition)
    return tuple(q for q in asked if asks_all or q.is_daily or q.code in reported)


def _asks_all_flags(reading: Reading, date: datetime.date) -> bool:
    """All warning signs after a long gap and after a pause, the daily ones otherwise."""
    if date != reading.today:
        return False
    gap = introductions(reading.library_edition)["red_flags"]["gap_days"]["value"]
    if reading.facts().missing_before_today >= gap:
        return True
    cleared = [a.date for a in reading.history.overrides if a.kind in CLEARS]
    entries, today = reading.history.entries.items(), date.toordinal()
    logged = [day for day, entry in entries if entry.logged and day < today]
    # Until an entry of a later date; one of the same date may be from before the pause ended.
    return bool(cleared) and max(cleared).toordinal() >= max(logged, default=0)


def _said_on(reading: Reading, date: datetime.date) -> _Said:
    """The history holds both of a date that may be changed; an older one is fetched (two queries)."""
    day = date.toordinal()
    if date >= reading.enrolment.oldest_correctable:
        return _Said(reading.history.rows.get(day), reading.history.notes.get(day, []))
    row = DiaryEntry.objects.filter(enrolment=reading.enrolment, date=date).first()
    return _Said(row, list(row.notes.all()) if row else [])


def _was_planned(reading: Reading, date: datetime.date) -> bool:
    """What the page planned when the day began; of a day that may still be changed."""
    return reading.entry(date).planned


def _has_running(edition: ProgrammeVersion, stage: str) -> bool:
    programme = programme_of(edition)
    return stage in programme.positions and programme.stages[programme.positions[stage]].is_running


def _has_minutes(entry: DiaryEntry | None) -> bool:
    return entry is not None and entry.run_minutes is not None


def _criteria(enrolment: Enrolment, outlook: EngineDecision) -> tuple[CriterionRow, ...]:
    return criterion_rows(outlook.criteria, enrolment.version, outlook.stage_before_key)


def _initial(entry: DiaryEntry) -> dict:
    """What the form shows of an entry; one from before there were places has its leg pain as one."""
    values = values_of(entry)
    if values["leg"] != Leg.NONE and not values["sites"]:
        values["sites"] = [values["leg"]]
    return values


def _days(reading: Reading) -> tuple[DayLink, ...]:
    """Days that can be changed, newest first."""
    days, date = [], reading.today
    while date >= reading.enrolment.oldest_correctable:
        has_entry = not reading.entry(date).missing
        days.append(DayLink(date, has_entry, date <= reading.enrolment.decided_through))
        date -= datetime.timedelta(days=1)
    return tuple(days)


def _corrected(enrolment: Enrolment, since: datetime.date) -> tuple[DecisionRow, ...]:
    """Decisions in force that a correction has put in place from that date on (one query)."""
    rows = enrolment.decisions.in_force().filter(date__gte=since, trigger=Trigger.CORRECTION).newest_first()
    return tuple(decision_row(row, enrolment.version) for row in rows)
