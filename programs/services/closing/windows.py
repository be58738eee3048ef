"""Days as the database tells them in one text, made entries: each once, and then found by that text."""

import json
from functools import lru_cache
from operator import itemgetter
from sys import intern
from types import SimpleNamespace
from typing import NamedTuple

from programs.engine.daily import Note, daily_value
from programs.engine.entry import Entry
from programs.engine.packed_entries import entries_from, said, shown
from programs.engine.records import entry_to_json
from programs.engine.snapshot import State
from programs.engine.values import Occasion, Site
from programs.rows import OLDER_SESSIONS
from programs.services.closing.dates import iso_of
from programs.services.closing.reading import PART, READ_DAYS, SAID
from programs.snapshots import WINDOW_DAYS, check_in_of

#: Texts that are kept: three weeks of the few hundred answers that most days have, and as many answers.
_MOST = 60_000


class Written(NamedTuple):
    """An entry, and how it stands in the stored inputs: as canonical JSON, and in short (None: it has none).

    ``opened`` is the short form with its stage, as the first of that stage is written.
    """

    entry: Entry
    json: str
    word: str | None
    opened: str | None
    stage: str | None


class Day(NamedTuple):
    """The same with its date (an ordinal, first, so that days sort), made once for all who said the same."""

    day: int
    entry: Entry
    json: str
    word: str | None
    opened: str | None
    stage: str | None
    #: The day without the session that was planned; None where none was.
    plain: "Day | None" = None


#: One day as it was told: its ordinal, without and with a session that was planned.
Told = tuple[int, Day, Day]

_told: dict[str, Told] = {}
#: Any date, to see that a short form is read back as what it was made of.
_SOME_DAY = "2000-01-01"


def _undated(entry: Entry) -> Written:
    """Without its date. Raises ValueError where the short form would not be read back as the same entry."""
    stored = entry_to_json(entry)
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"))
    word, stage = said(entry), shown(entry.stage_shown)
    if word is None or stage is None:
        return Written(entry, text, None, None, None)
    if entries_from(f"{_SOME_DAY.replace('-', '')}{word}{stage}") != {_SOME_DAY: stored}:
        # Not what it says: an error is logged.
        raise ValueError("the short form of a day is not read back as it was")
    return Written(entry, text, word, word + stage, stage)


def _dated(day: int, one: Written, plain: Day | None = None) -> Day:
    date = iso_of(day)
    text, short = f'"{date}":{one.json}', date.replace("-", "")
    if one.word is None:
        return Day(day, one.entry, text, None, None, None, plain)
    # One object for a stage, so that two of them are compared at once.
    return Day(day, one.entry, text, short + one.word, short + one.opened, intern(one.stage), plain)


def _score(text: str) -> int | None:
    return int(text) if text else None


@lru_cache(maxsize=_MOST // 4)
def _answers(text: str) -> tuple[Written, Written]:
    """What a text without its date counts as, as ``snapshots.entry_of`` makes it of a row."""
    morning, rest, session, during, after, warmup, limp, leg, sites, noted, flags, stage = text.split(PART)
    # Not the model: making one of it takes longer than all the rest.
    row = SimpleNamespace(
        morning=_score(morning),
        rest=_score(rest),
        session=session or None,
        during=_score(during),
        after=_score(after),
        warmup=warmup,
        limp=bool(limp),
        leg=leg,
        sites=[sites] if sites else [],
        red_flags=json.loads(flags) if flags else [],
        stage_shown=stage,
    )
    notes = []
    for note in filter(None, noted.split(",")):
        occasion, site, score, times = note.split(" ")
        notes += [Note(Occasion(occasion), Site(site), int(score))] * int(times)
    plain, planned = (_undated(daily_value(check_in_of(row, how), notes)) for how in (False, True))
    return plain, planned


def _learn(part: str) -> Told:
    day, _, text = part.partition(PART)
    plain, planned = _answers(text)
    if len(_told) >= _MOST:
        _told.clear()
    without = _dated(int(day), plain)
    told = _told[part] = (int(day), without, _dated(int(day), planned, without))
    return told


@lru_cache(maxsize=256)
def _unsaid(day: int, planned: bool) -> Day:
    plain = _unsaid(day, False) if planned else None
    return _dated(day, _undated(Entry(missing=True, session=None, planned=planned)), plain)


_ordinal = itemgetter(0)


def days_of(text: str | None, planned: list[int] | None) -> list[Day]:
    """Days with what they count as, in order. Raises what the engine raises."""
    known = _told.get
    told = [known(part) or _learn(part) for part in text.split(SAID)] if text else []
    on = set(planned or ())
    days = [with_plan if day in on else plain for day, plain, with_plan in told]
    on.difference_update(map(_ordinal, told))
    if on:
        days += [_unsaid(day, True) for day in on]
    days.sort(key=_ordinal)
    return days


def reaches_back(days: list[Day], day: int, state: State, stage: str) -> bool:
    """May something be older than what was read, and still be asked for?"""
    first = day - READ_DAYS + 1
    if state.started >= first:
        return False
    since = day - WINDOW_DAYS + 1
    logged, sessions = False, 0
    for one in days:
        if one[0] >= since:
            break
        entry = one[1]
        logged = logged or entry.logged
        sessions += entry.has_session and entry.stage_shown in (None, stage)
    return not logged or (state.entered < first and sessions < OLDER_SESSIONS)


def kept_days(days: list[Day], day: int, state: State, stage: str) -> list[Day]:
    """The days that a decision can read, in order: as ``snapshots.kept_entries`` keeps them."""
    since = day - WINDOW_DAYS + 1
    if not days or days[0][0] >= since:
        return days
    place = next((i for i, one in enumerate(days) if one[0] >= since), len(days))
    older = days[:place]
    wanted = _older_days(older, state, stage)
    # No rule asks what was planned so long ago.
    return [one.plain or one for one in older if one[0] in wanted] + days[place:]


def _older_days(older: list[Day], state: State, stage: str) -> set[int]:
    """The newest with a check-in, and the newest sessions of the stage with the mornings after them."""
    wanted, sessions, logged = set(), 0, False
    for one in reversed(older):
        day, entry = one[0], one[1]
        if not logged and entry.logged:
            logged = True
            wanted.add(day)
        if sessions < OLDER_SESSIONS and entry.has_session and day >= state.entered:
            own = entry.stage_shown in (None, stage)
            sessions += own
            wanted.update((day, day + 1) if own else ())
    return wanted
