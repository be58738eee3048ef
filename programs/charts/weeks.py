"""A long time, thinned out by week: of each score the lowest, the middle and the highest."""

import datetime
import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.axis import Tick, date_ticks, english
from programs.charts.bands import Band, Gap, bands_of, gaps_of, unnamed
from programs.charts.facts import HIGHEST, SERIES, ChartFacts, DayFacts
from programs.charts.frame import Days, Frame
from programs.charts.lines import Point, path_of, unbroken
from programs.charts.marks import Mark, listed, marks_of
from programs.charts.pain import Label
from programs.charts.series import NOT_RECORDED

WEEK = 7
#: More days than that are drawn week by week.
MOST_DAYS = 130
PANEL_ROOM = 84
#: Between the scores of one panel and the name of the next.
PANEL_HEAD = 22
PANELS = {
    "wide": Frame(
        width=720, height=72 + 4 * PANEL_ROOM + 34, left=26, right=10, top=66, bottom=42, scale=1, letter=6.6
    ),
    "narrow": Frame(
        width=320,
        height=72 + 4 * PANEL_ROOM + 34,
        left=20,
        right=4,
        top=66,
        bottom=42,
        scale=0.84,
        letter=6.4,
    ),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Scores of one kind in one week; ``days`` have one."""

    lowest: int
    median: float
    highest: int
    days: int

    @property
    def words(self) -> str:
        """As the picture says it to a machine."""
        return f"{self.lowest}/{self.median:g}/{self.highest}"


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """Monday to Sunday, as far as the days go. A series without a score has no spread."""

    first: datetime.date
    days: int
    missing: int
    spreads: dict[str, Spread | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One score over the weeks: areas from lowest to highest, and the line of the middle ones."""

    name: str
    label_y: float
    top: float
    foot: float
    areas: tuple[str, ...]
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    grid: tuple[Tick, ...]
    spreads: str


@dataclass(frozen=True, slots=True)
class WeeksGeometry:
    """Four panels over one axis."""

    frame: Frame
    bands: tuple[Band, ...]
    gaps: tuple[Gap, ...]
    panels: tuple[Panel, ...]
    marks: tuple[Mark, ...]
    date_ticks: tuple[Tick, ...]
    first: str
    missing: str
    mark_days: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(panel.name for panel in self.panels)

    @property
    def unnamed_steps(self) -> tuple[Band, ...]:
        return unnamed(self.bands)


def monday_of(date: datetime.date) -> datetime.date:
    return date - datetime.timedelta(days=date.weekday())


def weeks_of_days(days: Sequence[DayFacts]) -> tuple[WeekFacts, ...]:
    """Consecutive days as weeks."""
    grouped = itertools.groupby(days, key=lambda day: monday_of(day.date))
    return tuple(_week(monday, list(inside)) for monday, inside in grouped)


def _week(monday: datetime.date, days: list[DayFacts]) -> WeekFacts:
    spreads = {name: spread_of([getattr(day, name) for day in days]) for name in SERIES}
    return WeekFacts(monday, len(days), sum(day.is_missing for day in days), spreads)


def spread_of(scores: Sequence[int | None]) -> Spread | None:
    known = [score for score in scores if score is not None]
    if not known:
        return None
    return Spread(min(known), statistics.median(known), max(known), len(known))


def weeks_geometry(facts: ChartFacts, frame: Frame, label: Label = english) -> WeeksGeometry:
    """Days as weeks, each with the same room; steps and marks stay on their days."""
    weeks = weeks_of_days(facts.days)
    columns = Days(frame, len(weeks))
    dates = [weeks[0].first + datetime.timedelta(days=n) for n in range(WEEK * len(weeks))] if weeks else []
    days = Days(frame, len(dates))
    return WeeksGeometry(
        frame=frame,
        bands=bands_of(facts.steps, dates, days),
        gaps=gaps_of([week.missing == week.days for week in weeks], columns),
        panels=tuple(_panel(at, name, weeks, columns) for at, name in enumerate(SERIES)),
        marks=marks_of(facts.marks, dates, days),
        date_ticks=date_ticks(dates, days, label),
        first=weeks[0].first.isoformat() if weeks else "",
        missing=" ".join(str(week.missing) for week in weeks),
        mark_days=listed(facts.marks, dates),
    )


def _panel(at: int, name: str, weeks: Sequence[WeekFacts], columns: Days) -> Panel:
    top = columns.frame.top + at * PANEL_ROOM
    foot = top + PANEL_ROOM
    spreads = [week.spreads[name] for week in weeks]

    def place(column: int, score: float) -> Point:
        return Point(columns.middle(column), round(foot - score / HIGHEST * (PANEL_ROOM - PANEL_HEAD), 1))

    runs = list(unbroken(spreads))
    middles = [[place(column, spread.median) for column, spread in run] for run in runs]
    return Panel(
        name=name,
        label_y=top + PANEL_HEAD - 7,
        top=top + PANEL_HEAD,
        foot=foot,
        areas=tuple(_area(run, place, columns.pitch) for run in runs),
        paths=tuple(path_of(points) for points in middles if len(points) > 1),
        points=tuple(
            point for points in middles for point in points if columns.pitch >= 6 or len(points) == 1
        ),
        grid=tuple(Tick(place(0, score).y, str(score)) for score in (0, 5, 10)),
        spreads=" ".join(spread.words if spread else NOT_RECORDED for spread in spreads),
    )


def _area(run: Sequence[tuple[int, Spread]], place, pitch: float) -> str:
    """There along the highest and back along the lowest; a single week is a bar of its own."""
    if len(run) == 1:
        column, spread = run[0]
        high, low = place(column, spread.highest), place(column, spread.lowest)
        left, right = round(high.x - pitch / 3, 1), round(high.x + pitch / 3, 1)
        return (
            path_of([Point(left, high.y), Point(right, high.y), Point(right, low.y), Point(left, low.y)])
            + "Z"
        )
    there = [place(column, spread.highest) for column, spread in run]
    back = [place(column, spread.lowest) for column, spread in reversed(run)]
    return path_of([*there, *back]) + "Z"
