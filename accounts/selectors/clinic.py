"""Clinics as site managers, leads and colleagues see them: people and numbers, nothing of runners."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import (
    Clinic,
    Consent,
    HandOver,
    Invitation,
    InvitationKind,
    InvitationOutcome,
    Membership,
    Role,
    User,
)

#: An invitation that nobody answered is shown for so long after its end, to be sent again.
SHOWN_AFTER_END = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Member:
    """A physiotherapist of a clinic; ``runners`` is None where the reader may not know the number."""

    membership_id: uuid.UUID
    name: str
    email: str
    is_lead: bool
    is_you: bool
    since: datetime.datetime
    runners: int | None


@dataclass(frozen=True)
class OpenJoin:
    """Somebody who was invited and has not answered; ``is_over``: the link is dead."""

    invitation_id: uuid.UUID
    email: str
    as_lead: bool
    invited_by: str
    until: datetime.datetime
    is_over: bool


@dataclass(frozen=True)
class ClinicPage:
    """``leads``: the reader may invite, name leads and end memberships."""

    clinic_id: uuid.UUID
    name: str
    leads: bool
    members: tuple[Member, ...]
    invitations: tuple[OpenJoin, ...]

    @property
    def you(self) -> Member | None:
        return next((member for member in self.members if member.is_you), None)

    @property
    def counts_runners(self) -> bool:
        return any(member.runners is not None for member in self.members)

    @property
    def has_colleagues(self) -> bool:
        return len(self.members) > 1


@dataclass(frozen=True)
class ClinicRow:
    clinic_id: uuid.UUID
    name: str
    members: int
    leads: tuple[str, ...]
    invitations: int


@dataclass(frozen=True)
class ClinicsPage:
    """``unattached`` counts physiotherapists who are in no clinic."""

    rows: tuple[ClinicRow, ...]
    invitations: tuple[OpenJoin, ...]
    unattached: int


@dataclass(frozen=True)
class Ending:
    """What ends with a membership."""

    membership_id: uuid.UUID
    name: str
    clinic: str
    is_you: bool
    runners: int | None
    hand_overs: int
    covers: int


def clinics_page(*, now: datetime.datetime) -> ClinicsPage:
    """All clinics, for a site manager (four queries)."""
    members = Membership.objects.current().select_related("clinician").order_by("clinician__name", "pk")
    leads: dict[int, list[str]] = {}
    for row in members.filter(is_lead=True):
        leads.setdefault(row.clinic_id, []).append(str(row.clinician))
    is_open = Q(invitations__outcome=InvitationOutcome.OPEN, invitations__expires_at__gt=now)
    clinics = Clinic.objects.annotate(
        member_count=Count("memberships", filter=Q(memberships__left_at__isnull=True), distinct=True),
        open_count=Count("invitations", filter=is_open, distinct=True),
    )
    rows = (
        ClinicRow(c.public_id, c.name, c.member_count, tuple(leads.get(c.pk, ())), c.open_count)
        for c in clinics.order_by("name", "pk")
    )
    nowhere = User.objects.filter(role=Role.CLINICIAN, is_active=True)
    return ClinicsPage(
        rows=tuple(rows),
        invitations=_open_joins(Invitation.objects.filter(clinic__isnull=True), now),
        unattached=nowhere.exclude(pk__in=members.order_by().values("clinician")).count(),
    )


def clinic_page(*, clinic: Clinic, viewer: User, now: datetime.datetime) -> ClinicPage:
    """One clinic (at most four queries); numbers of runners for its own leads only."""
    memberships = Membership.objects.current().filter(clinic=clinic).select_related("clinician")
    rows = list(memberships.order_by("-is_lead", "clinician__name", "pk"))
    is_own_lead = any(row.is_lead and row.clinician_id == viewer.pk for row in rows)
    counts = runner_counts([row.clinician_id for row in rows], now) if is_own_lead else None
    leads = is_own_lead or viewer.is_manager
    return ClinicPage(
        clinic_id=clinic.public_id,
        name=clinic.name,
        leads=leads,
        members=tuple(_member(row, viewer, counts) for row in rows),
        invitations=_open_joins(Invitation.objects.filter(clinic=clinic), now) if leads else (),
    )


def clinic_of(clinician: User) -> Clinic | None:
    """Where a physiotherapist works (one query)."""
    return Clinic.objects.filter(memberships__clinician=clinician, memberships__left_at__isnull=True).first()


def colleagues_of(clinician: User) -> tuple[tuple[str, str], ...]:
    """Key and name of everybody else in her clinic who can sign in, by name (one query)."""
    clinics = Membership.objects.current().filter(clinician=clinician).values("clinic")
    others = Membership.objects.current().filter(clinic__in=clinics, clinician__is_active=True)
    rows = others.exclude(clinician=clinician).select_related("clinician").order_by("clinician__name", "pk")
    return tuple((str(row.clinician.public_id), str(row.clinician)) for row in rows)


def ending(*, membership: Membership, viewer: User, now: datetime.datetime) -> Ending:
    """What ends with that membership (at most three queries)."""
    person = membership.clinician
    is_you = person.pk == viewer.pk
    covers = Consent.objects.running_covers(now).filter(Q(clinician=person) | Q(covers__clinician=person))
    open_ones = HandOver.objects.open().filter(Q(consent__clinician=person) | Q(to=person))
    # A site manager is told no number of runners, not even that.
    counts = {} if viewer.is_manager else runner_counts([person.pk], now)
    return Ending(
        membership_id=membership.public_id,
        name=str(person),
        clinic=membership.clinic.name,
        is_you=is_you,
        runners=None if viewer.is_manager else counts.get(person.pk, 0),
        hand_overs=open_ones.count(),
        covers=covers.values("clinician", "covers__clinician").distinct().count(),
    )


def runner_counts(clinician_ids: list[int], now: datetime.datetime) -> dict[int, int]:
    """Clinician id -> number of runners who let her in, covers apart (one query)."""
    own = Consent.objects.own(now).filter(clinician__in=clinician_ids)
    return dict(own.order_by().values_list("clinician").annotate(Count("pk")))


def _member(row: Membership, viewer: User, counts: dict[int, int] | None) -> Member:
    return Member(
        membership_id=row.public_id,
        name=str(row.clinician),
        email=row.clinician.email,
        is_lead=row.is_lead,
        is_you=row.clinician_id == viewer.pk,
        since=row.joined_at,
        runners=None if counts is None else counts.get(row.clinician_id, 0),
    )


def _open_joins(invitations, now: datetime.datetime) -> tuple[OpenJoin, ...]:
    rows = invitations.filter(
        kind=InvitationKind.JOIN, outcome=InvitationOutcome.OPEN, expires_at__gt=now - SHOWN_AFTER_END
    )
    return tuple(
        OpenJoin(
            invitation_id=row.public_id,
            email=row.email,
            as_lead=row.as_lead,
            invited_by=str(row.invited_by),
            until=row.expires_at,
            is_over=row.expires_at <= now,
        )
        for row in rows.select_related("invited_by").order_by("-invited_at", "-pk")
    )
