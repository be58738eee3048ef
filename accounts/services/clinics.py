"""Clinics: made by a site manager, joined by invitation, left at any time."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Clinic, Membership, User
from accounts.models.user import clean_name
from accounts.services.colleagues import may_lead
from accounts.services.covers import end_covers_of
from accounts.services.errors import Refused
from accounts.services.hand_overs import call_off_hand_overs_of


@transaction.atomic
def create_clinic(*, name: str, by: User, now: datetime.datetime) -> Clinic:
    """Create an empty clinic; its first lead joins by invitation. Raises Refused."""
    if not by.is_manager:
        raise Refused(_("Only a site manager creates a clinic."))
    name = clean_name(name)
    if not name:
        raise Refused(_("Enter a name."), "name")
    return Clinic.objects.create(name=name[:80], created_at=now, created_by=by, time_zone=by.time_zone)


def join_clinic(
    *, clinic: Clinic, clinician: User, now: datetime.datetime, is_lead: bool = False
) -> Membership:
    """Make a physiotherapist a colleague there. Raises Refused where she is in another clinic.

    Whoever is there already stays; she may become a lead by it.
    """
    if not clinician.is_clinician:
        raise Refused(_("Only a physiotherapist joins a clinic."))
    try:
        with transaction.atomic():
            return Membership.objects.create(
                clinic=clinic, clinician=clinician, joined_at=now, is_lead=is_lead
            )
    except IntegrityError:
        present = Membership.objects.current().filter(clinician=clinician, clinic=clinic).first()
    if present is None:
        raise Refused(_("You are in another clinic. Leave that one first, on the page Clinic."))
    if is_lead and not present.is_lead:
        present.is_lead = True
        present.save(update_fields=["is_lead"])
    return present


@transaction.atomic
def leave_clinic(*, membership: Membership, by: User, now: datetime.datetime) -> None:
    """End a membership, by the person, a lead of the same clinic or a site manager.

    Covers and open hand-overs by, for and to her end with it: they rest on the
    clinic. Her own runners stay hers. Raises Refused.
    """
    current = Membership.objects.current().select_related("clinic", "clinician")
    membership = current.select_for_update(of=("self",)).filter(pk=membership.pk).first()
    if membership is None:
        return
    if membership.clinician_id != by.pk and not may_lead(by, membership.clinic):
        raise Refused(_("Only a lead of this clinic can do that."))
    membership.left_at = now
    membership.left_by = by
    membership.save(update_fields=["left_at", "left_by"])
    end_covers_of(membership.clinician, by=by, now=now)
    call_off_hand_overs_of(membership.clinician, now=now)


@transaction.atomic
def set_lead(*, membership: Membership, is_lead: bool, by: User) -> None:
    """Name a lead, or take the part away again. Raises Refused."""
    if not may_lead(by, membership.clinic):
        raise Refused(_("Only a lead of this clinic can do that."))
    Membership.objects.current().filter(pk=membership.pk).update(is_lead=is_lead)
