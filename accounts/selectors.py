"""What the pages about people show: frozen facts, no querysets."""

import datetime
from dataclasses import dataclass

from accounts.models import Consent, User


@dataclass(frozen=True)
class Access:
    """One physiotherapist who may see the runner's data now."""

    consent_id: int
    name: str
    email: str
    since: datetime.datetime


def access_in_force(*, runner: User) -> tuple[Access, ...]:
    """Return who may see the runner's data, oldest grant first (one query)."""
    consents = (
        Consent.objects.in_force()
        .filter(runner=runner)
        .select_related("clinician")
        .order_by("granted_at", "pk")
    )
    return tuple(
        Access(
            consent_id=consent.pk,
            name=str(consent.clinician),
            email=consent.clinician.email,
            since=consent.granted_at,
        )
        for consent in consents
    )


def has_consent(*, runner_id: int, clinician: User) -> bool:
    """Say whether that runner lets this clinician see and act now."""
    return Consent.objects.in_force().filter(runner_id=runner_id, clinician=clinician).exists()
