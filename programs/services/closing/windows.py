"""Days as the database tells them in one text, made entries: each once, and then found by that text."""

import json
from functools import lru_cache
from typing import NamedTuple

from programs.engine.daily import Note, daily_value
from programs.engine.entry import Entry
from programs.engine.packed_entries import entries_from, said, shown
from programs.engine.records import entry_to_json
from programs.engine.snapshot import State
from programs.engine.values import Occasion, Site
from programs.models import DiaryEntry
from programs.rows import OLDER_SESSIONS
from programs.services.closing.dates import iso_of
from programs.services.closing.reading import PART, READ_DAYS, SAID
from programs.snapshots import WINDOW_DAYS, check_in_of

#: Texts that are kept: three weeks of the few hundred answers that most days have, and as many answers.
_MOST = 60_000


class Written(NamedTuple):
    """An entry, and how it stands in the stored inputs: as canonical JSON, and in short."""

    entry: Entry
    json: str
    word: str | None
    stage: str | None


class Told(NamedTuple):
    """One day, with and without a session that was planned."""

    day: int
    plain: Written
    planned: Written


_told: dict[str, Told] = {}
#: Any date, to see that a short form is read back as what it was made of.
_SOME_DAY = "2000-01-01"


def _undated(entry: Entry) -> Written:
    """Without its date. Raises ValueError where the short form would not be read back as the same entry."""
    stored = entry_to_json(entry)
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"))
    word, stage = said(entry), shown(entry.stage_shown)
    if word is None or stage is None:
        return Written(entry, text, None, None)
    if entries_from(f"{_SOME_DAY.replace('-', '')}{word}{stage}") != {_SOME_DAY: stored}:
        raise ValueError(f"{word}{stage} is not {stored}")
    return Written(entry, text, word, stage)


def _dated(day: int, one: Written) -> Written:
    date = iso_of(day)
    word = None if one.word is None else date.replace("-", "") + one.word
    return Written(one.entry, f'"{date}":{one.json}', word, one.stage)


def _score(text: str) -> int | None:
    return int(text) if text else None


@lru_cache(maxsize=_MOST // 4)
def _answers(text: str) -> tuple[Written, Written]:
    """What a text without its date counts as, as ``snapshots.entry_of`` makes it of a row."""
    morning, rest, session, during, after, warmup, limp, leg, sites, noted, flags, stage = text.split(PART)
    row = DiaryEntry(
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
        occasion, site, score = note.split(" ")
        notes.append(Note(Occasion(occasion), Site(site), int(score)))
    plain, planned = (_undated(daily_value(check_in_of(row, how), notes)) for how in (False, True))
    return plain, planned


def _learn(part: str) -> Told:
    day, _, text = part.partition(PART)
    plain, planned = _answers(text)
    if len(_told) >= _MOST:
        _told.clear()
    told = _told[part] = Told(int(day), _dated(int(day), plain), _dated(int(day), planned))
    return told


@lru_cache(maxsize=256)
def _unsaid(day: int, planned: bool) -> Written:
    return _dated(day, _undated(Entry(missing=True, session=None, planned=planned)))


def days_of(text: str | None, planned: list[int] | None) -> tuple[dict[int, Written], dict[int, Told]]:
    """Day -> what it counts as, and the same as it was told. Raises what the engine raises."""
    on, days, told = frozenset(planned or ()), {}, {}
    for part in text.split(SAID) if text else ():
        one = _told.get(part) or _learn(part)
        day = one.day
        told[day] = one
        days[day] = one.planned if day in on else one.plain
    for day in on:
        if day not in days:
            days[day] = _unsaid(day, True)
    return days, told


def reaches_back(days: dict[int, Written], day: int, state: State, stage: str) -> bool:
    """May something be older than what was read, and still be asked for?"""
    first = day - READ_DAYS + 1
    if state.started >= first:
        return False
    since = day - WINDOW_DAYS + 1
    older = [one.entry for k, one in days.items() if k < since]
    if not any(entry.logged for entry in older):
        return True
    sessions = sum(entry.has_session and entry.stage_shown in (None, stage) for entry in older)
    return state.entered < first and sessions < OLDER_SESSIONS


def kept_days(
    days: dict[int, Written], told: dict[int, Told], day: int, state: State, stage: str
) -> list[tuple[int, Written]]:
    """The days that a decision can read, in order: as ``snapshots.kept_entries`` keeps them."""
    since = day - WINDOW_DAYS + 1
    kept = [k for k in days if k >= since]
    if len(kept) < len(days):
        kept += _older_days(days, since, state, stage)
    kept.sort()
    return [(k, days[k] if k >= since else _not_planned(k, told)) for k in kept]


def _not_planned(day: int, told: dict[int, Told]) -> Written:
    return told[day].plain if day in told else _unsaid(day, False)


def _older_days(days: dict[int, Written], since: int, state: State, stage: str) -> set[int]:
    wanted, sessions, logged = set(), 0, False
    for k in sorted((k for k in days if k < since), reverse=True):
        entry = days[k].entry
        if not logged and entry.logged:
            logged = True
            wanted.add(k)
        counts = k >= state.entered and entry.has_session and entry.stage_shown in (None, stage)
        if counts and sessions < OLDER_SESSIONS:
            sessions += 1
            wanted.add(k)
            if k + 1 < since and k + 1 in days:
                wanted.add(k + 1)
    return wanted
