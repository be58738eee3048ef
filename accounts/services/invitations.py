"""What the three kinds of invitation share: a secret, an end, one settlement."""

import datetime
import secrets

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, InvitationKind, InvitationOutcome, User
from accounts.models.base import digest_of
from accounts.services.errors import Refused

GONE = _("This invitation is not valid any more. Ask for a new one.")


def issue(
    *, kind: InvitationKind, by: User, now: datetime.datetime, life: datetime.timedelta, secret: str, **fields
) -> Invitation:
    """Store an invitation; only the digest of ``secret`` is kept."""
    return Invitation.objects.create(
        kind=kind,
        secret_digest=digest_of(secret, purpose=f"invitation.{kind}"),
        invited_at=now,
        invited_by=by,
        expires_at=now + life,
        **fields,
    )


def link_secret() -> str:
    """128 random bits for a link that goes by mail."""
    return secrets.token_urlsafe(16)


def inviter_of(*, kind: InvitationKind, secret: str, now: datetime.datetime, gone: str = GONE) -> User:
    """Who made the open invitation of that secret. Raises Refused where there is none."""
    invitation = _open_of(kind, secret, now).first()
    if invitation is None or not invitation.invited_by.is_active:
        raise Refused(gone)
    return invitation.invited_by


def locked_open(*, kind: InvitationKind, secret: str, now: datetime.datetime, gone: str = GONE) -> Invitation:
    """The open invitation of that secret, locked. Raises Refused where there is none."""
    # The joined rows may be null, and are only read.
    invitation = _open_of(kind, secret, now).select_for_update(of=("self",)).first()
    if invitation is None or not invitation.invited_by.is_active:
        raise Refused(gone)
    return invitation


def _open_of(kind: InvitationKind, secret: str, now: datetime.datetime) -> QuerySet[Invitation]:
    digest = digest_of(secret, purpose=f"invitation.{kind}")
    found = Invitation.objects.open(now).filter(kind=kind, secret_digest=digest)
    return found.select_related("invited_by", "clinic")


def settle(
    invitation: Invitation,
    *,
    outcome: InvitationOutcome,
    by: User | None,
    now: datetime.datetime,
    consent=None,
) -> None:
    """Use the invitation up."""
    invitation.outcome = outcome
    invitation.settled_at = now
    invitation.settled_by = by
    invitation.consent = consent
    invitation.save(update_fields=["outcome", "settled_at", "settled_by", "consent"])


def withdraw(*, invitation: Invitation, by: User, now: datetime.datetime) -> None:
    """Take an open invitation back; a settled one stays as it is."""
    still_open = Invitation.objects.filter(pk=invitation.pk, outcome=InvitationOutcome.OPEN)
    still_open.update(outcome=InvitationOutcome.WITHDRAWN, settled_at=now, settled_by=by)
