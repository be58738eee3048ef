"""Diaries of a whole caseload: what triage and the outlook read of them, and nothing else.

A list of 200 runners has thousands of days. So the days of a runner come as one
text (``accounts.lines``), which is taken apart only where it is not known yet;
days that say the same share one entry, and what lies before the window is
fetched only for runners of whom a rule could ask it.
"""

import datetime
import functools
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import CharField, DateField, F, Q, QuerySet, Value

from accounts.among import Among, given_ids
from accounts.kept import Kept
from accounts.lines import Line, Lines, Ordinal, document, number, number_of, rows_of, word
from accounts.statements import Given, Statement
from programs.engine.daily import Note, daily_value
from programs.engine.entry import Entry
from programs.engine.values import Leg, Occasion, SessionKind, Site, Warmup
from programs.models import DiaryEntry, Enrolment, Override, OverrideKind, PainNote, PlannedSession
from programs.rows import OLDER_SESSIONS, wanted_of_older
from programs.selectors.act_rows import act_of, place_of, with_who_made_it
from programs.snapshots import WINDOW_DAYS, History, notes_in_force, without_stage

#: What a faulty row makes a reader raise. Such a runner must stay on the list.
FAULTY = (ValueError, LookupError, TypeError, AttributeError)
#: Enrolments whose open day is further behind than this have a window of their own.
_BEHIND = 1
_WINDOW = WINDOW_DAYS - 1
_DAY = Line(
    *(Ordinal("date"), number("morning"), number("rest"), word("session"), number("during"), number("after")),
    *("warmup", "limp", "leg", "stage_shown", document("red_flags"), document("sites")),
)
_PLANNED = Entry(missing=True, session=None, planned=True)
_MISSING = Entry(missing=True, session=None)
_OF_ENROLMENT = place_of(Override, "enrolment_id")
_NOTHING = "[]"
_TRUE = ("t", "1")
#: Enrolment id -> first day of its window, as an ordinal.
Windows = dict[int, int]


class Diary(NamedTuple):
    """All that was read of one runner, as it was read: equal where nothing has changed."""

    since: int
    days: str
    planned: str
    older: str
    notes: tuple["_Note", ...]
    acts: tuple[tuple, ...]


class _Note(NamedTuple):
    """What counts of an extra note."""

    pk: int
    enrolment_id: int
    day: int
    occasion: str
    site: str
    score: int | None
    replaces_id: int | None


def diaries_of(enrolments: list[Enrolment]) -> dict[int, History]:
    """Enrolment id -> entries and acts; one whose rows cannot be read is left out. Four queries at most."""
    found = {}
    for pk, diary in read_diaries(enrolments).items():
        try:
            found[pk] = history_of(diary)
        except FAULTY:
            continue
    return found


# --- from the database ------------------------------------------------------------------
def read_diaries(enrolments: list[Enrolment]) -> dict[int, Diary]:
    """Enrolment id -> its rows. Four queries at most."""
    windows = _windows(enrolments)
    days, planned = _in_windows(windows)
    asked = {
        e.id: windows[e.id]
        for e in enrolments
        if asks_further_back(e, windows[e.id], days.get(e.id, ""), planned.get(e.id, ""))
    }
    older = dict(_before(asked)) if asked else {}
    notes = _grouped(_notes.rows(ids=windows, asked=asked, first=_date(min(windows.values()))), 1)
    acts = _grouped(_acts.rows(ids=windows), _OF_ENROLMENT)
    return {
        pk: Diary(
            *(since, days.get(pk, ""), planned.get(pk, ""), older.get(pk, "")),
            *(tuple(map(_Note._make, notes.get(pk, ()))), tuple(acts.get(pk, ()))),
        )
        for pk, since in windows.items()
    }


def _grouped(rows: Iterable[tuple], place: int) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    for row in rows:
        found[row[place]].append(row)
    return found


def _windows(enrolments: list[Enrolment]) -> Windows:
    """As far back as a decision of the open day looks; few that lag do not lengthen the others'."""
    open_days = {e.id: e.decided_through.toordinal() + 1 for e in enrolments}
    usual = max(open_days.values()) - _BEHIND - _WINDOW
    return {pk: min(day - _WINDOW, usual) for pk, day in open_days.items()}


def _in_windows(windows: Windows) -> tuple[dict[int, str], dict[int, str]]:
    """Enrolment id -> its days, and those for which a session was planned; of those that lag longer ago."""
    usual = max(windows.values())
    behind = [pk for pk, since in windows.items() if since < usual]
    found: tuple[dict, dict] = ({}, {})
    first = min(windows.values())
    for pk, which, text in _within.rows(ids=windows, behind=behind, usual=_date(usual), first=_date(first)):
        found[which == "planned"][pk] = text
    return found


@Statement
def _within() -> QuerySet:
    """Days from ``usual`` on, and of those that lag from ``first`` on; both tables in one query."""
    usual, first = Given("usual", DateField()), Given("first", DateField())
    in_window = Q(date__gte=usual) | Q(Among("enrolment", given_ids("behind")))
    of_them = Q(Among("enrolment", given_ids()), in_window, date__gte=first)
    days = _texts(DiaryEntry.objects.filter(of_them), _DAY, "days")
    planned = _texts(PlannedSession.objects.filter(of_them), Line(Ordinal("date")), "planned")
    return days.union(planned, all=True)


def _texts(rows: QuerySet, line: Line, which: str) -> QuerySet:
    """Enrolment, which rows these are, and they as one text."""
    rows = rows.order_by().values("enrolment_id").annotate(which=Value(which, CharField()), text=Lines(line))
    return rows.values_list("enrolment_id", "which", "text")


