"""The pain chart: everything that its picture needs, in pixels."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from programs.charts.axis import Tick, date_ticks, english, score_ticks
from programs.charts.bands import Band, Gap, Zone, bands_of, gaps_of, unnamed, zones_of
from programs.charts.facts import ChartFacts
from programs.charts.frame import Days, Frame
from programs.charts.lines import Point
from programs.charts.marks import Mark, listed, marks_of
from programs.charts.series import Series, flares_of, in_a_row, notes_of, series_of

#: Room of a day in which shapes have their full size.
ROOMY = 9.0
#: Room of a day below which lines are drawn thin.
DENSE = 3.0
Label = Callable[[datetime.date, bool], str]


@dataclass(frozen=True, slots=True)
class PainGeometry:
    """Positions of all parts; a part without data is empty.

    ``first``, ``flare_days``, ``note_scores`` and ``mark_days`` say to a machine what is drawn.
    """

    frame: Frame
    scale: float
    is_dense: bool
    zones: tuple[Zone, ...]
    bands: tuple[Band, ...]
    gaps: tuple[Gap, ...]
    series: tuple[Series, ...]
    flares: tuple[Point, ...]
    notes: tuple[Point, ...]
    marks: tuple[Mark, ...]
    date_ticks: tuple[Tick, ...]
    score_ticks: tuple[Tick, ...]
    first: str
    flare_days: str
    note_scores: str
    mark_days: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(series.name for series in self.series)

    @property
    def unnamed_steps(self) -> tuple[Band, ...]:
        return unnamed(self.bands)


def pain_geometry(facts: ChartFacts, frame: Frame, label: Label = english) -> PainGeometry:
    """Place everything in the frame. Without days the frame stands alone."""
    days = Days(frame, len(facts.days))
    dates = [day.date for day in facts.days]
    return PainGeometry(
        frame=frame,
        scale=scale_of(days),
        is_dense=days.pitch < DENSE,
        zones=zones_of(frame),
        bands=bands_of(facts.steps, dates, days),
        gaps=gaps_of([day.is_missing for day in facts.days], days),
        series=series_of(facts.days, days),
        flares=flares_of(facts.days, days),
        notes=notes_of(facts.days, days),
        marks=marks_of(facts.marks, dates, days),
        date_ticks=date_ticks(dates, days, label),
        score_ticks=score_ticks(frame),
        first=dates[0].isoformat() if dates else "",
        flare_days=" ".join(day.date.isoformat() for day in facts.days if day.is_flare),
        note_scores=" ".join(
            f"{day.date.isoformat()}:{in_a_row(day.notes)}" for day in facts.days if day.notes
        ),
        mark_days=listed(facts.marks, dates),
    )


def scale_of(days: Days) -> float:
    """Size of the shapes: smaller where days are narrow, or they would hide each other."""
    return round(days.frame.scale * (1 if days.pitch > ROOMY else max(days.pitch / ROOMY, 0.6)), 2)
