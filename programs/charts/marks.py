"""Decisions over their days: each seen, or counted where too many stand close together."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.facts import MarkOn
from programs.charts.frame import Days

#: Room that a decision mark takes; nearer ones stand on a second level.
MARK_ROOM = 17.0
LEVELS = (54.0, 37.0)
SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Mark:
    """``count`` decisions at one place: where there is more than one, ``kind`` is several."""

    kind: str
    x: float
    y: float
    count: int = 1


def marks_of(marks: Sequence[MarkOn], dates: Sequence[datetime.date], days: Days) -> tuple[Mark, ...]:
    """Marks over their days; one that would cover its neighbour moves up a level, or joins it."""
    placed: list[Mark] = []
    free = dict.fromkeys(LEVELS, float("-inf"))
    for mark in inside(marks, dates):
        x = days.middle((mark.date - dates[0]).days)
        level = next((y for y in LEVELS if free[y] <= x), None)
        if level is None:
            last = placed.pop()
            placed.append(Mark(SEVERAL, last.x, last.y, last.count + 1))
        else:
            placed.append(Mark(mark.kind, x, level))
            free[level] = x + MARK_ROOM
    return tuple(placed)


def inside(marks: Sequence[MarkOn], dates: Sequence[datetime.date]) -> list[MarkOn]:
    return [mark for mark in marks if dates and dates[0] <= mark.date <= dates[-1]]


def listed(marks: Sequence[MarkOn], dates: Sequence[datetime.date]) -> str:
    """The same for a machine that reads the picture."""
    return " ".join(f"{mark.date.isoformat()}:{mark.kind}" for mark in inside(marks, dates))
