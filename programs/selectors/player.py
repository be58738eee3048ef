"""The guided session: one of those that today's plan asks for, as steps, or why there is none."""

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import accumulate

from django.utils.translation import gettext

from programs.engine.plan import PlanKind
from programs.engine.session_script import exercise_steps, outing_steps
from programs.engine.values import SessionKind
from programs.models import Enrolment
from programs.selectors.intervals import duration_words
from programs.selectors.plan_panel import plan_panel
from programs.selectors.player_words import PlayerStep, clock, in_words, is_outing
from programs.selectors.prescription import Exercise, Session
from programs.selectors.reading import Reading, read


class Closed(StrEnum):
    """Why there is nothing to be led through; each has its words on the page."""

    PAUSED = "paused"
    DAY_OVER = "day_over"
    CHECK_IN_FIRST = "check_in_first"
    STOPPED = "stopped"
    NOT_TODAY = "not_today"
    RUN_DONE = "run_done"
    NO_SUCH = "no_such"


@dataclass(frozen=True, slots=True)
class ListedStep:
    """A part of the outing in the list: when it begins, and what it is."""

    starts_at: str
    step: PlayerStep


@dataclass(frozen=True, slots=True)
class PlayerPage:
    """``closed`` says why where there is nothing to play; all else is then empty."""

    date: datetime.date
    number: int
    closed: Closed | None = None
    why: str = ""
    title: str = ""
    counts: bool = False
    length: str = ""
    outing: tuple[ListedStep, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    #: All that the script needs; it asks the server for nothing.
    script: dict | None = None


def player_page(*, enrolment: Enrolment, number: int, now: datetime.datetime) -> PlayerPage:
    """Session ``number`` of today's plan, in the order of the plan; as many queries as the plan takes."""
    reading = read(enrolment, now)
    panel = plan_panel(reading)
    sessions = (*panel.main, *panel.more)
    empty = PlayerPage(reading.today, number)
    closed = _closed(reading, sessions, number)
    if closed:
        return replace(empty, closed=closed, why=panel.why)
    session = sessions[number - 1]
    outing, exercises = _steps(session)
    steps = (*outing, *exercises)
    timed = sum(step.seconds or 0 for step in steps)
    return replace(
        empty,
        title=session.title,
        counts=session.counts,
        length=_length(timed, has_untimed=any(step.big for step in steps)),
        outing=_listed(outing),
        exercises=session.exercises,
        script=_script(reading, session, steps),
    )


def _closed(reading: Reading, sessions: tuple[Session, ...], number: int) -> Closed | None:
    """Never more than the plan says: not on a day of rest, not while paused, no run twice."""
    if reading.enrolment.is_paused or reading.plan().kind is PlanKind.PAUSED:
        return Closed.PAUSED
    if reading.is_closed:
        return Closed.DAY_OVER
    if reading.waits_for_check_in:
        return Closed.CHECK_IN_FIRST
    entry = reading.entry(reading.today)
    if entry.session is SessionKind.STOPPED_PAIN:
        return Closed.STOPPED
    if not any(session.is_guided for session in sessions):
        return Closed.NOT_TODAY
    if not 1 <= number <= len(sessions) or not sessions[number - 1].is_guided:
        return Closed.NO_SUCH
    if sessions[number - 1].outing and entry.has_session:
        return Closed.RUN_DONE
    return None


def _steps(session: Session) -> tuple[list[PlayerStep], list[PlayerStep]]:
    """The steps of the outing, and those of the exercises beside or after it."""
    limit = session.most_run_seconds
    outing = outing_steps(session.outing, most_run_seconds=limit) if session.outing else ()
    exercises = [
        in_words(step, exercise)
        for exercise in session.exercises
        for step in exercise_steps(exercise.key, exercise.amount)
    ]
    return [in_words(step, None) for step in outing], exercises


def _listed(outing: list[PlayerStep]) -> tuple[ListedStep, ...]:
    starts = accumulate((step.seconds or 0 for step in outing[:-1]), initial=0)
    return tuple(ListedStep(clock(at), step) for at, step in zip(starts, outing, strict=bool(outing)))


def _length(timed: int, *, has_untimed: bool) -> str:
    """How long it takes, as far as the clock knows."""
    minutes = duration_words(60 * max(round(timed / 60), 1))
    if not timed:
        return gettext("At your own pace")
    if has_untimed:
        return gettext("About %(time)s, and what you do at your own pace") % {"time": minutes}
    return gettext("About %(time)s") % {"time": minutes}


def _script(reading: Reading, session: Session, steps: tuple[PlayerStep, ...]) -> dict:
    """``key`` names what the browser keeps: another person, day, session or text is another key."""
    rows = [asdict(step) | _moves(steps, index) for index, step in enumerate(steps)]
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]
    whose = f"{reading.enrolment.public_id}:{reading.today.isoformat()}"
    return {
        "key": f"rehab:player:{whose}:{session.key}:{digest}",
        "date": reading.today.isoformat(),
        "zone": reading.enrolment.runner.time_zone,
        "steps": rows,
    }


def _moves(steps: tuple[PlayerStep, ...], index: int) -> dict:
    """Where one may go from a step: no way leads to a run done twice, or to one without its walks."""
    step = steps[index]
    before = steps[index - 1] if index else None
    later = enumerate(steps[index + 1 :], start=index + 1)
    leaves_to = next((at for at, other in later if other.exercise != step.exercise), len(steps))
    ahead = steps[index : index + 2]
    cool_down = next((at for at, other in enumerate(steps) if other.kind == "cool_down"), None)
    return {
        "can_go_back": bool(before) and not is_outing(step) and not is_outing(before),
        "leaves_to": None if is_outing(step) else leaves_to,
        "cool_down_at": cool_down if any(one.is_optional for one in ahead) else None,
    }
