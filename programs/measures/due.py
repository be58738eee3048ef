"""When a questionnaire is asked: at the intake, every two weeks, and at the end. It never blocks anything."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

EVERY_DAYS = 14
#: So long an invitation to name activities stands on the home page; our own choice.
INVITED_DAYS = 14


class Occasion(StrEnum):
    INTAKE = "intake"
    FORTNIGHT = "fortnight"
    END = "end"


@dataclass(frozen=True, slots=True)
class Answered:
    """The dates of the newest response, and of the newest one at the end."""

    last: datetime.date | None = None
    last_at_end: datetime.date | None = None


def final_since(stages: Sequence[dict], stage: str, entered_on: datetime.date) -> datetime.date | None:
    """Since when the last stage of the programme is reached; None before."""
    newest = stages[-1]
    return entered_on if newest["key"] == stage and newest["kind"] == "final" else None


def due(answered: Answered, *, final: datetime.date | None, today: datetime.date) -> Occasion | None:
    """Which occasion is due today. After the one at the end none is, while the last stage lasts."""
    if answered.last is None:
        return Occasion.INTAKE
    is_time = (today - answered.last).days >= EVERY_DAYS
    if final is None:
        return Occasion.FORTNIGHT if is_time else None
    if answered.last_at_end is not None and answered.last_at_end >= final:
        return None
    return Occasion.END if is_time or answered.last < final else None


def occasion_of(answered: Answered, *, final: datetime.date | None) -> Occasion:
    """What a response given now is called, whether it was due or not."""
    if answered.last is None:
        return Occasion.INTAKE
    return Occasion.FORTNIGHT if final is None else Occasion.END
