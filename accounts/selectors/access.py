"""Who may see a runner's data, and what is about to change in that."""

import datetime
import uuid
from dataclasses import dataclass

from accounts.models import Consent, HandOver, Invitation, InvitationKind, User
from accounts.models.consent import COVERED_SINCE_TEXT
from accounts.presentation import HOW


@dataclass(frozen=True)
class Access:
    """One physiotherapist who may see the runner's data, now or soon."""

    consent_id: uuid.UUID
    name: str
    email: str
    since: datetime.datetime
    how: str
    #: For whom she covers, and until when; None for a grant of the runner.
    covers: str | None
    until: datetime.datetime | None
    #: A colleague may cover for a holiday; not where she agreed to the wording without.
    may_be_covered: bool


@dataclass(frozen=True)
class ProposedHandOver:
    """A hand-over that waits for the runner's answer, or for its day."""

    hand_over_id: uuid.UUID
    clinician: str
    colleague: str
    colleague_email: str
    not_before: datetime.datetime


@dataclass(frozen=True)
class OpenAsk:
    """A physiotherapist who waits for an answer; the link to it is in the mail."""

    clinician: str
    asked_at: datetime.datetime


@dataclass(frozen=True)
class OpenOffer:
    """The code that nobody has taken yet; what it reads is kept nowhere."""

    made_at: datetime.datetime
    until: datetime.datetime


@dataclass(frozen=True)
class AccessPage:
    accesses: tuple[Access, ...]
    upcoming: tuple[Access, ...]
    hand_overs: tuple[ProposedHandOver, ...]
    asks: tuple[OpenAsk, ...]
    offer: OpenOffer | None


def access_page(*, runner: User, now: datetime.datetime) -> AccessPage:
    """Everything about who sees the runner's data (four queries)."""
    consents = list(_consents(runner).unrevoked().exclude(expires_at__lte=now))
    return AccessPage(
        accesses=tuple(_access(consent) for consent in consents if consent.granted_at <= now),
        upcoming=tuple(_access(consent) for consent in consents if consent.granted_at > now),
        hand_overs=_hand_overs(runner),
        asks=_asks(runner, now),
        offer=open_offer(runner=runner, now=now),
    )


def access_in_force(*, runner: User, now: datetime.datetime) -> tuple[Access, ...]:
    """Return who may see the runner's data, oldest grant first (one query)."""
    return tuple(_access(consent) for consent in _consents(runner).in_force(now))


def open_offer(*, runner: User, now: datetime.datetime) -> OpenOffer | None:
    """The runner's code that still works, if there is one (one query)."""
    offers = Invitation.objects.open(now).filter(kind=InvitationKind.OFFER, invited_by=runner)
    found = offers.order_by("-invited_at").values_list("invited_at", "expires_at").first()
    return OpenOffer(*found) if found else None


def has_consent(*, runner_id: int, clinician: User, now: datetime.datetime) -> bool:
    """Say whether that runner lets this clinician see and act now."""
    return Consent.objects.in_force(now).filter(runner_id=runner_id, clinician=clinician).exists()


def _consents(runner: User):
    rows = Consent.objects.filter(runner=runner).select_related("clinician", "covers__clinician")
    return rows.order_by("granted_at", "pk")


def _access(consent: Consent) -> Access:
    return Access(
        consent_id=consent.public_id,
        name=str(consent.clinician),
        email=consent.clinician.email,
        since=consent.granted_at,
        how=HOW[consent.via],
        covers=str(consent.covers.clinician) if consent.covers else None,
        until=consent.expires_at,
        may_be_covered=consent.text_version >= COVERED_SINCE_TEXT,
    )


def _hand_overs(runner: User) -> tuple[ProposedHandOver, ...]:
    rows = HandOver.objects.open().filter(consent__runner=runner, consent__revoked_at__isnull=True)
    rows = rows.select_related("consent__clinician", "to").order_by("takes_effect_at", "pk")
    return tuple(
        ProposedHandOver(
            hand_over_id=row.public_id,
            clinician=str(row.consent.clinician),
            colleague=str(row.to),
            colleague_email=row.to.email,
            not_before=row.takes_effect_at,
        )
        for row in rows
    )


def _asks(runner: User, now: datetime.datetime) -> tuple[OpenAsk, ...]:
    rows = Invitation.objects.open(now).filter(
        kind=InvitationKind.ASK, email=runner.email.lower(), invited_by__is_active=True
    )
    rows = rows.select_related("invited_by").order_by("-invited_at", "pk")
    return tuple(OpenAsk(str(row.invited_by), row.invited_at) for row in rows)
