"""The only doors to what clinics are made of. Not yours is 404: nobody learns that it exists."""

import uuid

from django.db.models import Q
from django.shortcuts import get_object_or_404

from accounts.models import (
    Clinic,
    Consent,
    ConsentVia,
    HandOver,
    Invitation,
    InvitationKind,
    Membership,
    User,
)


def clinic_led_by(user: User, clinic_id: uuid.UUID) -> Clinic:
    """Any clinic for a site manager, her own for a lead. Raises Http404."""
    return get_object_or_404(Clinic.objects.led_by(user), public_id=clinic_id)


def membership_led_by(user: User, membership_id: uuid.UUID) -> Membership:
    """Somebody of a clinic that this person leads. Raises Http404."""
    return get_object_or_404(_memberships().filter(_is_led_by(user)), public_id=membership_id)


def membership_to_end(user: User, membership_id: uuid.UUID) -> Membership:
    """Her own, or that of somebody of a clinic that she leads. Raises Http404."""
    hers = _is_led_by(user) | Q(clinician=user)
    return get_object_or_404(_memberships().filter(hers), public_id=membership_id)


def join_invitation_of(user: User, invitation_id: uuid.UUID) -> Invitation:
    """An invitation into a clinic that she leads; one without a clinic for site managers. Raises Http404."""
    hers = _is_led_by(user) | Q(clinic__isnull=True) if user.is_manager else _is_led_by(user)
    invitations = Invitation.objects.filter(hers, kind=InvitationKind.JOIN).select_related("clinic")
    return get_object_or_404(invitations, public_id=invitation_id)


def hand_over_of(user: User, hand_over_id: uuid.UUID) -> HandOver:
    """One that she proposed, of her own runner, or to her. Raises Http404."""
    hers = Q(proposed_by=user) | Q(consent__clinician=user) | Q(to=user)
    return get_object_or_404(HandOver.objects.filter(hers), public_id=hand_over_id)


def cover_of(user: User, cover_id: uuid.UUID) -> Consent:
    """A cover by her or for her. Raises Http404."""
    hers = Q(clinician=user) | Q(covers__clinician=user)
    covers = Consent.objects.filter(hers, via=ConsentVia.COVER).select_related(
        "clinician", "covers__clinician"
    )
    return get_object_or_404(covers, public_id=cover_id)


def _memberships():
    return Membership.objects.current().select_related("clinic", "clinician")


def _is_led_by(user: User) -> Q:
    return Q(clinic__in=Clinic.objects.led_by(user))
