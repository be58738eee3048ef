"""What every act of a physiotherapist needs: her right to it, a reason, its row, its place in the ledger."""

import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_consent
from programs.engine.values import Trigger
from programs.models import Decision, Enrolment, Override
from programs.models.decision import ReasonCode
from programs.services import acts
from programs.services.errors import NotLetIn, Refused
from programs.services.owed_written import owe_written

#: Later, nobody would think of it as a review.
LONGEST_REVIEW_DAYS = 365
SHORTEST_REASON = 3


def opened_by(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, reason: str
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


def check_review(review_on: datetime.date | None, today: datetime.date) -> None:
    if review_on and not today <= review_on <= today + datetime.timedelta(days=LONGEST_REVIEW_DAYS):
        raise Refused(_("The review must be today or later, and within a year."), "review_on")


def check_code(reason_code: str) -> None:
    if reason_code not in ReasonCode.values:
        raise Refused(_("Choose why you act."), "reason_code")


def act_of(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, today: datetime.date, reason: str, **fields
) -> Override:
    """The act's own row; it says who, when and why."""
    return Override.objects.create(
        enrolment=enrolment, date=today, reason=reason.strip(), made_at=now, made_by=by, **fields
    )


def recorded(
    act: Override, enrolment: Enrolment, *, rule: str, now: datetime.datetime, origin: str
) -> Decision:
    row = acts.record(act, enrolment, rule=rule, trigger=Trigger.CLINICIAN, now=now, origin=origin)
    owe_written(enrolment=enrolment, now=now)
    return row
