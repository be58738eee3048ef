"""Days as the database tells them in one text, made entries: each answer once, and then found by its text.

Answers are kept without their dates: most people answer alike day after day,
so they are few, and stay near the processor where a text for each date would not.
"""

import json
from bisect import bisect_left
from types import SimpleNamespace
from typing import NamedTuple

from programs.engine.daily import daily_value
from programs.engine.entry import Entry
from programs.engine.packed_entries import entries_from, said, shown
from programs.engine.records import entry_to_json
from programs.engine.snapshot import State
from programs.noted import notes_of
from programs.rows import OLDER_SESSIONS
from programs.services.closing.dates import Kept
from programs.services.closing.reading import PART, READ_DAYS, SAID
from programs.snapshots import WINDOW_DAYS, check_in_of

#: A day as it is told begins with its ordinal and ``PART``; so many digits for a thousand years to come.
_DIGITS = 6
#: Answers that are kept: more than a few programmes have.
_MOST = 20_000
#: Any date, to see that a short form is read back as what it was made of.
_SOME_DAY = "2000-01-01"


class Answer(NamedTuple):
    """An entry, and how it stands in stored inputs: as canonical JSON, and in short (None: it has none)."""

    entry: Entry
    json: str
    word: str | None
    stage: str | None
    #: The same without the session that was planned; None where none was.
    plain: "Answer | None" = None
    #: The same with a session that was planned; None where one was.
    planned: "Answer | None" = None


class Window(NamedTuple):
    """Days (ordinals, in order) with what each counts as."""

    days: list[int]
    answers: list[Answer]


def _answer(entry: Entry, plain: Answer | None = None, planned: Answer | None = None) -> Answer:
    """Raises ValueError where the short form would not be read back as the same entry."""
    stored = entry_to_json(entry)
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"))
    word, stage = said(entry), shown(entry.stage_shown)
    if word is None or stage is None:
        return Answer(entry, text, None, None, plain, planned)
    if entries_from(f"{_SOME_DAY.replace('-', '')}{word}{stage}") != {_SOME_DAY: stored}:
        # Not what it says: an error is logged.
        raise ValueError("the short form of a day is not read back as it was")
    return Answer(entry, text, word, stage, plain, planned)


def _score(text: str) -> int | None:
    return int(text) if text else None


def _learn(text: str) -> Answer:
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
    notes = notes_of(noted)
    plain, planned = (daily_value(check_in_of(row, on), notes) for on in (False, True))
    return _both(plain, planned)


def _both(plain: Entry, planned: Entry) -> Answer:
    """Without the session that was planned, and with it one step away."""
    return _answer(plain, planned=_answer(planned, plain=_answer(plain)))


def _ordinal(digits: str) -> int:
    if not digits.isdigit():
        raise ValueError("a day as it is told begins with another number than was thought")
    return int(digits)


_answers = Kept(_learn, _MOST)
_ordinals = Kept(_ordinal, _MOST)
_UNSAID = _both(
    Entry(missing=True, session=None, planned=False), Entry(missing=True, session=None, planned=True)
).planned


def window_of(text: str | None, planned: list[int] | None) -> Window:
    """Days with what they count as. Raises what the engine raises."""
    parts = text.split(SAID) if text else []
    days = [_ordinals[part[:_DIGITS]] for part in parts]
    if days != sorted(days):
        raise ValueError("the days of a window come in another order than that of their dates")
    answers = [_answers[part[_DIGITS + 1 :]] for part in parts]
    for day in planned or ():
        place = bisect_left(days, day)
        if place < len(days) and days[place] == day:
            answers[place] = answers[place].planned
        else:
            days.insert(place, day)
            answers.insert(place, _UNSAID)
    return Window(days, answers)


def needed(found: Window, day: int, state: State, stage: str) -> Window | None:
    """The days that a decision can read, as ``snapshots.kept_entries`` keeps them.

    None where something may be older than what was read, and still be asked for.
    """
    first = day - READ_DAYS + 1
    place = bisect_left(found.days, day - WINDOW_DAYS + 1)
    if not place:
        return None if state.started < first else found
    wanted, logged, sessions = _older(found, place, state, stage)
    if state.started < first and (not logged or (state.entered < first and sessions < OLDER_SESSIONS)):
        return None
    return _with_older(found, place, wanted)


def needed_of_all(found: Window, day: int, state: State, stage: str) -> Window:
    """The same where all days were read."""
    place = bisect_left(found.days, day - WINDOW_DAYS + 1)
    return _with_older(found, place, _older(found, place, state, stage)[0])


def _older(found: Window, place: int, state: State, stage: str) -> tuple[set[int], bool, int]:
    """Of the days before a place the newest with a check-in, and the newest sessions with the mornings after.

    As places; beside them, whether there was such a check-in, and how many such sessions.
    """
    days, answers = found
    wanted, sessions, logged = set(), 0, False
    for at in range(place - 1, -1, -1):
        entry = answers[at][0]
        if not logged and entry.logged:
            logged = True
            wanted.add(at)
        if sessions == OLDER_SESSIONS or days[at] < state.entered:
            if logged:
                break
        elif entry.has_session and (entry.stage_shown is None or entry.stage_shown == stage):
            sessions += 1
            wanted.add(at)
            if at + 1 < place and days[at + 1] == days[at] + 1:
                wanted.add(at + 1)
    return wanted, logged, sessions


def _with_older(found: Window, place: int, wanted: set[int]) -> Window:
    days, answers = found
    older = sorted(wanted)
    # No rule asks what was planned so long ago.
    plain = [answers[at].plain or answers[at] for at in older]
    return Window([days[at] for at in older] + days[place:], plain + answers[place:])
