"""The days behind an impact preview: plain columns of many runners, in a fixed number of queries.

Whole rows of a thousand diaries would take longer than deciding them, so only
what the rules read is fetched. Days longer ago than the window of a decision
are left out: both editions are walked over the same days.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from programs.builder.impact import PersonsAct, Stretch
from programs.engine.daily import Note, daily_value
from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.records import state_from_json
from programs.engine.values import Occasion, Site, Trigger
from programs.models import (
    Decision,
    DiaryEntry,
    Enrolment,
    Override,
    OverrideKind,
    PainNote,
    PlannedSession,
)
from programs.snapshots import (
    CLEARS,
    WINDOW_DAYS,
    check_in_of,
    notes_in_force,
    programmes_of,
    without_stage,
)

_ANSWERS = (
    *("morning", "rest", "session", "during", "after", "warmup", "limp", "leg"),
    *("sites", "red_flags", "stage_shown"),
)
_SETS = (OverrideKind.SET_STAGE.value, OverrideKind.SELF_CLEAR.value)
#: What reading somebody's rows may raise; she is left out of the numbers then.
_UNREADABLE = (ValueError, LookupError, TypeError)


@dataclass
class _Days:
    """Of one runner: entries by day, acts by day, and states as recorded by date."""

    entries: dict[int, Entry] = field(default_factory=dict)
    acts: dict[int, PersonsAct] = field(default_factory=dict)
    states: dict[datetime.date, tuple[dict, dict | None]] = field(default_factory=dict)
    moved_on: datetime.date | None = None
    is_readable: bool = True


def stretches_of(
    of_them: QuerySet[Enrolment], since: datetime.date, until: datetime.date
) -> dict[int, Stretch | None]:
    """Enrolment id -> her closed days in that time; None where they cannot be compared. Nine queries at most.

    Of active runners of one programme, on whatever edition.
    """
    columns = ("pk", "version_id", "started_on", "decided_through")
    rows = list(of_them.order_by("pk").values_list(*columns, named=True))
    if not rows:
        return {}
    programmes = programmes_of({row.version_id for row in rows})
    days: dict[int, _Days] = defaultdict(_Days)
    _read_acts(of_them, since, days)
    _read_states(of_them, since, days)
    _read_entries(of_them, since - datetime.timedelta(days=WINDOW_DAYS), days)
    return {row.pk: _stretch(row, programmes[row.version_id], days[row.pk], since, until) for row in rows}


def _stretch(
    row, programme: Programme, days: _Days, since: datetime.date, until: datetime.date
) -> Stretch | None:
    """From the later of the first day and the day on which she came to this edition."""
    first = max(filter(None, (since, row.started_on, days.moved_on)))
    last = min(row.decided_through, until)
    recorded = days.states.get(first)
    if recorded is None or last < first or not days.is_readable:
        return None
    try:
        state = state_from_json(recorded[0])
    except _UNREADABLE:
        return None
    if state.stage > programme.last:
        return None
    return Stretch(
        programme=programme,
        state=state,
        first=first.toordinal(),
        last=last.toordinal(),
        entries=days.entries,
        first_day=row.started_on.toordinal(),
        acts=days.acts,
        signed_off=recorded[1] is not None,
    )


def _read_acts(of_them: QuerySet, since: datetime.date, days: dict[int, _Days]) -> None:
    acts = Override.objects.filter(enrolment__in=of_them, date__gte=since).order_by("made_at", "pk")
    for pk, kind, date, until, stage in acts.values_list("enrolment_id", "kind", "date", "until", "stage"):
        if kind == OverrideKind.MOVE_VERSION:
            # What came before was under another edition: it begins here.
            days[pk].acts, days[pk].moved_on = {}, date
            continue
        given = days[pk].acts.get(date.toordinal(), PersonsAct())
        days[pk].acts[date.toordinal()] = PersonsAct(
            hold_until=until.toordinal() if until else given.hold_until,
            stage=stage if kind in _SETS else given.stage,
            clear=given.clear or kind in CLEARS,
            sign_off=given.sign_off or kind == OverrideKind.SIGN_OFF,
        )


def _read_states(of_them: QuerySet, since: datetime.date, days: dict[int, _Days]) -> None:
    """Of each the state at her first day: one decision each, and one more for each move."""
    moved = Q(enrolment__overrides__kind=OverrideKind.MOVE_VERSION, enrolment__overrides__date=F("date"))
    closing = Decision.objects.in_force().filter(
        trigger__in=(Trigger.DAY_CLOSE, Trigger.CORRECTION), date__gte=since, enrolment__in=of_them
    )
    begun = closing.filter(Q(date=since) | Q(date=F("enrolment__started_on")))
    columns = ("enrolment_id", "date", "inputs__state", "inputs__signed_off")
    for pk, date, state, signed_off in (
        *begun.values_list(*columns),
        *closing.filter(moved).values_list(*columns),
    ):
        days[pk].states[date] = (state, signed_off)


def _read_entries(of_them: QuerySet, since: datetime.date, days: dict[int, _Days]) -> None:
    """What each day counts as; the same answers on the same kind of day are one entry."""
    planned: dict[int, set[datetime.date]] = defaultdict(set)
    of_days = {"enrolment__in": of_them, "date__gte": since}
    for pk, date in PlannedSession.objects.filter(**of_days).values_list("enrolment_id", "date"):
        planned[pk].add(date)
        days[pk].entries[date.toordinal()] = Entry(missing=True, session=None, planned=True)
    notes = _notes(of_them, since)
    known: dict[tuple, Entry] = {}
    rows = DiaryEntry.objects.filter(**of_days)
    for row in rows.values_list("pk", "enrolment_id", "date", *_ANSWERS, named=True).iterator():
        own, day = days[row.enrolment_id], row.date.toordinal()
        try:
            own.entries[day] = _entry(row, row.date in planned[row.enrolment_id], notes.get(row.pk), known)
        except _UNREADABLE:
            own.is_readable = False
    for own in days.values():
        if own.moved_on:
            without_stage(own.entries, own.moved_on)


def _entry(row, is_planned: bool, notes: list | None, known: dict[tuple, Entry]) -> Entry:
    answers = (is_planned, repr(row[3:]))
    check_in = known.get(answers)
    if check_in is None:
        check_in = known[answers] = check_in_of(row, is_planned)
    if not notes:
        return check_in
    counted = notes_in_force(notes)
    return daily_value(check_in, [Note(Occasion(n.occasion), Site(n.site), n.score) for n in counted])


def _notes(of_them: QuerySet, since: datetime.date) -> dict[int, list]:
    """Entry id -> its extra notes, those that were replaced since among them."""
    found: dict[int, list] = defaultdict(list)
    for note in _note_columns(of_them, since):
        found[note.entry_id].append(note)
    return found


def _note_columns(of_them: QuerySet, since: datetime.date) -> Iterator:
    notes = PainNote.objects.filter(entry__enrolment__in=of_them, entry__date__gte=since)
    return notes.values_list("pk", "entry_id", "occasion", "site", "score", "replaces_id", named=True)
