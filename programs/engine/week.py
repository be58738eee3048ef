"""Which days a runner likes to run: wishes take sessions out of the plan and never put one in.

The plan of a date says what is allowed; her wish decides whether she uses it.
So moving a session can never bring two runs together, or more runs into a
week than the stage allows, and a day off is no missed session.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from programs.engine.programme import Stage

WEEK = 7
#: ISO weekdays, from Monday.
WEEKDAYS = frozenset(range(1, WEEK + 1))


@dataclass(frozen=True, slots=True)
class Wishes:
    """``weekdays`` from 1 for Monday, none for any; ``choices`` day ordinal -> wants a session."""

    weekdays: frozenset[int] = frozenset()
    choices: Mapping[int, bool] = field(default_factory=dict)

    def wants(self, day: int) -> bool:
        """Does she want a session on that day, if the plan allows one?"""
        chosen = self.choices.get(day)
        if chosen is not None:
            return chosen
        return not self.weekdays or weekday_of(day) in self.weekdays


ANY_DAY = Wishes()


class DaysFault(StrEnum):
    """Why a choice of weekdays does not fit a stage."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TOO_CLOSE = "too_close"


def weekday_of(day: int) -> int:
    """ISO weekday of a day ordinal, 1 for Monday."""
    return datetime.date.fromordinal(day).isoweekday()


def gap_of(stage: Stage) -> int:
    """Days without a session after one, as the plan keeps them."""
    return stage.days_between or int(stage.is_running)


def fault_of_days(stage: Stage, weekdays: frozenset[int], fewest: int) -> DaysFault | None:
    """Do these weekdays fit the stage? No weekdays at all mean any day, and fit."""
    if not weekdays:
        return None
    if len(weekdays) < fewest:
        return DaysFault.TOO_FEW
    if len(weekdays) > stage.per_week:
        return DaysFault.TOO_MANY
    ordered = sorted(weekdays)
    following = [*ordered[1:], ordered[0] + WEEK]
    if any(later - day <= gap_of(stage) for day, later in zip(ordered, following, strict=True)):
        return DaysFault.TOO_CLOSE
    return None
