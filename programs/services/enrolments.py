"""Intake and enrolment: who gets a programme, on which version, from which stage."""

import datetime
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.clinic_defaults import defaults_of
from accounts.services.consents import lock_person
from programs.clinic_defaults import close_hour
from programs.engine.calendar import closing_instant, local_date
from programs.engine.values import Refer
from programs.models import Enrolment, Intake, IntakeOutcome, PainPattern, ProgrammeVersion, VersionStatus
from programs.services.errors import Refused
from programs.services.mail_choices import begin_choices
from programs.services.red_flag_cases import close_cases, open_cases


@dataclass(frozen=True, slots=True)
class IntakeAnswers:
    """Answers of a new runner. ``exclusions`` and ``red_flags`` are the keys answered with yes."""

    exclusions: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    intake_pain: int | None = None
    baseline_morning: int | None = None
    pattern: str = PainPattern.NEITHER.value
    reminder_time: datetime.time | None = None
    notes: dict = field(default_factory=dict)

    def as_json(self) -> dict:
        return {
            "exclusions": list(self.exclusions),
            "red_flags": list(self.red_flags),
            "intake_pain": self.intake_pain,
            "baseline_morning": self.baseline_morning,
            "pattern": self.pattern,
            "reminder_time": self.reminder_time.isoformat() if self.reminder_time else None,
            **self.notes,
        }


def enrol(
    *, runner: User, version: ProgrammeVersion, stage: str, answers: IntakeAnswers, now: datetime.datetime
) -> Intake:
    """Record an intake; where nothing speaks against it, start the programme today.

    An exclusion or a red flag leads to information and a referral and to no
    programme: the intake says which. Raises Refused.
    """
    reasons = [*answers.exclusions, *answers.red_flags]
    try:
        with transaction.atomic():
            # Nothing begins for somebody who is being erased in another window.
            lock_person(runner)
            if reasons:
                return _record_intake(runner, None, answers, reasons, now)
            enrolment = _start(runner, version, stage, answers, now)
            return _record_intake(runner, enrolment, answers, [], now)
    except IntegrityError:
        raise Refused(_("You already follow a programme; its pages are under Today.")) from None


def _record_intake(
    runner: User, enrolment: Enrolment | None, answers: IntakeAnswers, reasons: list[str], now
) -> Intake:
    outcome = IntakeOutcome.REFERRED if reasons else IntakeOutcome.ACCEPTED
    return Intake.objects.create(
        runner=runner,
        enrolment=enrolment,
        answered_at=now,
        outcome=outcome,
        answers=answers.as_json(),
        reasons=reasons,
    )


def _start(runner: User, version: ProgrammeVersion, stage: str, answers: IntakeAnswers, now) -> Enrolment:
    if version.status != VersionStatus.PUBLISHED:
        raise Refused(_("This programme is not published."), "programme")
    if not ProgrammeVersion.objects.offered_to(runner, now).filter(pk=version.pk).exists():
        raise Refused(_("This programme is no longer offered. Go back and choose another."), "programme")
    if stage not in version.stage_documents:
        raise Refused(_("Choose a stage of this programme."), "stage")
    if stage not in version.start_stages:
        raise Refused(_("You start at the beginning: with easy days or with walking."), "stage")
    if answers.intake_pain is None or answers.baseline_morning is None:
        raise Refused(_("Both pain scores are needed: later ones are compared with them."), "intake_pain")
    today = local_date(now, runner.zone)
    hour = close_hour(defaults_of([runner.pk], now)[runner.pk])
    left_paused = _left_paused(runner)
    enrolment = Enrolment.objects.create(
        runner=runner,
        version=version,
        family=version.template.family,
        pattern=answers.pattern,
        started_on=today,
        created_at=now,
        stage=stage,
        stage_entered_on=today,
        baseline_morning=answers.baseline_morning,
        intake_pain=answers.intake_pain,
        decided_through=today - datetime.timedelta(days=1),
        closes_at=closing_instant(today, runner.zone, hour),
        # Only a person ends a pause (INV-05): to leave a programme and begin anew does not.
        refer=left_paused.refer if left_paused else Refer.NONE,
        paused_at=left_paused.paused_at if left_paused else None,
    )
    if left_paused:
        # It goes on here, unseen until somebody says that she has seen it.
        close_cases(left_paused, runner, now)
    open_cases([enrolment], now)
    begin_choices(person=runner, reminder=answers.reminder_time, now=now)
    return enrolment


def _left_paused(runner: User) -> Enrolment | None:
    """Her last programme, where it ended while it was paused."""
    last = Enrolment.objects.filter(runner=runner).order_by("-created_at", "-pk").first()
    return last if last and last.is_paused else None
