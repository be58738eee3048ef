"""What the pages about people show: frozen facts, no querysets."""

import datetime
import uuid
from dataclasses import dataclass

from accounts.models import Consent, User


@dataclass(frozen=True)
class Access:
    """One physiotherapist who may see the runner's data now."""

    consent_id: uuid.UUID
    name: str
    email: str
    since: datetime.datetime
    #: For whom she covers, and until when; None for a grant of the runner.
    covers: str | None
    until: datetime.datetime | None


def access_in_force(*, runner: User, now: datetime.datetime) -> tuple[Access, ...]:
    """Return who may see the runner's data, oldest grant first (one query)."""
    consents = (
        Consent.objects.in_force(now)
        .filter(runner=runner)
        .select_related("clinician", "covers__clinician")
        .order_by("granted_at", "pk")
    )
    return tuple(
        Access(
            consent_id=consent.public_id,
            name=str(consent.clinician),
            email=consent.clinician.email,
            since=consent.granted_at,
            covers=str(consent.covers.clinician) if consent.covers else None,
            until=consent.expires_at,
        )
        for consent in consents
    )


def has_consent(*, runner_id: int, clinician: User, now: datetime.datetime) -> bool:
    """Say whether that runner lets this clinician see and act now."""
    return Consent.objects.in_force(now).filter(runner_id=runner_id, clinician=clinician).exists()
