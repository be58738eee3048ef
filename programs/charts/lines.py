"""Scores as lines and points: a line joins only days that follow each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from programs.charts.frame import Days, heights

#: With less room a day (in pixels) a point on every score would be one grey bar.
ROOM_FOR_POINTS = 6.5
Value = TypeVar("Value")


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """``paths`` hold one unbroken part each; ``points`` are those drawn with a shape."""

    paths: tuple[str, ...]
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """All parts as one path."""
        return "".join(self.paths)


def unbroken(values: Sequence[Value | None]) -> Iterator[list[tuple[int, Value]]]:
    """Runs of what was recorded as (position, value); a missing one ends a run."""
    run: list[tuple[int, Value]] = []
    for position, value in enumerate(values):
        if value is not None:
            run.append((position, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def path_of(points: Sequence[Point]) -> str:
    return "M" + " L".join([f"{x:g} {y:g}" for x, y in points])


def line_of(scores: Sequence[int | None], days: Days, shift: float = 0.0) -> Line:
    """A line with gaps. A score without neighbours is a point, or nobody would see it."""
    paths, points = [], []
    middles, high = days.middles(shift), heights(days.frame)
    for run in unbroken(scores):
        placed = [Point(middles[at], high[score]) for at, score in run]
        if len(placed) > 1:
            paths.append(path_of(placed))
        if days.pitch >= ROOM_FOR_POINTS or len(placed) == 1:
            points += placed
    return Line(tuple(paths), tuple(points))
