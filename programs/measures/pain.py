"""Pain (NPRS) by week: the mean of the days that have a score, and how it moved since the start."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from programs.measures.change import Course, Limits, course_of, limits_of
from programs.measures.scoring import rounded

DAYS = 7
#: With fewer of the seven days a mean says too little; our own choice.
ENOUGH_DAYS = 4
ONE_DAY = datetime.timedelta(days=1)
#: 2 points or 30 % of the first score; the point that 30 % must amount to is our own choice.
IMPORTANT = {
    "absolute": {"value": 2, "grade": "moderate", "source": "OSTELO", "also": ["CHILDS", "SUZUKI"]},
    "percent": {"value": 30, "grade": "moderate", "source": "OSTELO"},
    "percent_at_least": {"value": 1, "grade": "own_choice", "source": "design"},
}
LIMITS: Limits = limits_of(IMPORTANT)


class Baseline(StrEnum):
    """What the present week is compared with."""

    FIRST_WEEK = "first_week"
    INTAKE = "intake"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, or fewer where the programme is younger; ``mean`` in hundredths."""

    first: datetime.date
    last: datetime.date
    recorded: int
    mean: int | None

    @property
    def is_enough(self) -> bool:
        return self.recorded >= ENOUGH_DAYS


@dataclass(frozen=True, slots=True)
class PainChange:
    """``start`` in hundredths; ``is_early``: the present week is still the first one."""

    baseline: Baseline
    start: int | None
    now: Week
    course: Course
    is_early: bool


Scores = Mapping[datetime.date, int | None]


def week_of(scores: Scores, first: datetime.date, last: datetime.date) -> Week:
    """The mean from a date to a date, both included; days without a score are left out."""
    days = [first + day * ONE_DAY for day in range((last - first).days + 1)]
    known = [score for score in map(scores.get, days) if score is not None]
    mean = rounded(Fraction(100 * sum(known), len(known))) if known else None
    return Week(first, last, len(known), mean)


def weeks_of(scores: Scores, began: datetime.date, today: datetime.date) -> tuple[Week, ...]:
    """The weeks of the programme, oldest first; the last one may not be over."""
    starts = range(0, (today - began).days + 1, DAYS)
    ends = (min(began + (start + DAYS - 1) * ONE_DAY, today) for start in starts)
    return tuple(
        week_of(scores, began + start * ONE_DAY, end) for start, end in zip(starts, ends, strict=True)
    )


def pain_change(
    scores: Scores, *, began: datetime.date, today: datetime.date, intake: int | None
) -> PainChange:
    """The last seven days against the first full week; against the intake where that has too few days."""
    first = week_of(scores, began, began + (DAYS - 1) * ONE_DAY)
    now = week_of(scores, max(began, today - (DAYS - 1) * ONE_DAY), today)
    is_early = now.first <= first.last
    if first.is_enough:
        baseline, start = Baseline.FIRST_WEEK, first.mean
    elif intake is not None:
        baseline, start = Baseline.INTAKE, intake * 100
    else:
        baseline, start = Baseline.NONE, None
    can_tell = now.is_enough and not is_early
    course = course_of(start, now.mean if can_tell else None, LIMITS, higher_is_better=False)
    return PainChange(baseline, start, now, course, is_early)
