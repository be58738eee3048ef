"""What a pain chart is drawn from. A score that was not recorded is None and never zero."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 0, 10


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One local date. ``is_missing`` marks a past day of which nothing was reported."""

    date: datetime.date
    rest: int | None = None
    morning: int | None = None
    during: int | None = None
    after: int | None = None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class StepFrom:
    """The step that was on the runner's page from a date on."""

    date: datetime.date
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class MarkOn:
    """A decision worth a mark: ``kind`` is advance, step-back, pause or person."""

    date: datetime.date
    kind: str


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """``days`` are consecutive dates in order; steps and marks are in order of their dates."""

    days: Sequence[DayFacts]
    steps: Sequence[StepFrom] = ()
    marks: Sequence[MarkOn] = ()
