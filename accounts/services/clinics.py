"""Clinics: made by a site manager, joined by invitation, left at any time."""

import datetime

from django.db import IntegrityError, transaction

from accounts.models import Clinic, Consent, Membership, User
from accounts.models.user import clean_name
from accounts.services.consents import end_consent
from accounts.services.errors import Refused


@transaction.atomic
def create_clinic(*, name: str, by: User, now: datetime.datetime) -> Clinic:
    """Create an empty clinic; its first lead joins by invitation."""
    if not by.is_manager:
        raise Refused("Only a site manager creates a clinic.")
    name = clean_name(name)
    if not name:
        raise Refused("Enter a name.", "name")
    return Clinic.objects.create(name=name[:80], created_at=now, created_by=by)


def join_clinic(
    *, clinic: Clinic, clinician: User, now: datetime.datetime, is_lead: bool = False
) -> Membership:
    """Make a physiotherapist a colleague there. Raises Refused where she has a clinic already."""
    if not clinician.is_clinician:
        raise Refused("Only a physiotherapist joins a clinic.")
    try:
        with transaction.atomic():
            return Membership.objects.create(
                clinic=clinic, clinician=clinician, joined_at=now, is_lead=is_lead
            )
    except IntegrityError:
        raise Refused("You are in a clinic already. Leave it first, under Clinic.") from None


@transaction.atomic
def leave_clinic(*, membership: Membership, by: User, now: datetime.datetime) -> None:
    """End a membership, by the person, a lead of the same clinic or a site manager.

    Covers by and for colleagues end with it: they rest on the clinic.
    """
    membership = Membership.objects.current().select_for_update().filter(pk=membership.pk).first()
    if membership is None:
        return
    if membership.clinician_id != by.pk and not may_lead(by, membership.clinic):
        raise Refused("Only a lead of this clinic can do that.")
    membership.left_at = now
    membership.left_by = by
    membership.save(update_fields=["left_at", "left_by"])
    person = membership.clinician_id
    for cover in Consent.objects.unrevoked().filter(via="cover").select_related("covers", "clinician"):
        if person in (cover.clinician_id, cover.covers.clinician_id):
            User.objects.select_for_update().get(pk=cover.runner_id)
            end_consent(cover, by=by, now=now)


@transaction.atomic
def set_lead(*, membership: Membership, is_lead: bool, by: User) -> None:
    """Name a lead, or take the part away again."""
    if not may_lead(by, membership.clinic):
        raise Refused("Only a lead of this clinic can do that.")
    Membership.objects.current().filter(pk=membership.pk).update(is_lead=is_lead)


def may_lead(user: User, clinic: Clinic) -> bool:
    """True for a site manager, and for a lead of that clinic."""
    if user.is_manager:
        return True
    return Membership.objects.current().filter(clinic=clinic, clinician=user, is_lead=True).exists()


def are_colleagues(first: User, second: User) -> bool:
    """True where both are in the same clinic now."""
    clinics = Membership.objects.current().filter(clinician=first).values("clinic")
    return Membership.objects.current().filter(clinician=second, clinic__in=clinics).exists()
