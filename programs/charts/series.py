"""The four scores of a day as series: each with a line, a shape, and its name at the end of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.facts import SERIES, DayFacts
from programs.charts.frame import Days, Frame
from programs.charts.lines import Line, Point, line_of

#: Scores of one day stand in the order of the day, so that equal ones can be told apart.
SHIFTS = {"morning": -0.26, "rest": 0.0, "during": 0.2, "after": 0.34}
#: Room that the name of a series takes at the right edge.
NAME_HEIGHT = 15.0
#: What stands for a score that was not recorded where a machine reads the picture.
NOT_RECORDED = "-"


@dataclass(frozen=True, slots=True)
class Name:
    """Where a series is named: beside its newest score."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Series:
    """``scores`` are those of all days in order, as the picture itself says them to a machine."""

    name: str
    line: Line
    scores: str
    label: Name | None


def series_of(facts: Sequence[DayFacts], days: Days) -> tuple[Series, ...]:
    scores = {name: [getattr(day, name) for day in facts] for name in SERIES}
    labels = _labels(scores, days.frame)
    return tuple(
        Series(name, line_of(scores[name], days, SHIFTS[name]), in_a_row(scores[name]), labels.get(name))
        for name in SERIES
    )


def in_a_row(scores: Sequence[int | None]) -> str:
    return " ".join(NOT_RECORDED if score is None else str(score) for score in scores)


def _labels(scores: dict[str, list[int | None]], frame: Frame) -> dict[str, Name]:
    """Names beside the newest scores, moved apart where they would cover each other."""
    newest = {name: next((s for s in reversed(row) if s is not None), None) for name, row in scores.items()}
    wanted = sorted((frame.y(score), name) for name, score in newest.items() if score is not None)
    heights = apart([height for height, _ in wanted], NAME_HEIGHT, frame.plot_bottom)
    return {
        name: Name(frame.plot_right + 8, height) for (_, name), height in zip(wanted, heights, strict=True)
    }


def apart(heights: Sequence[float], room: float, foot: float) -> list[float]:
    """The same heights, from the top down, at least ``room`` from each other and not below the foot."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + room) if placed else height)
    limit = foot
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = round(min(placed[at], limit), 1)
        limit = placed[at] - room
    return placed


def flares_of(facts: Sequence[DayFacts], days: Days) -> tuple[Point, ...]:
    """Above the waking score of a morning that was clearly worse after a session."""
    marked = ((at, day.morning) for at, day in enumerate(facts) if day.is_flare and day.morning is not None)
    return tuple(Point(days.middle(at, SHIFTS["morning"]), days.frame.y(score)) for at, score in marked)


def notes_of(facts: Sequence[DayFacts], days: Days) -> tuple[Point, ...]:
    """Extra scores of a flare, each at its height."""
    return tuple(
        Point(days.middle(at), days.frame.y(score)) for at, day in enumerate(facts) for score in day.notes
    )
