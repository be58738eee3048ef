"""Invitations by e-mail, as the physiotherapist and as the invited person see them."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Consent, Invitation, InvitationKind, InvitationOutcome, Membership, User
from accounts.models.base import digest_of
from accounts.presentation import ASKED, RUN_OUT

#: Older settled ones are history that nobody looks for here.
SHOWN_FOR = datetime.timedelta(days=180)
MOST_SHOWN = 100


@dataclass(frozen=True)
class SentAsk:
    """One invitation in the list of whoever sent it: what she typed, and what came of it."""

    invitation_id: uuid.UUID
    #: "" once it is settled, unless the runner lets her in now: an answer says something of a runner.
    email: str
    asked_at: datetime.datetime
    until: datetime.datetime
    settled_at: datetime.datetime | None
    state: str
    tone: str
    is_open: bool


@dataclass(frozen=True)
class ReceivedAsk:
    """Who asks for access, for whoever holds the link."""

    clinician: str
    clinician_email: str
    clinic: str
    until: datetime.datetime
    #: Of the address that was asked; the page itself does not show it.
    email: str


def sent_asks(*, clinician: User, now: datetime.datetime) -> tuple[SentAsk, ...]:
    """Her own invitations, newest first (one query); no word of whether an address is known here."""
    rows = Invitation.objects.filter(
        kind=InvitationKind.ASK, invited_by=clinician, invited_at__gt=now - SHOWN_FOR
    )
    in_force = Consent.objects.in_force(now).filter(pk=OuterRef("consent"), clinician=clinician)
    rows = rows.annotate(lets_her_in=Exists(in_force)).order_by("-invited_at", "-pk")
    return tuple(_sent(row, now) for row in rows[:MOST_SHOWN])


def received_ask(*, secret: str, now: datetime.datetime) -> ReceivedAsk | None:
    """The open invitation of that secret, or None (two queries)."""
    digest = digest_of(secret, purpose=f"invitation.{InvitationKind.ASK}")
    found = Invitation.objects.open(now).filter(kind=InvitationKind.ASK, secret_digest=digest)
    row = found.select_related("invited_by").first()
    if row is None or not row.invited_by.is_active or not row.invited_by.is_clinician:
        return None
    clinics = Membership.objects.current().filter(clinician=row.invited_by)
    return ReceivedAsk(
        clinician=str(row.invited_by),
        clinician_email=row.invited_by.email,
        clinic=clinics.values_list("clinic__name", flat=True).first() or "",
        until=row.expires_at,
        email=row.email,
    )


def _sent(row: Invitation, now: datetime.datetime) -> SentAsk:
    is_open = row.outcome == InvitationOutcome.OPEN and row.expires_at > now
    has_run_out = row.outcome == InvitationOutcome.OPEN and not is_open
    is_settled = row.outcome != InvitationOutcome.OPEN
    state, tone = RUN_OUT if has_run_out else ASKED[InvitationOutcome(row.outcome)]
    return SentAsk(
        invitation_id=row.public_id,
        email="" if is_settled and not row.lets_her_in else row.email,
        asked_at=row.invited_at,
        until=row.expires_at,
        settled_at=row.settled_at,
        state=state,
        tone=tone,
        is_open=is_open,
    )
