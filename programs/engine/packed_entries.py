"""Entries of a decision in short, as a ledger keeps them: one word for a day.

    20260316 12d11n-n-p@S3_run1_walk4

is, without the space: the date; pain on waking, at rest; the session; pain in
it, after it; the warm-up; a limp; the leg; missing; planned; then red flags,
each after ``!``, and the stage on her page after ``@`` where it is another
than the day before's. A score of 10 is ``A``, what was not recorded ``-``.
The letters never change their meaning; what does not fit is kept as it was.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from programs.engine.entry import Entry
from programs.engine.values import Leg, SessionKind, Warmup

_SCORES = {None: "-", **{score: "0123456789A"[score] for score in range(11)}}
_SESSIONS = {
    None: "-",
    SessionKind.NONE: "n",
    SessionKind.DONE: "d",
    SessionKind.PARTIAL: "p",
    SessionKind.STOPPED_PAIN: "t",
    SessionKind.SKIPPED: "s",
    SessionKind.SKIPPED_PAIN: "k",
}
_WARMUPS = {Warmup.NONE: "n", Warmup.RESOLVED: "r", Warmup.PERSISTED: "p", Warmup.RESOLVED_RETURNED: "b"}
_LEGS = {Leg.NONE: "n", Leg.ABOVE_KNEE: "a", Leg.BELOW_KNEE: "b"}
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]*")
_WORD = re.compile(
    r"(\d{4})(\d\d)(\d\d)([0-9A-])([0-9A-])([a-z-])([0-9A-])([0-9A-])([a-z])([l-])([a-z])([m-])([p-])"
    r"((?:![A-Za-z0-9_.:-]*)*)(~|@[A-Za-z0-9_.:-]*)?"
)
_BACK = {
    "score": {letter: score for score, letter in _SCORES.items()},
    "session": {letter: None if kind is None else kind.value for kind, letter in _SESSIONS.items()},
    "warmup": {letter: kind.value for kind, letter in _WARMUPS.items()},
    "leg": {letter: kind.value for kind, letter in _LEGS.items()},
}


def said(entry: Entry) -> str | None:
    """The word of a day without date and stage; None where it has none."""
    if not all(_PLAIN.fullmatch(flag) for flag in entry.red_flags):
        return None
    return "".join(
        (
            *(_SCORES[entry.morning], _SCORES[entry.rest], _SESSIONS[entry.session]),
            *(_SCORES[entry.during], _SCORES[entry.after], _WARMUPS[entry.warmup]),
            *("l" if entry.limp else "-", _LEGS[entry.leg]),
            *("m" if entry.missing else "-", "p" if entry.planned else "-"),
            *(f"!{flag}" for flag in entry.red_flags),
        )
    )


def shown(stage: str | None) -> str | None:
    """The end of a word: under which stage it was said; None where that cannot be written so."""
    if stage is None:
        return "~"
    return f"@{stage}" if _PLAIN.fullmatch(stage) else None


def packed(entries: Iterable[tuple[int, Entry]]) -> str | None:
    """Days in order with their entries, in short; None where one of them does not fit."""
    words, before = [], NotImplemented
    for day, entry in entries:
        word, stage = said(entry), shown(entry.stage_shown)
        if word is None or stage is None:
            return None
        words.append(f"{date.fromordinal(day):%Y%m%d}{word}{'' if stage == before else stage}")
        before = stage
    return " ".join(words)


def entries_from(stored: str | Mapping) -> Mapping:
    """Entries as JSON (``records.py``), however they are kept. Raises ValueError or KeyError."""
    if not isinstance(stored, str):
        return stored
    entries, stage = {}, None
    for word in stored.split():
        found = _WORD.fullmatch(word)
        if not found:
            # Not the word: an error is logged, and this is somebody's day.
            raise ValueError(f"word {len(entries) + 1} is no entry")
        year, month, day, *letters, flags, ending = found.groups()
        stage = ending if ending is not None else stage
        entries[f"{year}-{month}-{day}"] = _entry(letters, flags, stage)
    return entries


def _entry(letters: list[str], flags: str, stage: str | None) -> dict:
    """As ``entry_to_json`` has it: what was not said is left out."""
    if stage is None:
        raise ValueError("the first entry names its stage")
    morning, rest, session, during, after, warmup, limp, leg, missing, planned = letters
    score, stored = _BACK["score"], {}
    for name, letter in (("morning", morning), ("rest", rest), ("during", during), ("after", after)):
        if score[letter] is not None:
            stored[name] = score[letter]
    for name, on in (("limp", limp == "l"), ("missing", missing == "m"), ("planned", planned == "p")):
        if on:
            stored[name] = True
    if stage != "~":
        stored["stage_shown"] = stage[1:]
    for name, letter, unsaid in (("session", session, "-"), ("warmup", warmup, "n"), ("leg", leg, "n")):
        if letter != unsaid:
            stored[name] = _BACK[name][letter]
    if flags:
        stored["red_flags"] = flags[1:].split("!")
    return stored
