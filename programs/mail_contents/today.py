"""Today's plan in a mail, in the words of the page, and never more than it would say now."""

import datetime
from dataclasses import dataclass

from programs.engine.plan import PlanKind
from programs.selectors.plan_panel import plan_panel, rests_because_of_pain
from programs.selectors.prescription import Session
from programs.selectors.reading import Reading


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session by its title; ``minutes`` is empty where the programme gives it none."""

    title: str
    minutes: str


@dataclass(frozen=True, slots=True)
class PlanLines:
    """``sessions`` is empty where nothing may be done, or nothing is asked for."""

    heading: str
    why: str
    sessions: tuple[SessionLine, ...] = ()


def plan_of(reading: Reading, date: datetime.date) -> PlanLines | None:
    """The plan of that date; None where the page has none to show for it.

    While she is paused a mail names no plan at all: what counts is to be seen.
    """
    if reading.today != date or reading.is_closed or reading.enrolment.is_paused:
        return None
    panel = plan_panel(reading)
    if reading.plan().kind is PlanKind.PAUSED:
        return None
    # What she has told of already is not asked for once more.
    sessions = () if reading.entry(date).session is not None else panel.main
    lines = tuple(_line(session) for session in sessions)
    return PlanLines(str(panel.tag.label), panel.why, lines)


def holds_back(reading: Reading) -> bool:
    """Does the page Today name no session because of what she said of pain today, or of a pause?"""
    plan = reading.plan()
    if plan.kind is PlanKind.PAUSED or reading.waits_for_check_in:
        return True
    return plan.kind is PlanKind.REST_DAY and rests_because_of_pain(reading)


def _line(session: Session) -> SessionLine:
    return SessionLine(session.title, session.run_walk.total if session.run_walk else "")
