"""Weeks as columns: sessions as cells one on the other, minutes as bars."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.axis import Tick, date_ticks, english
from programs.charts.frame import Days, Frame
from programs.charts.pain import Label

WIDE = Frame(width=720, height=210, left=34, right=10, top=22, bottom=42, scale=1, letter=6.6)
NARROW = Frame(width=320, height=190, left=30, right=4, top=22, bottom=42, scale=1, letter=6.4)
#: How a session ended, from the foot of a column upwards.
ENDS = ("done", "part", "stopped", "open")
WIDEST = 34.0
#: Room of a column in which a number over it can be read.
ROOM_FOR_NUMBERS = 17.0
FEWEST_CELLS = 4


@dataclass(frozen=True, slots=True)
class SessionWeek:
    """Of one week how many sessions ended how; ``counts`` in the order of ``ENDS``."""

    first: datetime.date
    counts: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class RunWeek:
    """Minutes of one week; None is not recorded, and never zero.

    ``unknown`` runs have no minutes: then the sum is of those that have.
    """

    first: datetime.date
    recorded: int | None = None
    as_planned: int | None = None
    longest: int | None = None
    unknown: int = 0

    @property
    def total(self) -> int | None:
        known = [minutes for minutes in (self.recorded, self.as_planned) if minutes is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Part:
    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One week. ``number`` is written over it where there is room, at ``number_y``."""

    x: float
    middle: float
    width: float
    parts: tuple[Part, ...]
    number: str
    number_y: float
    values: str
    longest_y: float | None = None
    unknown_y: float | None = None


@dataclass(frozen=True, slots=True)
class ColumnsGeometry:
    frame: Frame
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    date_ticks: tuple[Tick, ...]
    first: str


def sessions_geometry(weeks: Sequence[SessionWeek], frame: Frame, label: Label = english) -> ColumnsGeometry:
    """Each session a cell, so that done of planned can be counted."""
    most = max([sum(week.counts) for week in weeks] + [FEWEST_CELLS])
    return _geometry(weeks, frame, label, most, _cells, step=1 if most <= 7 else 2)


def runs_geometry(weeks: Sequence[RunWeek], frame: Frame, label: Label = english) -> ColumnsGeometry:
    """Minutes as bars: recorded below, as planned above."""
    step = step_of(max([week.total or 0 for week in weeks] + [1]))
    highest = step * max(math.ceil(max([week.total or 0 for week in weeks] + [1]) / step), 2)
    return _geometry(weeks, frame, label, highest, _bars, step)


def step_of(highest: float) -> int:
    """A round number of which at most five reach the highest."""
    return next((step for step in (5, 10, 15, 20, 30, 60, 120, 300) if highest <= 5 * step), 600)


@dataclass(frozen=True, slots=True)
class _Scale:
    frame: Frame
    highest: float

    def y(self, value: float) -> float:
        return round(self.frame.plot_bottom - value / self.highest * self.frame.plot_height, 1)

    def part(self, kind: str, low: float, high: float, x: float, width: float) -> Part:
        top = self.y(high)
        return Part(kind, x, top, width, round(self.y(low) - top, 1))


def _geometry(weeks, frame: Frame, label: Label, highest: float, make, step: int) -> ColumnsGeometry:
    places, scale = Days(frame, len(weeks)), _Scale(frame, highest)
    width = round(min(places.pitch * 0.72, WIDEST), 1)
    has_numbers = places.pitch >= ROOM_FOR_NUMBERS
    return ColumnsGeometry(
        frame=frame,
        columns=tuple(
            make(week, places.middle(at), width, scale, has_numbers) for at, week in enumerate(weeks)
        ),
        ticks=tuple(Tick(scale.y(value), str(value)) for value in range(0, int(highest) + 1, step)),
        date_ticks=date_ticks([week.first for week in weeks], places, label),
        first=weeks[0].first.isoformat() if weeks else "",
    )


def _cells(week: SessionWeek, middle: float, width: float, scale: _Scale, has_numbers: bool) -> Column:
    cells, top, x = [], 0, round(middle - width / 2, 1)
    for kind, count in zip(ENDS, week.counts, strict=True):
        for _ in range(count):
            whole = scale.part(kind, top, top + 1, x, width)
            cells.append(Part(kind, x, round(whole.y + 1, 1), width, round(whole.height - 2, 1)))
            top += 1
    return Column(
        x=x,
        middle=middle,
        width=width,
        parts=tuple(cells),
        number="",
        number_y=0,
        values="/".join(map(str, week.counts)),
    )


def _bars(week: RunWeek, middle: float, width: float, scale: _Scale, has_numbers: bool) -> Column:
    recorded, planned = week.recorded or 0, week.as_planned or 0
    parts = [("recorded", 0, recorded), ("as-planned", recorded, recorded + planned)]
    values = (week.recorded, week.as_planned, week.longest, week.unknown)
    top, x = scale.y(week.total or 0), round(middle - width / 2, 1)
    return Column(
        x=x,
        middle=middle,
        width=width,
        parts=tuple(scale.part(kind, low, high, x, width) for kind, low, high in parts if high > low),
        number=str(week.total) if has_numbers and week.total is not None else "",
        number_y=round(top - 7, 1),
        values="/".join("-" if value is None else str(value) for value in values),
        longest_y=None if week.longest is None else scale.y(week.longest),
        unknown_y=scale.frame.plot_bottom - 7 if week.unknown else None,
    )
