"""Diaries of a whole caseload: what triage and the outlook read of them, and nothing else.

A list of 200 runners has thousands of days. So no row becomes an object of the
database, days that say the same share one entry, and what lies before the
window is fetched only for runners of whom a rule could ask it.
"""

import datetime
import functools
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import DateField, F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.among import Among, given_ids
from accounts.statements import Given, Statement
from programs.engine.daily import Note, daily_value
from programs.engine.entry import Entry
from programs.engine.values import Leg, Occasion, SessionKind, Site, Warmup
from programs.models import DiaryEntry, Enrolment, Override, OverrideKind, PainNote
from programs.rows import OLDER_SESSIONS, SAYS_NOTHING, dates_of, wanted_of_older
from programs.selectors.act_rows import act_of, with_who_made_it
from programs.snapshots import WINDOW_DAYS, History, notes_in_force, without_stage

#: What a faulty row makes a reader raise. Such a runner must stay on the list.
FAULTY = (ValueError, LookupError, TypeError, AttributeError)
#: Enrolments whose open day is further behind than this have a window of their own.
_BEHIND = datetime.timedelta(days=1)
_WINDOW = datetime.timedelta(days=WINDOW_DAYS - 1)
_SAID = ("morning", "rest", "session", "during", "after", "warmup", "limp", "leg", "stage_shown", "flags")
_COLUMNS = ("enrolment_id", "date", "nothing", *_SAID)
_PLANNED = Entry(missing=True, session=None, planned=True)
_NO_FLAGS = "[]"
#: Enrolment id -> first day of its window.
Windows = dict[int, datetime.date]


class _Note(NamedTuple):
    """What counts of an extra note."""

    pk: int
    enrolment_id: int
    date: datetime.date
    occasion: str
    site: str
    score: int | None
    replaces_id: int | None


def diaries_of(enrolments: list[Enrolment]) -> dict[int, History]:
    """Enrolment id -> entries and acts; one whose rows cannot be read is left out. Five queries at most."""
    windows = _windows(enrolments)
    first = min(windows.values())
    dates = dates_of(list(windows), first)
    found = {pk: History(choices=dates[pk].choices) for pk in windows}
    for pk, history in found.items():
        planned = (date.toordinal() for date in dates[pk].planned if date >= windows[pk])
        history.entries = dict.fromkeys(planned, _PLANNED)
    reading = _Reading(found)
    reading.rows(_in_windows(windows, first))
    asked = {e.pk: windows[e.pk] for e in enrolments if _asks_further_back(e, found[e.pk], windows[e.pk])}
    if asked:
        reading.rows(_before(asked))
    reading.notes(map(_Note._make, _notes.rows(ids=windows, asked=asked, first=first)))
    for act in (act_of(Override, row) for row in _acts.rows(ids=windows)):
        found[act.enrolment_id].overrides.append(act)
        if act.kind == OverrideKind.MOVE_VERSION:
            without_stage(found[act.enrolment_id].entries, act.date)
    return {pk: history for pk, history in found.items() if pk not in reading.unreadable}


def _windows(enrolments: list[Enrolment]) -> Windows:
    """As far back as a decision of the open day looks; few that lag do not lengthen the others'."""
    usual = max(enrolment.open_date for enrolment in enrolments) - _BEHIND - _WINDOW
    return {e.pk: min(e.open_date - _WINDOW, usual) for e in enrolments}


def _in_windows(windows: Windows, first: datetime.date) -> list[tuple]:
    usual = max(windows.values())
    behind = [pk for pk, since in windows.items() if since < usual]
    rows = _within.rows(ids=windows, behind=behind, usual=usual, first=first)
    return [row for row in rows if row[1] >= windows[row[0]]] if behind else rows


@Statement
def _within() -> QuerySet:
    """Days from ``usual`` on, and of those that lag from ``first`` on."""
    usual, first = Given("usual", DateField()), Given("first", DateField())
    in_window = Q(date__gte=usual) | Q(Among("enrolment", given_ids("behind")))
    return _columns(DiaryEntry.objects.filter(Among("enrolment", given_ids()), in_window, date__gte=first))


def _before(windows: Windows) -> Iterable[tuple]:
    """Hardly ever do windows differ; a statement is kept for those that do not."""
    firsts = set(windows.values())
    if len(firsts) == 1:
        return _before_all.rows(ids=windows, since=firsts.pop())
    older = DiaryEntry.objects.filter(_before_each(windows))
    return _columns(older.filter(wanted_of_older(older)))


