"""A score over months as one line: as far apart as the days on which it was answered."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.lines import Point, path_of

WIDTH, HEIGHT = 320, 170
LEFT, RIGHT, TOP, BOTTOM = 34, 14, 12, 30
#: Room that the label of a date needs.
LABEL_ROOM = 80


@dataclass(frozen=True, slots=True)
class ScoreDot:
    x: float
    y: float
    date: datetime.date
    has_label: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class ScoreTick:
    y: float
    value: int


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """``dots`` are in order of time; a response without a score has none."""

    view_box: str
    left: int
    right: int
    foot: int
    label_y: int
    path: str
    dots: tuple[ScoreDot, ...]
    ticks: tuple[ScoreTick, ...]


def score_line(scores: Sequence[tuple[datetime.date, int]], span: tuple[int, int]) -> ScoreLine | None:
    """``scores`` in hundredths, oldest first, on a scale from ``span``; None where there is none."""
    if not scores:
        return None
    lowest, highest = span
    days = max((scores[-1][0] - scores[0][0]).days, 1)
    foot, plot = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return round(foot - plot * (value - lowest) / max(highest - lowest, 1), 1)

    def x(date: datetime.date) -> float:
        if len(scores) == 1:
            return (LEFT + WIDTH - RIGHT) / 2
        return round(LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * (date - scores[0][0]).days / days, 1)

    points = [(Point(x(date), y(value / 100)), date) for date, value in scores]
    middle = (lowest + highest) // 2
    return ScoreLine(
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        left=LEFT,
        right=WIDTH - RIGHT,
        foot=foot,
        label_y=HEIGHT - 8,
        path=path_of([point for point, _ in points]) if len(points) > 1 else "",
        dots=_dots(points),
        ticks=tuple(ScoreTick(y(value), value) for value in sorted({lowest, middle, highest})),
    )


def _dots(points: Sequence[tuple[Point, datetime.date]]) -> tuple[ScoreDot, ...]:
    """The first and the last date are named, others where their labels do not touch."""
    last = len(points) - 1
    named = [0]
    for number in range(1, last + 1):
        x, end = points[number][0].x, points[last][0].x
        has_room = x - points[named[-1]][0].x >= LABEL_ROOM
        if has_room and (number == last or end - x >= LABEL_ROOM):
            named.append(number)
    return tuple(
        ScoreDot(point.x, point.y, date, number in named, _anchor(number, last))
        for number, (point, date) in enumerate(points)
    )


def _anchor(number: int, last: int) -> str:
    """Labels at the edges stay inside the picture."""
    if last == 0 or 0 < number < last:
        return "middle"
    return "start" if number == 0 else "end"
