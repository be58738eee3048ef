"""How long a run of the last stage may be today, in whole minutes.

At most a tenth longer than the longest run of the last 30 days (Frandsen
2025), never longer than the stage allows, and with the week at most a tenth
above the fullest week of that time. Minutes that were not recorded are not
guessed: without any record the stage's own run stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LOOK_BACK_DAYS = 30
WEEK = 7


class LimitedBy(StrEnum):
    """What makes the number what it is."""

    LONGEST_RUN = "longest_run"
    STAGE = "stage"
    WEEK = "week"
    NO_RECORD = "no_record"


@dataclass(frozen=True, slots=True)
class RunRules:
    """From the stage's document: minutes of its own run, its cap, and growth in percent."""

    own_run: int
    cap: int
    run_growth: int
    week_growth: int
    runs_a_week: int


@dataclass(frozen=True, slots=True)
class RunLimit:
    """``minutes`` for today; ``longest_on`` is the day ordinal of the run that it is measured by."""

    minutes: int
    by: LimitedBy
    longest: int | None = None
    longest_on: int | None = None
    week_so_far: int = 0
    week_limit: int | None = None


def run_limit(runs: Mapping[int, int], today: int, rules: RunRules) -> RunLimit:
    """The limit of today from day ordinal -> minutes run; today's own run is not looked at."""
    known = {day: minutes for day, minutes in runs.items() if today - LOOK_BACK_DAYS <= day < today}
    so_far = sum(minutes for day, minutes in known.items() if day > today - WEEK)
    if not known:
        return RunLimit(min(rules.own_run, rules.cap), LimitedBy.NO_RECORD)
    longest_on = max(known, key=lambda day: (known[day], day))
    longest = known[longest_on]
    minutes, by = _grown(longest, rules.run_growth), LimitedBy.LONGEST_RUN
    if minutes >= rules.cap:
        minutes, by = rules.cap, LimitedBy.STAGE
    most = _week_limit(known, today, rules)
    if most - so_far < minutes:
        minutes, by = max(most - so_far, 0), LimitedBy.WEEK
    return RunLimit(minutes, by, longest, longest_on, so_far, most)


def _grown(minutes: int, percent: int) -> int:
    return minutes * (100 + percent) // 100


def _week_limit(known: Mapping[int, int], today: int, rules: RunRules) -> int:
    """A tenth above the fullest seven days before these seven; never less than the stage's own week."""
    first, last = today - LOOK_BACK_DAYS, today - WEEK
    week = fullest = sum(known.get(day, 0) for day in range(first, first + WEEK))
    for day in range(first + WEEK, last + 1):
        week += known.get(day, 0) - known.get(day - WEEK, 0)
        fullest = max(fullest, week)
    return max(_grown(fullest, rules.week_growth), rules.own_run * rules.runs_a_week)
