"""The watch over open red flags: each has an owner with access, and none stays unseen in silence.

The work list is derived from the database. Run twice, late or after a crash,
it tells nobody twice: what was told stands in the row.
"""

import datetime
import logging
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Clinic, Membership, User
from accounts.time_zones import zone_or_utc
from programs.engine.values import PRESSING
from programs.engine.working_time import working_seconds
from programs.models import Enrolment, RedFlagCase
from programs.services.days import POISON
from programs.services.flag_notices import owe_to, to_be_told
from programs.services.red_flag_cases import consents_of, give_to_owner, open_cases

logger = logging.getLogger(__name__)

WATCH = "watch_red_flags"
#: [D] Working hours of the clinic for which a red flag may be unseen.
UNSEEN_HOURS = 4
HOUR = 3600


@dataclass
class WatchReport:
    """What one run did; ``untold`` counts late ones of which there is nobody to tell."""

    opened: int = 0
    passed_on: int = 0
    escalated: int = 0
    untold: int = 0
    failed: int = 0

    @property
    def note(self) -> str:
        """What an operator has to know; empty where all is well."""
        said = []
        if self.untold:
            said.append(
                f"{self.untold} red flags unseen for {UNSEEN_HOURS} working hours, and nobody to tell"
            )
        if self.failed:
            said.append(f"{self.failed} red flags cannot be watched")
        return "; ".join(said)


def watch_red_flags(*, now: datetime.datetime) -> WatchReport:
    """Open missing cases, pass on those whose owner lost access, tell the leads of those that nobody saw."""
    report = WatchReport()
    open_ones = RedFlagCase.objects.filter(closed_at__isnull=True)
    for pk in _without_case():
        _guarded(_open_missing, pk, now, report)
    for pk in open_ones.order_by("opened_at", "pk").values_list("enrolment", flat=True):
        _guarded(_watch_one, pk, now, report)
    if report.note:
        logger.critical("%s", report.note)
    return report


def _guarded(step, enrolment_id: int, now: datetime.datetime, report: WatchReport) -> None:
    """One at fault does not keep the others from being watched."""
    try:
        with transaction.atomic():
            step(enrolment_id, now, report)
    except (*POISON, Enrolment.DoesNotExist):
        logger.exception("The red flag of enrolment %s cannot be watched", enrolment_id)
        report.failed += 1


def _without_case() -> list[int]:
    """Pauses of before there were cases, or that came in by another way."""
    paused = Enrolment.objects.active().filter(refer__in=PRESSING)
    there = RedFlagCase.objects.filter(closed_at__isnull=True).values("enrolment")
    return list(paused.exclude(pk__in=there).order_by("pk").values_list("pk", flat=True))


def _open_missing(enrolment_id: int, now: datetime.datetime, report: WatchReport) -> None:
    """Dated as the pause; for how long it is unseen counts from now, when somebody can say so."""
    enrolment = Enrolment.objects.locked(enrolment_id)
    if RedFlagCase.objects.filter(enrolment=enrolment, closed_at__isnull=True).exists():
        return
    for case in open_cases([enrolment], now):
        case.opened_at = min(now, enrolment.paused_at)
        case.save(update_fields=["opened_at"])
        report.opened += 1


def _watch_one(enrolment_id: int, now: datetime.datetime, report: WatchReport) -> None:
    enrolment = Enrolment.objects.locked(enrolment_id)
    cases = RedFlagCase.objects.select_for_update().filter(enrolment=enrolment, closed_at__isnull=True)
    case = cases.first()
    if case is None:
        return
    if enrolment.refer not in PRESSING:
        raise ValueError("its pause is over, and nobody closed the case")
    case.enrolment = enrolment
    consents = consents_of([enrolment.runner_id], now).get(enrolment.runner_id, [])
    report.passed_on += give_to_owner(case, consents, now)
    if is_late(case, now):
        _tell(case, now, report)
    if case.owner_id is None and not enrolment.is_active:
        # She has left, and let in nobody who could look after it.
        case.closed_at, case.closed_by = max(now, case.opened_at), enrolment.runner
    case.save()


def is_late(case: RedFlagCase, now: datetime.datetime) -> bool:
    """Unseen by its owner for four working hours, and nobody was told yet."""
    if case.owner_id is None or case.seen_at or case.escalated_at:
        return False
    clinic = _works_at(case.owner)
    since = max(case.opened_at, case.owned_since)
    hours = (clinic.opens_at, clinic.shuts_at, tuple(clinic.working_days))
    passed = working_seconds(since, now, zone_or_utc(clinic.time_zone), *hours)
    return passed >= UNSEEN_HOURS * HOUR


def _works_at(owner: User) -> Clinic:
    """Her clinic; of somebody without one, the usual hours where she is."""
    here = Membership.objects.current().filter(clinician=owner).select_related("clinic").first()
    return here.clinic if here else Clinic(time_zone=owner.time_zone)


def _tell(case: RedFlagCase, now: datetime.datetime, report: WatchReport) -> None:
    recipients = to_be_told(case, now)
    if not recipients:
        report.untold += 1
        return
    owe_to(case, recipients, now)
    case.escalated_at = now
    report.escalated += 1
