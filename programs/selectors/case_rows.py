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
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from django.db.models import DateField, Q, QuerySet, Value

from accounts.among import Among, given_ids
from accounts.kept import Kept
from accounts.lines import Line, Ordinal, document, number, number_of, rows_of, word
from accounts.statements import Given, Statement
from programs.engine.daily import Note, daily_value
from programs.engine.entry import Entry
from programs.engine.values import Leg, Occasion, SessionKind, Site, Warmup
from programs.models import DiaryEntry, Enrolment, Override, OverrideKind, PainNote, PlannedSession
from programs.rows import OLDER_SESSIONS, wanted_of_older
from programs.selectors.act_rows import acts_of, with_who_made_it
from programs.selectors.case_texts import Texts, grouped, texts_of, together
from programs.snapshots import WINDOW_DAYS, History, notes_in_force, without_stage

#: What a faulty row makes a reader raise. Such a runner must stay on the list.
FAULTY = (ValueError, LookupError, TypeError, AttributeError)
#: Enrolments whose open day is further behind than this have a window of their own.
_BEHIND = 1
_WINDOW = WINDOW_DAYS - 1
_PLANNED = Entry(missing=True, session=None, planned=True)
_MISSING = Entry(missing=True, session=None)
#: An empty list, and how the column tells of it; and the same of what is true.
_NOTHING, _TRUE = ("[]", ""), ("1", "l")
#: Enrolment id -> first day of its window, as an ordinal.
Windows = dict[int, int]


class _Said(Line):
    """A day as one text; PostgreSQL keeps it in a column that no model knows (migration 0016)."""

    def as_postgresql(self, compiler, connection, **context):
        of_the_day = self.source_expressions[-1]
        return f'{connection.ops.quote_name(of_the_day.alias)}."said"', []


_DAY = _Said(
    *(Ordinal("date"), word("morning"), word("rest"), word("session"), word("during"), word("after")),
    # In the column stand here notes of the day, which are read beside it.
    *("warmup", "limp", "leg", document("sites"), Value(""), document("red_flags"), "stage_shown"),
)


class _Note(NamedTuple):
    """What counts of an extra note."""

    pk: int
    day: int
    occasion: str
    site: str
    score: int | None
    replaces_id: int | None


# --- from the database ------------------------------------------------------------------
def windows_of(enrolments: list[Enrolment]) -> Windows:
    """As far back as a decision of the open day looks; few that lag do not lengthen the others'."""
    open_days = {e.id: e.decided_through.toordinal() + 1 for e in enrolments}
    usual = max(open_days.values()) - _BEHIND - _WINDOW
    return {pk: min(day - _WINDOW, usual) for pk, day in open_days.items()}


def given_of(windows: Windows) -> dict[str, object]:
    """What the texts of ``diary_texts`` are asked with, besides the ids."""
    usual = max(windows.values())
    behind = [pk for pk, since in windows.items() if since < usual]
    return {"usual": _date(usual), "behind": behind, "first": _first(windows)}


def diary_texts() -> Iterable[QuerySet]:
    """Days and then plans of the windows, extra notes from the first of them on, and all acts."""
    usual, first = Given("usual", DateField()), Given("first", DateField())
    # Apart from those that lag: asked with "or", every day of all was looked at twice.
    recent = Q(Among("enrolment", given_ids()), date__gte=usual)
    lagging = Q(Among("enrolment", given_ids("behind")), date__gte=first, date__lt=usual)
    for of_them in (recent, lagging):
        yield grouped(DiaryEntry.objects.filter(of_them), _DAY, "days")
    for of_them in (recent, lagging):
        yield grouped(PlannedSession.objects.filter(of_them), Line(Ordinal("date")), "planned")
    yield _notes(Q(Among("entry__enrolment", given_ids()), entry__date__gte=first), "notes")
    acts = Override.objects.filter(Among("enrolment", given_ids()))
    yield grouped(acts, with_who_made_it(Override), "acts")


def _notes(of_them: Q, which: str) -> QuerySet:
    """Hardly a day has one."""
    line = Line("pk", Ordinal("entry__date"), "occasion", "site", number("score"), number("replaces_id"))
    return grouped(PainNote.objects.filter(of_them), line, which, enrolment="entry__enrolment_id")


def read_older(enrolments: list[Enrolment], windows: Windows, texts: Texts) -> Texts:
    """What lies before the window of those of whom a rule could ask it; one query, where there are any."""
    asked = {}
    for enrolment in enrolments:
        of_her, since = texts[enrolment.id], windows[enrolment.id]
        if asks_further_back(enrolment, since, of_her.get("days", ""), of_her.get("planned", "")):
            asked[enrolment.id] = since
    return texts_of(asked, _older(asked, _first(windows))) if asked else {}


