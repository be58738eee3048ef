"""The pain chart: everything that its picture needs, in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.axis import Tick, date_ticks, score_ticks
from programs.charts.bands import Band, Gap, Zone, bands_of, gaps_of, zones_of
from programs.charts.facts import ChartFacts, MarkOn
from programs.charts.frame import Days, Frame
from programs.charts.lines import Line, Point, line_of, points_of

#: Room that a decision mark takes; nearer ones stand on a second level.
MARK_ROOM = 17.0
LEVELS = (54.0, 37.0)
#: Room of a day in which shapes have their full size.
ROOMY = 9.0
#: Room of a day below which lines are drawn thin.
DENSE = 3.0
#: Scores of one day stand in the order of the day, so that equal ones can be told apart.
MORNING, REST, DURING, AFTER = -0.26, 0.0, 0.2, 0.34


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PainGeometry:
    """Positions of all parts; a part without data is empty."""

    frame: Frame
    scale: float
    is_dense: bool
    zones: tuple[Zone, ...]
    bands: tuple[Band, ...]
    gaps: tuple[Gap, ...]
    rest: Line
    morning: Line
    during: tuple[Point, ...]
    after: tuple[Point, ...]
    marks: tuple[Mark, ...]
    date_ticks: tuple[Tick, ...]
    score_ticks: tuple[Tick, ...]

    @property
    def unnamed_steps(self) -> tuple[Band, ...]:
        """Steps whose title did not fit, each once; the key under the picture names them."""
        unnamed = {band.number: band for band in self.bands if band.label != band.title}
        return tuple(unnamed[number] for number in sorted(unnamed))


def pain_geometry(facts: ChartFacts, frame: Frame) -> PainGeometry:
    """Place everything in the frame. Without days the frame stands alone."""
    days = Days(frame, len(facts.days))
    dates = [day.date for day in facts.days]
    return PainGeometry(
        frame=frame,
        scale=_scale(days),
        is_dense=days.pitch < DENSE,
        zones=zones_of(frame),
        bands=bands_of(facts.steps, dates, days),
        gaps=gaps_of(facts.days, days),
        rest=line_of([day.rest for day in facts.days], days, REST),
        morning=line_of([day.morning for day in facts.days], days, MORNING),
        during=points_of([day.during for day in facts.days], days, DURING),
        after=points_of([day.after for day in facts.days], days, AFTER),
        marks=_marks(facts.marks, dates, days),
        date_ticks=date_ticks(dates, days),
        score_ticks=score_ticks(frame),
    )


def _scale(days: Days) -> float:
    """Size of the shapes: smaller where days are narrow, or they would hide each other."""
    return round(days.frame.scale * (1 if days.pitch > ROOMY else max(days.pitch / ROOMY, 0.6)), 2)


def _marks(marks: Sequence[MarkOn], dates: Sequence, days: Days) -> tuple[Mark, ...]:
    """Marks over their days; one that would cover its neighbour moves up a level."""
    placed: list[Mark] = []
    for mark in marks:
        if not dates or not dates[0] <= mark.date <= dates[-1]:
            continue
        x = days.middle((mark.date - dates[0]).days)
        is_crowded = bool(placed) and placed[-1].y == LEVELS[0] and x - placed[-1].x < MARK_ROOM
        placed.append(Mark(mark.kind, x, LEVELS[1] if is_crowded else LEVELS[0]))
    return tuple(placed)