def _before(windows: Windows) -> Iterable[tuple[int, str]]:
    """Hardly ever do windows differ; a statement is kept for those that do not."""
    firsts = set(windows.values())
    if len(firsts) == 1:
        return _before_all.rows(ids=windows, since=_date(firsts.pop()))
    return _older_texts(DiaryEntry.objects.filter(_before_each(windows)))


@Statement
def _before_all() -> QuerySet:
    of_them = DiaryEntry.objects.filter(Among("enrolment", given_ids()), date__lt=Given("since", DateField()))
    return _older_texts(of_them)


def _older_texts(older: QuerySet) -> QuerySet:
    rows = older.filter(wanted_of_older(older)).order_by().values("enrolment_id")
    return rows.annotate(text=Lines(_DAY)).values_list("enrolment_id", "text")


def _before_each(windows: Windows) -> Q:
    """One condition for all with the same window."""
    of_day = defaultdict(list)
    for pk, since in windows.items():
        of_day[since].append(pk)
    parts = (Q(Among("enrolment", ids), date__lt=_date(since)) for since, ids in of_day.items())
    return functools.reduce(Q.__or__, parts)


@Statement
def _notes() -> QuerySet:
    """Extra notes beside the entries that were read: hardly a day has one."""
    of_window = Q(Among("entry__enrolment", given_ids()), entry__date__gte=Given("first", DateField()))
    rows = PainNote.objects.filter(of_window | Q(Among("entry__enrolment", given_ids("asked"))))
    rows = rows.annotate(enrolment_id=F("entry__enrolment_id"), day=Ordinal("entry__date"))
    return rows.order_by("pk").values_list(*_Note._fields)


@Statement
def _acts() -> QuerySet:
    acts = Override.objects.filter(Among("enrolment", given_ids())).order_by("made_at", "pk")
    return with_who_made_it(acts)


def _date(ordinal: int) -> datetime.date:
    return datetime.date.fromordinal(ordinal)


# --- taken apart ------------------------------------------------------------------------
def history_of(diary: Diary) -> History:
    """Entries and acts. Raises one of ``FAULTY`` where a row cannot be read."""
    entries = _entries(diary.since, diary.days, diary.planned)
    planned = {day for day, entry in entries.items() if entry.planned}
    for day, *said in rows_of(diary.older):
        entries[int(day)] = _entry(tuple(said), int(day) in planned)
    _add_notes(entries, diary.notes)
    history = History(entries=entries, overrides=[act_of(Override, row) for row in diary.acts])
    for act in history.overrides:
        if act.kind == OverrideKind.MOVE_VERSION:
            without_stage(entries, act.date)
    return history


def _entries(since: int, days: str, planned: str) -> dict[int, Entry]:
    """Day -> what is planned, and what was said of it, from ``since`` on."""
    entries = {int(day): _PLANNED for (day,) in rows_of(planned) if int(day) >= since}
    for day, *said in rows_of(days):
        if int(day) >= since:
            entries[int(day)] = _entry(tuple(said), int(day) in entries)
    return entries


@functools.lru_cache(maxsize=20_000)
def _entry(said: tuple[str, ...], planned: bool) -> Entry:
    """As ``snapshots.check_in_of``. An entry cannot be changed, so days that say the same may share one."""
    morning, rest, session, during, after, warmup, limp, leg, stage_shown, flags, sites = said
    morning, rest = number_of(morning), number_of(rest)
    unsaid = morning is None and rest is None and not session
    if unsaid and leg == Leg.NONE and flags == _NOTHING and sites == _NOTHING:
        return _PLANNED if planned else _MISSING
    return Entry(
        morning=morning,
        rest=rest,
        session=SessionKind(session) if session else None,
        during=number_of(during),
        after=number_of(after),
        warmup=Warmup(warmup),
        limp=limp in _TRUE,
        leg=Leg(leg),
        red_flags=() if flags == _NOTHING else tuple(json.loads(flags)),
        planned=planned,
        stage_shown=stage_shown,
    )


def _add_notes(entries: dict[int, Entry], notes: tuple[_Note, ...]) -> None:
    of_day = defaultdict(list)
    for note in notes:
        # Of a day before the window only where that was asked for, too.
        if note.day in entries:
            of_day[note.day].append(note)
    for day, found in of_day.items():
        counted = notes_in_force(found)
        noted = [Note(Occasion(note.occasion), Site(note.site), note.score) for note in counted]
        entries[day] = daily_value(entries[day], noted)


_asked = Kept(most=4000)


def asks_further_back(enrolment: Enrolment, since: int, days: str, planned: str) -> bool:
    """Could a rule ask for what lies before the window? Of days that cannot be read none does.

    The last logged day, where none is in it; the last two sessions of the
    stage, where the runner has been on it for longer and had fewer since.
    """
    began, entered = enrolment.started_on.toordinal() < since, enrolment.stage_entered_on.toordinal() < since
    if not began and not entered:
        return False
    key = (since, days, planned, enrolment.decided_through, enrolment.stage, began, entered)
    return _asked.of(key, lambda: _asks(*key))


def _asks(
    since: int, days: str, planned: str, decided: datetime.date, stage: str, began: bool, entered: bool
) -> bool:
    try:
        entries = _entries(since, days, planned)
    except FAULTY:
        return False
    before = [entry for day, entry in entries.items() if day <= decided.toordinal()]
    if not any(entry.logged for entry in before):
        return began
    sessions = sum(entry.has_session and entry.stage_shown in (None, stage) for entry in before)
    return entered and sessions < OLDER_SESSIONS
