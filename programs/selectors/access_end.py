"""What ending somebody's access means for this runner, before she does it."""

import datetime
import uuid
from dataclasses import dataclass

from accounts.models import Consent, HandOver, User
from accounts.selectors import open_offer
from programs.models import Enrolment
from programs.way_back import WAIT_DAYS


@dataclass(frozen=True)
class AccessEndPage:
    consent_id: uuid.UUID
    name: str
    #: For whom she covers; None for a grant of the runner.
    covers: str | None
    has_begun: bool
    #: Colleagues whose holiday cover rests on this grant and ends with it.
    covered_by: tuple[str, ...]
    #: To whom a proposed hand-over would have gone.
    hand_over_to: str | None
    has_open_code: bool
    #: The programme is paused, and nobody else could clear that.
    leaves_a_pause_alone: bool
    #: Days after the beginning of the pause before her own statement can end it.
    wait_days: int


def access_end_page(*, consent: Consent, now: datetime.datetime) -> AccessEndPage:
    """The facts of one consent that is not revoked (five queries)."""
    runner, clinician = consent.runner, consent.clinician
    resting = Consent.objects.unrevoked().filter(covers=consent).select_related("clinician").order_by("pk")
    hand_over = HandOver.objects.open().filter(consent=consent).select_related("to").first()
    return AccessEndPage(
        consent_id=consent.public_id,
        name=str(clinician),
        covers=str(consent.covers.clinician) if consent.covers else None,
        has_begun=consent.granted_at <= now,
        covered_by=tuple(str(cover.clinician) for cover in resting.exclude(expires_at__lte=now)),
        hand_over_to=str(hand_over.to) if hand_over else None,
        has_open_code=open_offer(runner=runner, now=now) is not None,
        leaves_a_pause_alone=_is_paused(runner) and not _somebody_else(consent, now),
        wait_days=WAIT_DAYS,
    )


def _is_paused(runner: User) -> bool:
    return Enrolment.objects.active().filter(runner=runner, paused_at__isnull=False).exists()


def _somebody_else(consent: Consent, now: datetime.datetime) -> bool:
    """Another clinician in force whose access does not fall with this one."""
    others = Consent.objects.in_force(now).filter(runner=consent.runner_id, clinician__is_active=True)
    return others.exclude(pk=consent.pk).exclude(covers=consent.pk).exists()
