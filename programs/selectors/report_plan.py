"""What the present step asks for, in a line for each of its parts."""

from django.utils.translation import gettext as _

from programs.models import Enrolment
from programs.selectors.ladder import ladder_of_runner
from programs.selectors.prescription import Session

MOST_LINES = 5


def plan_lines(enrolment: Enrolment) -> tuple[str, ...]:
    """Three queries at most. While it is paused, or after its end, nothing is asked for."""
    if not enrolment.is_active:
        return ()
    if enrolment.is_paused:
        return (_("Nothing until the pause has ended: no run and no exercise."),)
    step = ladder_of_runner(enrolment).current
    return tuple(_line(session) for session in step.sessions[:MOST_LINES]) if step else ()


def _line(session: Session) -> str:
    title = f"{session.title} ({session.how_often})" if session.how_often else session.title
    outing = [*session.run_walk.lines, session.run_walk.total] if session.run_walk else []
    parts = [*outing, *(f"{one.title} {one.dose}".strip() for one in session.exercises), *session.advice]
    return f"{title}: {'; '.join(part.rstrip('.。') for part in parts)}." if parts else title
