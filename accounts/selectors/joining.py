"""An invitation to join, for whoever holds its link."""

import datetime
from dataclasses import dataclass

from accounts.models import Clinic, Invitation, InvitationKind
from accounts.models.base import digest_of


@dataclass(frozen=True)
class ReceivedJoin:
    """Who invites into which clinic (empty for none); ``email`` is who is asked."""

    inviter: str
    clinic: str
    as_lead: bool
    email: str
    until: datetime.datetime


def received_join(*, secret: str, now: datetime.datetime) -> ReceivedJoin | None:
    """The open invitation of that secret, or None (two queries); the service checks the same again."""
    digest = digest_of(secret, purpose=f"invitation.{InvitationKind.JOIN}")
    found = Invitation.objects.open(now).filter(kind=InvitationKind.JOIN, secret_digest=digest)
    row = found.select_related("invited_by", "clinic").first()
    if row is None or not row.invited_by.is_active or not _may_still_invite(row):
        return None
    return ReceivedJoin(
        inviter=str(row.invited_by),
        clinic=row.clinic.name if row.clinic else "",
        as_lead=row.as_lead,
        email=row.email,
        until=row.expires_at,
    )


def _may_still_invite(row: Invitation) -> bool:
    if row.clinic is None:
        return row.invited_by.is_manager
    return Clinic.objects.led_by(row.invited_by).filter(pk=row.clinic_id).exists()