@Statement
def _before_all() -> QuerySet:
    older = DiaryEntry.objects.filter(Among("enrolment", given_ids()), date__lt=Given("since", DateField()))
    return _columns(older.filter(wanted_of_older(older)))


def _before_each(windows: Windows) -> Q:
    """One condition for all with the same window."""
    of_day = defaultdict(list)
    for pk, since in windows.items():
        of_day[since].append(pk)
    parts = (Q(Among("enrolment", ids), date__lt=since) for since, ids in of_day.items())
    return functools.reduce(Q.__or__, parts)


def _columns(rows: QuerySet) -> QuerySet:
    """Flags as text: hardly a day has one, and there are thousands of days."""
    rows = rows.annotate(nothing=SAYS_NOTHING, flags=Cast("red_flags", TextField()))
    return rows.order_by().values_list(*_COLUMNS)


@Statement
def _notes() -> QuerySet:
    """Extra notes beside the entries that were read: hardly a day has one."""
    of_window = Q(Among("entry__enrolment", given_ids()), entry__date__gte=Given("first", DateField()))
    rows = PainNote.objects.filter(of_window | Q(Among("entry__enrolment", given_ids("asked"))))
    rows = rows.annotate(enrolment_id=F("entry__enrolment_id"), date=F("entry__date"))
    return rows.order_by("pk").values_list(*_Note._fields)


@Statement
def _acts() -> QuerySet:
    acts = Override.objects.filter(Among("enrolment", given_ids())).order_by("made_at", "pk")
    return with_who_made_it(acts)


class _Reading:
    """Rows, then their notes, put where they belong; ``unreadable`` are the enrolments of faulty ones."""

    def __init__(self, found: dict[int, History]) -> None:
        self.found = found
        self.unreadable: set[int] = set()

    def rows(self, rows: Iterable[tuple]) -> None:
        for row in rows:
            entries, day = self.found[row[0]].entries, row[1].toordinal()
            try:
                entries[day] = _entry(row[2:], day in entries)
            except FAULTY:
                self.unreadable.add(row[0])

    def notes(self, notes: Iterable[_Note]) -> None:
        of_entry = defaultdict(list)
        for note in notes:
            # Of a day before the window only where that was asked for, too.
            if note.date.toordinal() in self.found[note.enrolment_id].entries:
                of_entry[note.enrolment_id, note.date.toordinal()].append(note)
        for (pk, day), found in of_entry.items():
            if pk in self.unreadable:
                continue
            try:
                self.found[pk].entries[day] = _with_notes(self.found[pk].entries[day], found)
            except FAULTY:
                self.unreadable.add(pk)


@functools.lru_cache(maxsize=20_000)
def _entry(row: tuple, planned: bool) -> Entry:
    """As ``snapshots.check_in_of``. An entry cannot be changed, so days that say the same may share one."""
    nothing, morning, rest, session, during, after, warmup, limp, leg, stage_shown, flags = row
    if nothing:
        return Entry(missing=True, session=None, planned=planned)
    return Entry(
        morning=morning,
        rest=rest,
        session=SessionKind(session) if session else None,
        during=during,
        after=after,
        warmup=Warmup(warmup),
        limp=limp,
        leg=Leg(leg),
        red_flags=() if flags == _NO_FLAGS else tuple(json.loads(flags)),
        planned=planned,
        stage_shown=stage_shown,
    )


def _with_notes(entry: Entry, notes: list[_Note]) -> Entry:
    counted = notes_in_force(notes)
    return daily_value(entry, [Note(Occasion(n.occasion), Site(n.site), n.score) for n in counted])


def _asks_further_back(enrolment: Enrolment, history: History, since: datetime.date) -> bool:
    """Could a rule ask for what lies before the window?

    The last logged day, where none is in it; the last two sessions of the
    stage, where the runner has been on it for longer and had fewer since.
    """
    open_day = enrolment.open_date.toordinal()
    before = [entry for day, entry in history.entries.items() if day < open_day]
    if not any(entry.logged for entry in before):
        return enrolment.started_on < since
    on_stage = (None, enrolment.stage)
    sessions = sum(entry.has_session and entry.stage_shown in on_stage for entry in before)
    return enrolment.stage_entered_on < since and sessions < OLDER_SESSIONS
