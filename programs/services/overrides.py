"""Clinicians' acts: hold until, set the stage, clear a pause; each with a reason."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.engine.values import PRESSING
from programs.models import Decision, Enrolment, OverrideKind
from programs.models.decision import ReasonCode
from programs.services import acts
from programs.services.clinician_acts import act_of, check_code, check_review, opened_by, recorded
from programs.services.errors import Refused
from programs.services.holds import refuse_while_held
from programs.snapshots import programmes_of
from programs.way_back import counts_since

LONGEST_HOLD_DAYS = 90


@transaction.atomic
def hold_until(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    until: datetime.date,
    reason: str,
    reason_code: str = ReasonCode.OTHER,
    origin: str = "",
) -> Decision:
    """No automatic advance up to and including ``until``; step back and pause still work."""
    check_code(reason_code)
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=reason)
    if until < today:
        raise Refused(_("The hold must end today or later."), "until")
    if until > today + datetime.timedelta(days=LONGEST_HOLD_DAYS):
        raise Refused(
            _("A hold lasts at most {longest_hold_days} days; it can be renewed.").format(
                longest_hold_days=LONGEST_HOLD_DAYS
            ),
            "until",
        )
    if enrolment.hold_until and until < enrolment.hold_until:
        # The newest hold counts, so this one would end the other.
        refuse_while_held()
    act = act_of(
        enrolment=enrolment,
        by=by,
        now=now,
        today=today,
        reason=reason,
        reason_code=reason_code,
        kind=OverrideKind.HOLD_UNTIL,
        until=until,
        review_on=until,
    )
    return recorded(act, enrolment, rule="D7A_PHYSIO_HOLD", now=now, origin=origin)


@transaction.atomic
def set_stage(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    stage: str,
    reason: str,
    reason_code: str = ReasonCode.OTHER,
    review_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """Move the runner to a stage; its day 1 is today. A pause stays a pause."""
    check_code(reason_code)
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=reason)
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    if stage not in programme.positions:
        raise Refused(_("Choose a stage of this programme."), "stage")
    if programme.positions[stage] < programme.floor:
        raise Refused(_("Nobody is sent back to rest; the gentlest stage is walking."), "stage")
    check_review(review_on, today)
    is_easing = enrolment.cooldown_until is not None and enrolment.cooldown_until >= today
    if is_easing or programme.positions[stage] >= programme.positions[enrolment.stage]:
        # Also the same one, and any during easy days: a stage that is set ends them.
        refuse_while_held()
    act = act_of(
        enrolment=enrolment,
        by=by,
        now=now,
        today=today,
        reason=reason,
        reason_code=reason_code,
        kind=OverrideKind.SET_STAGE,
        stage=stage,
        review_on=review_on,
    )
    return recorded(act, enrolment, rule="D7B_PHYSIO_SET", now=now, origin=origin)


@transaction.atomic
def clear_pause(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    reason: str,
    reason_code: str = ReasonCode.OTHER,
    assessed_by: str = "",
    assessed_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """End a pause. An urgent or emergency one only with who assessed the runner, and when."""
    check_code(reason_code)
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=reason)
    refuse_while_held()
    if not enrolment.is_paused:
        raise Refused(_("This programme is not paused."))
    _check_assessment(enrolment, today, assessed_by, assessed_on)
    _refuse_while_flag_is_open(enrolment)
    act = act_of(
        enrolment=enrolment,
        by=by,
        now=now,
        today=today,
        reason=reason,
        reason_code=reason_code,
        kind=OverrideKind.CLEAR_PAUSE,
        assessed_by=assessed_by.strip(),
        assessed_on=assessed_on if assessed_by.strip() else None,
    )
    return recorded(act, enrolment, rule="D7C_PHYSIO_CLEAR", now=now, origin=origin)


def _check_assessment(
    enrolment: Enrolment, today: datetime.date, assessed_by: str, assessed_on: datetime.date | None
) -> None:
    """Who saw the runner, and when: asked for after a warning sign, and sound wherever it is given."""
    if enrolment.refer in PRESSING:
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


def _refuse_while_flag_is_open(enrolment: Enrolment) -> None:
    if acts.has_open_flag(enrolment):
        raise Refused(
            _(
                "A red flag was answered on a day that is still open, and that day will pause again when it "
                "closes. Clear the pause tomorrow."
            )
        )
