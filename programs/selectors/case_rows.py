"""Diaries of a whole caseload: what triage and the outlook read of them, and nothing else.

A list of 200 runners has thousands of days. So the days of a runner come as one
text (``accounts.lines``), which is taken apart only where it is not known yet;
days that say the same share one entry, and what lies before the window is
fetched only for runners of whom a rule could ask it.
"""

import datetime
import functools
import json
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import DateField, Q, QuerySet

from accounts.among import Among, given_ids
from accounts.kept import Kept
from accounts.lines import Line, Ordinal, document, rows_of, word
from accounts.statements import Given
from programs.engine.daily import daily_value
from programs.engine.entry import Entry
from programs.engine.values import Leg, SessionKind, Warmup
from programs.models import DiaryEntry, Enrolment, Override, OverrideKind, PlannedSession
from programs.noted import Noted, notes_of
from programs.rows import OLDER_SESSIONS
from programs.selectors.act_rows import acts_of, with_who_made_it
from programs.selectors.case_texts import grouped
from programs.snapshots import WINDOW_DAYS, History, without_stage

#: What a faulty row makes a reader raise. Such a runner must stay on the list.
FAULTY = (ValueError, LookupError, TypeError, AttributeError)
#: Enrolments whose open day is further behind than this have a window of their own.
_BEHIND = 1
WINDOW = WINDOW_DAYS - 1
_PLANNED = Entry(missing=True, session=None, planned=True)
_MISSING = Entry(missing=True, session=None)
#: An empty list, and how the column tells of it; and the same of what is true.
_NOTHING, _TRUE = ("[]", ""), ("1", "l")
#: Where the notes of the day stand, after the date.
_NOTED = 9
#: Enrolment id -> first day of its window, as an ordinal.
Windows = dict[int, int]


class _Said(Line):
    """A day as one text; PostgreSQL keeps it in a column that no model knows (migration 0016)."""

    def as_postgresql(self, compiler, connection, **context):
        of_the_day = self.source_expressions[-1]
        return f'{compiler.quote_name_unless_alias(of_the_day.alias)}."said"', []


DAY = _Said(
    *(Ordinal("date"), word("morning"), word("rest"), word("session"), word("during"), word("after")),
    *("warmup", "limp", "leg", document("sites"), Noted("pk"), document("red_flags"), "stage_shown"),
)


# --- from the database ------------------------------------------------------------------
def windows_of(enrolments: list[Enrolment]) -> Windows:
    """As far back as a decision of the open day looks; few that lag do not lengthen the others'."""
    open_days = {e.id: e.decided_through.toordinal() + 1 for e in enrolments}
    usual = max(open_days.values()) - _BEHIND - WINDOW
    return {pk: min(day - WINDOW, usual) for pk, day in open_days.items()}


def given_of(windows: Windows) -> dict[str, object]:
    """What the texts of ``diary_texts`` are asked with, besides the ids."""
    usual = usual_of(windows)
    behind = [pk for pk, since in windows.items() if since < usual.toordinal()]
    return {"usual": usual, "behind": behind, "first": datetime.date.fromordinal(min(windows.values()))}


def usual_of(windows: Windows) -> datetime.date:
    """Where the windows begin of those who do not lag."""
    return datetime.date.fromordinal(max(windows.values()))


def diary_texts() -> Iterable[QuerySet]:
    """Days and then plans of the windows, and all acts."""
    usual, first = Given("usual", DateField()), Given("first", DateField())
    # Apart from those that lag: asked with "or", every day of all was looked at twice.
    recent = Q(Among("enrolment", given_ids()), date__gte=usual)
    lagging = Q(Among("enrolment", given_ids("behind")), date__gte=first, date__lt=usual)
    for of_them in (recent, lagging):
        yield grouped(DiaryEntry.objects.filter(of_them), DAY, "days")
    for of_them in (recent, lagging):
        yield grouped(PlannedSession.objects.filter(of_them), document(Ordinal("date")), "planned")
    acts = Override.objects.filter(Among("enrolment", given_ids()))
    yield grouped(acts, with_who_made_it(Override), "acts")


# --- taken apart ------------------------------------------------------------------------
def history_of(since: int, texts: Mapping[str, str]) -> History:
    """Entries and acts of one runner. Raises one of ``FAULTY`` where a row cannot be read."""
    said = texts.get
    entries = _entries(since, said("days", ""), said("planned", ""))
    planned = {day for day, entry in entries.items() if entry.planned}
    for day, words in _days(said("older", "")):
        entries[day] = _entry(words, day in planned)
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
    """As ``snapshots.entry_of``. An entry cannot be changed, so days that say the same may share one."""
    return daily_value(_checked_in(said, planned), notes_of(said[_NOTED]))


def _checked_in(said: tuple, planned: bool) -> Entry:
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
