"""Diaries as strings, one word a day: what a runner reported, in a form that fits on a line.

A word is ``waking/rest``, then what became of the session, then marks:

    2/1         woke with 2, 1 at rest, no session
    2/1+3,2     did it: at most 3 during and 2 after
    2/1=1,1     did it if one was planned that day, else had a rest day
    2/1~3,2     did a part    2/1!5,4   stopped because of pain
    2/1x        missed it     2/1p      missed it because of pain
    L A         pain below, above the knee     W S   warm-up soreness went, stayed     H   limped
    ?CODE       a red flag    .   a score that was not recorded    -   a day without any entry

``calm*9`` and ``sore*4`` stand for so many days after the plan with low, with
middling scores; ``run*8`` for a run every other day, which is one running step
from its first run to the calm day that ends it. ``|`` begins the day that is
still open.
"""

import itertools
import re
from dataclasses import dataclass, replace

from programs.engine.values import Leg, SessionKind, Warmup
from programs.services.diary import EntryValues

#: Waking scores with one zero a week at most: the baseline is their median.
CYCLES = {
    "calm": ["1/1=1,1", "1/2=1,2", "0/1=1,1", "1/1=2,1", "1/0=0,1", "2/1=1,1", "1/1=1,0"],
    "run": ["1/1+1,1", "1/1", "1/2+1,2", "0/1", "1/1+2,1", "1/0", "2/1+1,1", "1/1"],
    "sore": ["4/4=3,4", "4/3=3,3", "3/3=2,3", "3/4=3,3"],
}
SESSIONS = {
    "+": SessionKind.DONE,
    "=": SessionKind.DONE,
    "~": SessionKind.PARTIAL,
    "!": SessionKind.STOPPED_PAIN,
    "x": SessionKind.SKIPPED,
    "p": SessionKind.SKIPPED_PAIN,
}
LEGS = {"L": Leg.BELOW_KNEE, "A": Leg.ABOVE_KNEE}
WARMUPS = {"W": Warmup.RESOLVED, "S": Warmup.PERSISTED}
_WORD = re.compile(
    r"(?P<morning>\d+|\.)/(?P<rest>\d+|\.)"
    r"(?:(?P<session>[+=~!xp])(?:(?P<during>\d+|\.),(?P<after>\d+|\.))?)?"
    r"(?P<marks>[LAWSH]*)(?:\?(?P<flag>[A-Z_]+))?"
)


@dataclass(frozen=True, slots=True)
class Report:
    """One day's report; ``if_planned`` makes a rest day of it where no session was planned."""

    values: EntryValues
    if_planned: bool = False

    def on(self, planned: bool) -> EntryValues:
        if not self.if_planned or planned:
            return self.values
        return replace(
            self.values,
            session=SessionKind.NONE.value,
            during=None,
            after=None,
            warmup=Warmup.NONE.value,
            limp=False,
        )


@dataclass(frozen=True, slots=True)
class Script:
    """A whole diary: the closed days in order, and the open one if it has an entry."""

    closed: tuple[Report | None, ...]
    today: Report | None

    @property
    def days(self) -> tuple[Report | None, ...]:
        return (*self.closed, self.today)


def read_script(text: str) -> Script:
    """Read a diary. Raises ValueError with the word that cannot be read."""
    closed, _, today = text.partition("|")
    open_day = [_read_word(word) for word in today.split()]
    if len(open_day) > 1:
        raise ValueError(f"only one day is open: {today!r}")
    return Script(tuple(_read_word(word) for word in _expanded(closed)), open_day[0] if open_day else None)


def _expanded(text: str) -> list[str]:
    words: list[str] = []
    for word in text.split():
        cycle, star, count = word.partition("*")
        if not star:
            words.append(word)
            continue
        words += itertools.islice(itertools.cycle(CYCLES[cycle]), int(count))
    return words


def _read_word(word: str) -> Report | None:
    if word == "-":
        return None
    found = _WORD.fullmatch(word)
    if not found:
        raise ValueError(f"not a day of a diary: {word!r}")
    session, marks = found["session"], found["marks"]
    values = EntryValues(
        morning=_score(found["morning"]),
        rest=_score(found["rest"]),
        session=SESSIONS.get(session, SessionKind.NONE).value,
        during=_score(found["during"]),
        after=_score(found["after"]),
        warmup=next((WARMUPS[m].value for m in marks if m in WARMUPS), Warmup.NONE.value),
        limp="H" in marks,
        leg=next((LEGS[m].value for m in marks if m in LEGS), Leg.NONE.value),
        red_flags=(found["flag"],) if found["flag"] else (),
    )
    return Report(values, if_planned=session == "=")


def _score(text: str | None) -> int | None:
    return None if text in (None, ".") else int(text)
