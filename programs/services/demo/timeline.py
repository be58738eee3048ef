"""Letting the past happen: every report, act and close at its own instant, in order.

Nothing here writes a result. Each event calls the service that a page or a job
calls, with the ``now`` that it would have had.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from accounts.models import User
from programs.engine.calendar import closing_instant, instant_of, local_date
from programs.models import Enrolment, PlannedSession, ProgrammeVersion
from programs.services.days import close_due
from programs.services.demo.cast import Correction, DemoRunner, Hold, PauseCleared, StageSet
from programs.services.demo.script import Report, Script, read_script
from programs.services.diary import record_entry
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.overrides import clear_pause, hold_until, set_stage

JOB = "demo: a past night"
BEGINS_AT, ACTS_AT, LOGS_AT, CORRECTS_AT = (
    datetime.time(8, 40),
    datetime.time(12, 20),
    datetime.time(20, 5),
    datetime.time(21, 30),
)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens to one runner; ``what`` is None for the close of a day."""

    at: datetime.datetime
    runner: int
    day: int = field(compare=False)
    what: object = field(compare=False, default=None)


@dataclass
class Life:
    """One runner of the demonstration with her calendar; day 1 is ``first``."""

    cast: DemoRunner
    user: User
    clinician: User | None
    script: Script
    first: datetime.date
    now: datetime.datetime
    enrolment: Enrolment | None = None

    def date(self, day: int) -> datetime.date:
        return self.first + datetime.timedelta(days=day - 1)

    def at(self, day: int, wall: datetime.time) -> datetime.datetime:
        """An instant of the past; what the open day has not reached yet happens now."""
        return min(instant_of(self.date(day), wall, self.user.zone), self.now)


def life_of(cast: DemoRunner, user: User, clinician: User | None, now: datetime.datetime) -> Life:
    """Lay the diary so that its open day is the one that is open for this runner now."""
    script = read_script(cast.diary)
    first = open_day(user, now) - datetime.timedelta(days=len(script.closed))
    return Life(cast, user, clinician, script, first, now)


def open_day(user: User, now: datetime.datetime) -> datetime.date:
    """The local date that is not closed yet: in the small hours, yesterday."""
    today = local_date(now, user.zone)
    yesterday = today - datetime.timedelta(days=1)
    is_over = closing_instant(yesterday, user.zone, settings.REHAB_CLOSE_HOUR) <= now
    return today if is_over else yesterday


def events_of(lives: list[Life]) -> list[Event]:
    """Everything that happens, in order of time."""
    return sorted(event for number, life in enumerate(lives) for event in _events(number, life))


def _events(number: int, life: Life) -> Iterator[Event]:
    yield Event(life.at(1, BEGINS_AT), number, 1, life.cast)
    for day, report in enumerate(life.script.days, start=1):
        if report is not None:
            yield Event(life.at(day, LOGS_AT), number, day, report)
        if day <= len(life.script.closed):
            closes = closing_instant(life.date(day), life.user.zone, settings.REHAB_CLOSE_HOUR)
            yield Event(closes, number, day)
    for act in life.cast.acts:
        yield Event(life.at(act.day, ACTS_AT), number, act.day, act)
    for correction in life.cast.corrections:
        yield Event(life.at(correction.day, CORRECTS_AT), number, correction.day, correction)


def close_days(lives: list[Life], now: datetime.datetime) -> None:
    """Close what is due at this instant: the day of everybody in one time zone, as one batch.

    The ids of the demonstration follow each other, because they are made in
    one transaction; whoever else is due has been so since before it began.
    """
    ids = [life.enrolment.pk for life in lives if life.enrolment]
    close_due(now=now, job=JOB, first=min(ids), last=max(ids))


def happen(event: Event, life: Life, version: ProgrammeVersion) -> None:
    """Call the service that the event stands for."""
    match event.what:
        case DemoRunner():
            life.enrolment = _begin(life, version, event.at)
        case Report():
            _log(life, event.day, event.what, event.at)
        case Correction(of_day=day, word=word):
            report = read_script(f"| {word}").today
            _log(life, day, report, event.at)
        case _:
            _act(life, event.what, event.at)


def _begin(life: Life, version: ProgrammeVersion, now: datetime.datetime) -> Enrolment:
    cast = life.cast
    answers = IntakeAnswers(
        intake_pain=cast.intake_pain,
        baseline_morning=cast.baseline,
        pattern=cast.pattern,
        reminder_time=cast.reminder,
    )
    intake = enrol(runner=life.user, version=version, stage=cast.stage, answers=answers, now=now)
    return intake.enrolment


def _log(life: Life, day: int, report: Report, now: datetime.datetime) -> None:
    values = report.on(planned=report.if_planned and _is_planned(life, day))
    record_entry(enrolment=life.enrolment, by=life.user, now=now, date=life.date(day), values=values)


def _is_planned(life: Life, day: int) -> bool:
    """What the page asked for; nothing was closed before day 1, which begins with a walk or with rest."""
    if day == 1:
        return "rest" not in life.cast.stage
    return PlannedSession.objects.filter(enrolment=life.enrolment, date=life.date(day)).exists()


def _act(life: Life, act: Hold | StageSet | PauseCleared, now: datetime.datetime) -> None:
    common = {"enrolment": life.enrolment, "by": life.clinician, "now": now}
    common |= {"reason": act.reason, "reason_code": act.code}
    match act:
        case Hold():
            hold_until(until=life.date(act.until_day), **common)
        case StageSet():
            set_stage(stage=act.stage, **common)
        case PauseCleared():
            date = life.date(act.day) if act.assessed_by else None
            clear_pause(assessed_by=act.assessed_by, assessed_on=date, **common)