def _older(windows: Windows, first: datetime.date) -> Iterable[tuple]:
    """Hardly ever do windows differ; a statement is kept for those that do not."""
    firsts = set(windows.values())
    if len(firsts) == 1:
        return _before_all.rows(ids=windows, since=_date(firsts.pop()), first=first)
    return _older_texts(_before_each(windows), list(windows), first)


@Statement
def _before_all() -> QuerySet:
    of_them = Q(Among("enrolment", given_ids()), date__lt=Given("since", DateField()))
    return _older_texts(of_them, given_ids(), Given("first", DateField()))


def _older_texts(of_them: Q, ids: list[int] | Given, first: datetime.date | Given) -> QuerySet:
    """What a rule may ask of the days before the window, and the notes that were not read with it."""
    older = DiaryEntry.objects.filter(of_them)
    wanted = grouped(older.filter(wanted_of_older(older)), _DAY, "older")
    return together(wanted, _notes(Q(Among("entry__enrolment", ids), entry__date__lt=first), "older_notes"))


def _before_each(windows: Windows) -> Q:
    """One condition for all with the same window."""
    of_day = defaultdict(list)
    for pk, since in windows.items():
        of_day[since].append(pk)
    parts = (Q(Among("enrolment", ids), date__lt=_date(since)) for since, ids in of_day.items())
    return functools.reduce(Q.__or__, parts)


def _first(windows: Windows) -> datetime.date:
    return _date(min(windows.values()))


def _date(ordinal: int) -> datetime.date:
    return datetime.date.fromordinal(ordinal)


# --- taken apart ------------------------------------------------------------------------
def history_of(since: int, texts: Mapping[str, str]) -> History:
    """Entries and acts of one runner. Raises one of ``FAULTY`` where a row cannot be read."""
    said = texts.get
    entries = _entries(since, said("days", ""), said("planned", ""))
    planned = {day for day, entry in entries.items() if entry.planned}
    for day, words in _days(said("older", "")):
        entries[day] = _entry(words, day in planned)
    _add_notes(entries, [*_noted(said("notes", "")), *_noted(said("older_notes", ""))])
    acts = sorted(acts_of(Override, said("acts", "")), key=lambda act: (act.made_at, act.pk))
    for act in acts:
        if act.kind == OverrideKind.MOVE_VERSION:
            without_stage(entries, act.date)
    return History(entries=entries, overrides=acts)


def _entries(since: int, days: str, planned: str) -> dict[int, Entry]:
    """Day -> what is planned, and what was said of it, from ``since`` on."""
    entries = {int(day): _PLANNED for (day,) in rows_of(planned) if int(day) >= since}
    for day, said in _days(days):
        if day >= since:
            entries[day] = _entry(said, day in entries)
    return entries


def _days(text: str) -> Iterator[tuple[int, tuple]]:
    """Each day, and what was said of it."""
    for day, *said in rows_of(text):
        yield int(day), tuple(said)


@functools.lru_cache(maxsize=20_000)
def _entry(said: tuple, planned: bool) -> Entry:
    """As ``snapshots.check_in_of``. An entry cannot be changed, so days that say the same may share one."""
    morning, rest, session, during, after, warmup, limp, leg, sites, _noted, flags, stage_shown = said
    morning, rest = _score(morning), _score(rest)
    unsaid = morning is None and rest is None and not session
    if unsaid and leg == Leg.NONE and flags in _NOTHING and sites in _NOTHING:
        return _PLANNED if planned else _MISSING
    return Entry(
        morning=morning,
        rest=rest,
        session=SessionKind(session) if session else None,
        during=_score(during),
        after=_score(after),
        warmup=Warmup(warmup),
        limp=limp in _TRUE,
        leg=Leg(leg),
        red_flags=() if flags in _NOTHING else tuple(json.loads(flags)),
        planned=planned,
        stage_shown=stage_shown,
    )


def _score(text: str) -> int | None:
    return int(text) if text else None


def _noted(text: str) -> Iterator[_Note]:
    for pk, day, occasion, site, score, replaces in rows_of(text):
        yield _Note(int(pk), int(day), occasion, site, number_of(score), number_of(replaces))


def _add_notes(entries: dict[int, Entry], notes: list[_Note]) -> None:
    of_day = defaultdict(list)
    for note in sorted(notes):
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
    return _asked.of(key, _asks, *key)


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
