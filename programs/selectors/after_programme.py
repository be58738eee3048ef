"""What a runner reads once her programme has ended, and before she ends it herself."""

import datetime
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.models import Discharge, DischargeOutcome, Enrolment
from programs.selectors.discharge import Reached, reached_by
from programs.selectors.letter import has_letter
from programs.selectors.pause import PausePanel, pause_panel


@dataclass(frozen=True, slots=True)
class EndedPage:
    """``by`` is empty where she left herself; ``pause`` is what still holds of an open pause."""

    date: datetime.date
    outcome: str
    is_left: bool
    by: str
    summary: str
    handed_to: str
    reached: Reached
    pause: PausePanel | None
    has_letter: bool


@dataclass(frozen=True, slots=True)
class LeavePage:
    reached: Reached
    pause: PausePanel | None


def ended_page(*, enrolment: Enrolment, now: datetime.datetime) -> EndedPage:
    """``enrolment`` comes with its discharge. At most five queries."""
    end: Discharge = enrolment.discharge
    is_left = end.outcome == DischargeOutcome.LEFT
    return EndedPage(
        date=end.date,
        outcome=end.outcome,
        is_left=is_left,
        by="" if is_left else str(end.made_by),
        summary=end.summary,
        handed_to=end.handed_to,
        reached=reached_by(enrolment, end.date),
        pause=pause_panel(enrolment, now),
        has_letter=has_letter(enrolment),
    )


def leave_page(*, enrolment: Enrolment, now: datetime.datetime) -> LeavePage:
    """At most three queries."""
    today = local_date(now, enrolment.runner.zone)
    return LeavePage(reached_by(enrolment, today), pause_panel(enrolment, now))
