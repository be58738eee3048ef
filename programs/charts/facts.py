"""What the charts are drawn from. A score that was not recorded is None and never zero."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 0, 10
#: The four scores of a day, in the order of keys and tables.
SERIES = ("rest", "morning", "during", "after")


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One local date. ``is_missing`` marks a past day of which nothing was reported.

    ``is_flare``: waking pain clearly above the usual, after a session. ``notes``
    are scores that were written down in a flare, beside the check-in.
    """

    date: datetime.date
    rest: int | None = None
    morning: int | None = None
    during: int | None = None
    after: int | None = None
    is_missing: bool = False
    is_flare: bool = False
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFrom:
    """The step that was on the runner's page from a date on; ``short`` is its name where room is scarce."""

    date: datetime.date
    number: int
    title: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class MarkOn:
    """A decision worth a mark: ``kind`` is advance, refer, step-back, pause, person or self."""

    date: datetime.date
    kind: str


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """``days`` are consecutive dates in order; steps and marks are in order of their dates."""

    days: Sequence[DayFacts]
    steps: Sequence[StepFrom] = ()
    marks: Sequence[MarkOn] = ()
