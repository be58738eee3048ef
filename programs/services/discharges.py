"""The end of a programme: by a physiotherapist with a summary, or by the runner herself.

Days that are due are closed first; after that nothing is decided any more.
The level of a pause stays as it was, so that its advice is not lost with it.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Act, User
from accounts.services.audit import record_access
from programs.engine.values import PRESSING
from programs.mailing import SAFETY
from programs.models import (
    Discharge,
    DischargeOutcome,
    Enrolment,
    EnrolmentStatus,
    MessageKind,
    MessageOwed,
    MessageStatus,
)
from programs.models.clinical import LONGEST_HANDED_TO, LONGEST_SUMMARY
from programs.services import acts
from programs.services.clinician_acts import opened_by
from programs.services.errors import Refused
from programs.services.holds import refuse_while_held
from programs.services.mail_choices import reschedule
from programs.services.owed_written import owe_written
from programs.services.red_flag_cases import close_cases, leave_cases

#: What a runner may end her own programme with saying nothing about.
NO_WORDS = "No reason given."
#: What is still worth reading after the end: of a pause, and that something was written.
_STILL_TOLD = (*SAFETY, MessageKind.WRITTEN)
_BY_A_CLINICIAN = (DischargeOutcome.COMPLETED, DischargeOutcome.REFERRED_ON, DischargeOutcome.STOPPED)


@transaction.atomic
def discharge(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    outcome: str,
    summary: str,
    handed_to: str = "",
    origin: str = "",
) -> Discharge:
    """End the programme of a runner, who reads the summary. Raises Refused."""
    if len(summary.strip()) > LONGEST_SUMMARY:
        raise Refused(_("Keep the summary shorter."), "summary")
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=summary)
    _check(enrolment, outcome, handed_to.strip())
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=by,
        act=Act.OVERRIDE,
        detail="the end of your programme, with a summary",
        now=now,
        origin=origin,
    )
    ended = _end(enrolment, by, now, today, outcome=outcome, summary=summary, handed_to=handed_to)
    owe_written(enrolment=enrolment, now=now)
    return ended


@transaction.atomic
def leave(*, enrolment: Enrolment, by: User, now: datetime.datetime, words: str = "") -> Discharge:
    """The runner ends her own programme; nobody can be held. Raises Refused."""
    if by.pk != enrolment.runner_id:
        raise Refused(_("Only the runner leaves her programme."))
    if len(words.strip()) > LONGEST_SUMMARY:
        raise Refused(_("Keep it shorter."), "words")
    enrolment, today = acts.opened(enrolment, now)
    if not enrolment.is_active:
        raise Refused(_("This programme has ended."))
    return _end(enrolment, by, now, today, outcome=DischargeOutcome.LEFT, summary=words.strip() or NO_WORDS)


def _check(enrolment: Enrolment, outcome: str, handed_to: str) -> None:
    if outcome not in _BY_A_CLINICIAN:
        raise Refused(_("Choose how the programme ends."), "outcome")
    if outcome == DischargeOutcome.COMPLETED:
        # It tells her that she may do everything again; the other ends tell nobody to do more.
        refuse_while_held()
    if outcome == DischargeOutcome.COMPLETED and enrolment.is_paused:
        raise Refused(
            _("A programme that is paused is not completed. Clear the pause first, or say who goes on."),
            "outcome",
        )
    if len(handed_to) > LONGEST_HANDED_TO:
        raise Refused(_("Keep the name shorter."), "handed_to")
    # Nobody is left with a warning sign that nobody looks after.
    if not handed_to and (outcome == DischargeOutcome.REFERRED_ON or enrolment.refer in PRESSING):
        raise Refused(_("Say who goes on with the care of the runner."), "handed_to")


def _end(
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    today: datetime.date,
    *,
    outcome: str,
    summary: str,
    handed_to: str = "",
) -> Discharge:
    """Inside the caller's transaction, with the enrolment locked."""
    is_completed = outcome == DischargeOutcome.COMPLETED
    enrolment.status = EnrolmentStatus.COMPLETED if is_completed else EnrolmentStatus.WITHDRAWN
    enrolment.claimed_until = None
    enrolment.save(update_fields=["status", "claimed_until"])
    reschedule(person=enrolment.runner, now=now)
    settle = leave_cases if outcome == DischargeOutcome.LEFT else close_cases
    settle(enrolment, by, now)
    owed = MessageOwed.objects.filter(enrolment=enrolment, status=MessageStatus.OWED)
    owed.exclude(kind__in=_STILL_TOLD).update(
        status=MessageStatus.SKIPPED, settled_at=now, outcome="the programme has ended", leased_until=None
    )
    return Discharge.objects.create(
        enrolment=enrolment,
        outcome=outcome,
        summary=summary.strip(),
        handed_to=handed_to.strip(),
        date=today,
        made_at=now,
        made_by=by,
    )
