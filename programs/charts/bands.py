"""What lies behind the lines: zones of pain, steps of the programme, days without a report."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.axis import width_of
from programs.charts.facts import StepFrom
from programs.charts.frame import Days, Frame


@dataclass(frozen=True, slots=True)
class Zone:
    """A range of scores: ``name`` is quiet, amber or red."""

    name: str
    words: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """A step from ``x`` on; ``label`` is the longest of its names that fits."""

    x: float
    width: float
    label: str
    number: int
    title: str
    is_odd: bool
    starts_here: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row without a report."""

    x: float
    width: float
    days: int


_ZONES = (("red", "6–10", 5.5, 10), ("amber", "3–5", 2.5, 5.5), ("quiet", "0–2", 0, 2.5))


def zones_of(frame: Frame) -> tuple[Zone, ...]:
    return tuple(
        Zone(name, words, frame.y(high), round(frame.y(low) - frame.y(high), 1))
        for name, words, low, high in _ZONES
    )


def bands_of(steps: Sequence[StepFrom], dates: Sequence[datetime.date], days: Days) -> tuple[Band, ...]:
    """The steps that were shown on these dates, side by side and without overlap."""
    if not dates:
        return ()
    first, bands = dates[0], []
    for step, following in itertools.zip_longest(steps, steps[1:]):
        start = max((step.date - first).days, 0)
        end = min((following.date - first).days, len(dates)) if following else len(dates)
        if end > start:
            bands.append(_band(step, start, end, days, is_odd=len(bands) % 2 == 1, is_new=step.date >= first))
    return tuple(bands)


def _band(step: StepFrom, start: int, end: int, days: Days, *, is_odd: bool, is_new: bool) -> Band:
    x = days.start(start)
    width = round(days.start(end) - x, 1)
    names = (step.title, step.short or f"Step {step.number}", str(step.number))
    label = fitting(names, width - 6, days.frame.letter)
    return Band(x, width, label, step.number, step.title, is_odd, starts_here=is_new)


def fitting(names: Sequence[str], width: float, letter: float) -> str:
    """The first name that fits into the width, or nothing."""
    return next((name for name in names if width_of(name, letter) <= width), "")


def unnamed(bands: Sequence[Band]) -> tuple[Band, ...]:
    """Steps whose title did not fit, each once; the key under the picture names them."""
    short = {band.number: band for band in bands if band.label != band.title}
    return tuple(short[number] for number in sorted(short))


def gaps_of(missing: Sequence[bool], days: Days) -> tuple[Gap, ...]:
    """Missing days, those in a row as one."""
    gaps = []
    for is_missing, run in itertools.groupby(enumerate(missing), key=lambda day: day[1]):
        if is_missing:
            places = [at for at, _ in run]
            x = days.start(places[0])
            gaps.append(Gap(x, round(days.start(places[-1] + 1) - x, 1), len(places)))
    return tuple(gaps)
