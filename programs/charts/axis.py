"""Dates under a chart: few enough to be read, on days that mean something."""

import datetime
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from programs.charts.facts import HIGHEST, LOWEST
from programs.charts.frame import Days, Frame

MONDAY = 0
#: Up to so many days Mondays are named, beyond that the first days of months.
MOST_DAYS_WITH_WEEKS = 130
#: Letters of the longest label, and a little air.
LABEL_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at a place; ``anchor`` keeps the first and the last inside the picture."""

    at: float
    label: str
    anchor: str = "middle"


def score_ticks(frame: Frame) -> tuple[Tick, ...]:
    return tuple(Tick(frame.y(score), str(score)) for score in range(LOWEST, HIGHEST + 1, 2))


def english(date: datetime.date, is_month: bool) -> str:
    """How a date is written where nobody says otherwise."""
    return f"{date:%b %Y}" if is_month else f"{date.day} {date:%b}"


def date_ticks(
    dates: Sequence[datetime.date], days: Days, label: Callable[[datetime.date, bool], str] = english
) -> tuple[Tick, ...]:
    """Mondays or first days of months, thinned until their labels do not touch."""
    candidates = _candidates(dates)
    spacing = _spacing(candidates, days)
    every = math.ceil(LABEL_LETTERS * days.frame.letter / spacing) if spacing else 1
    return _apart(
        [_tick(position, dates, days, label) for position in candidates[::every]], days.frame.letter
    )


def _apart(ticks: list[Tick], letter: float) -> tuple[Tick, ...]:
    """Without those whose label would touch the one before: at the edges labels are moved."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or extent(tick, letter)[0] > extent(kept[-1], letter)[1]:
            kept.append(tick)
    return tuple(kept)


def extent(tick: Tick, letter: float) -> tuple[float, float]:
    """Left and right end of a label."""
    width = width_of(tick.label, letter)
    left = {"start": tick.at, "middle": tick.at - width / 2, "end": tick.at - width}[tick.anchor]
    return left, left + width


def width_of(words: str, letter: float) -> float:
    """Width of a text; the signs of Chinese are as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words) * letter


def _candidates(dates: Sequence[datetime.date]) -> list[int]:
    if len(dates) <= 14:
        return list(range(len(dates)))
    if len(dates) <= MOST_DAYS_WITH_WEEKS:
        return [at for at, date in enumerate(dates) if date.weekday() == MONDAY]
    return [at for at, date in enumerate(dates) if date.day == 1]


def _spacing(candidates: list[int], days: Days) -> float:
    gaps = [later - earlier for earlier, later in zip(candidates, candidates[1:], strict=False)]
    return min(gaps) * days.pitch if gaps else 0.0


def _tick(position: int, dates: Sequence[datetime.date], days: Days, label) -> Tick:
    x = days.middle(position)
    words = label(dates[position], len(dates) > MOST_DAYS_WITH_WEEKS)
    half = width_of(words, days.frame.letter) / 2
    if x - half < 0:
        return Tick(x, words, "start")
    return Tick(x, words, "end" if x + half > days.frame.width else "middle")
