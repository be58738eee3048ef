"""Clinicians' acts: hold until, set the stage, clear a pause; each with a reason."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_consent
from programs.engine.values import Refer, Trigger
from programs.models import Decision, Enrolment, Override, OverrideKind
from programs.services import acts
from programs.services.errors import NotLetIn, Refused
from programs.snapshots import programmes_of
from programs.way_back import counts_since

LONGEST_HOLD_DAYS = 90
#: Later, nobody would think of it as a review.
LONGEST_REVIEW_DAYS = 365
SHORTEST_REASON = 3


@transaction.atomic
def hold_until(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    until: datetime.date,
    reason: str,
    origin: str = "",
) -> Decision:
    """No automatic advance up to and including ``until``; step back and pause still work."""
    enrolment, today = _open(enrolment, by, now, reason)
    if until < today:
        raise Refused(_("The hold must end today or later."), "until")
    if until > today + datetime.timedelta(days=LONGEST_HOLD_DAYS):
        raise Refused(
            _("A hold lasts at most {longest_hold_days} days; it can be renewed.").format(
                longest_hold_days=LONGEST_HOLD_DAYS
            ),
            "until",
        )
    act = _act(enrolment, by, now, today, reason, kind=OverrideKind.HOLD_UNTIL, until=until, review_on=until)
    return _record(enrolment, act, "D7A_PHYSIO_HOLD", now, origin)


@transaction.atomic
def set_stage(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    stage: str,
    reason: str,
    review_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """Move the runner to a stage; its day 1 is today. A pause stays a pause."""
    enrolment, today = _open(enrolment, by, now, reason)
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    if stage not in programme.positions:
        raise Refused(_("Choose a stage of this programme."), "stage")
    if programme.positions[stage] < programme.floor:
        raise Refused(_("Nobody is sent back to rest; the gentlest step is walking."), "stage")
    if review_on and not today <= review_on <= today + datetime.timedelta(days=LONGEST_REVIEW_DAYS):
        raise Refused(_("The review must be today or later, and within a year."), "review_on")
    act = _act(
        enrolment, by, now, today, reason, kind=OverrideKind.SET_STAGE, stage=stage, review_on=review_on
    )
    return _record(enrolment, act, "D7B_PHYSIO_SET", now, origin)


@transaction.atomic
def clear_pause(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    reason: str,
    assessed_by: str = "",
    assessed_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """End a pause. An urgent or emergency one only with who assessed the runner, and when."""
    enrolment, today = _open(enrolment, by, now, reason)
    if not enrolment.is_paused:
        raise Refused(_("This programme is not paused."))
    if enrolment.refer in (Refer.URGENT, Refer.EMERGENCY):
        if not assessed_by.strip():
            raise Refused(_("Say which clinician assessed the runner."), "assessed_by")
        if assessed_on is None or assessed_on > today or assessed_on < counts_since(enrolment):
            raise Refused(
                _(
                    "Give the date of the assessment: since the last warning sign was given, "
                    "and not in the future."
                ),
                "assessed_on",
            )
    if assessed_on and not enrolment.started_on <= assessed_on <= today:
        raise Refused(_("Give a date since the programme began, and not in the future."), "assessed_on")
    _refuse_while_flag_is_open(enrolment)
    act = _act(
        enrolment,
        by,
        now,
        today,
        reason,
        kind=OverrideKind.CLEAR_PAUSE,
        assessed_by=assessed_by.strip(),
        assessed_on=assessed_on if assessed_by.strip() else None,
    )
    return _record(enrolment, act, "D7C_PHYSIO_CLEAR", now, origin)


def _refuse_while_flag_is_open(enrolment: Enrolment) -> None:
    if acts.has_open_flag(enrolment):
        raise Refused(
            _(
                "A red flag was answered on a day that is still open, and that day will pause again when it "
                "closes. Clear the pause tomorrow."
            )
        )


def _open(
    enrolment: Enrolment, by: User, now: datetime.datetime, reason: str
) -> tuple[Enrolment, datetime.date]:
    """Lock the enrolment, close what is due, check that the clinician may act."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Give the reason in a few words; the runner reads it."), "reason")
    locked, today = acts.opened(enrolment, now)
    if not by.is_clinician or not has_consent(runner_id=locked.runner_id, clinician=by, now=now):
        raise NotLetIn(_("You need the runner's consent to act."))
    if not locked.is_active:
        raise Refused(_("This programme has ended."))
    return locked, today


def _act(
    enrolment: Enrolment, by: User, now: datetime.datetime, today: datetime.date, reason: str, **fields
) -> Override:
    return Override.objects.create(
        enrolment=enrolment, date=today, reason=reason.strip(), made_at=now, made_by=by, **fields
    )


def _record(enrolment: Enrolment, act: Override, rule: str, now: datetime.datetime, origin: str) -> Decision:
    return acts.record(act, enrolment, rule=rule, trigger=Trigger.CLINICIAN, now=now, origin=origin)
