"""Clinics: a site manager's, a lead's and a colleague's pages."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.forms.clinic import ClinicForm, InviteColleagueForm, InviteForm, LeadForm
from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_or_manager_required, clinician_required, manager_required
from accounts.models import Clinic
from accounts.selectors import clinic as selectors
from accounts.selectors.clinic_settings import settings_of
from accounts.services import clinics as services
from accounts.services.errors import Refused
from accounts.services.joins import LIFE, invite_clinician, withdraw_join
from accounts.views.meanwhile import refused_is_not_found


@require_safe
@manager_required
def clinics(request: HttpRequest) -> HttpResponse:
    return render(request, "account/clinics.html", {"page": selectors.clinics_page(now=timezone.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def clinic_new(request: HttpRequest) -> HttpResponse:
    form = ClinicForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = services.create_clinic(name=form.cleaned_data["name"], by=request.user, now=timezone.now())
        messages.success(request, _("{made} is there. Invite its lead now.").format(made=made))
        return redirect("clinic", made.public_id)
    return render(request, "account/clinic_new.html", {"form": form})


@require_safe
@manager_required
def clinic(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    found = doors.clinic_led_by(request.user, clinic_id)
    page = selectors.clinic_page(clinic=found, viewer=request.user, now=timezone.now())
    return render(request, "account/clinic.html", {"page": page, "rules": settings_of(found)})


@require_safe
@clinician_required
def my_clinic(request: HttpRequest) -> HttpResponse:
    found = selectors.clinic_of(request.user)
    page = selectors.clinic_page(clinic=found, viewer=request.user, now=timezone.now()) if found else None
    rules = settings_of(found) if found else None
    return render(request, "account/clinic.html", {"page": page, "rules": rules})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_or_manager_required
def clinic_invite(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    found = doors.clinic_led_by(request.user, clinic_id)
    form = InviteColleagueForm(request.POST if request.method == "POST" else None)
    if _is_invited(request, form, found):
        return _to_clinic(request, found)
    return render(request, "account/clinic_invite.html", {"form": form, "clinic": found})


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def join_invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None)
    if _is_invited(request, form, None):
        return redirect("clinics")
    return render(request, "account/clinic_invite.html", {"form": form})


@require_POST
@clinician_or_manager_required
def join_withdraw(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    invitation = doors.join_invitation_of(request.user, invitation_id)
    with refused_is_not_found():
        withdraw_join(invitation=invitation, by=request.user, now=timezone.now())
    messages.success(
        request, _("The link that went to {email} does not work any more.").format(email=invitation.email)
    )
    return _to_clinic(request, invitation.clinic)


@require_POST
@clinician_or_manager_required
def member_lead(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    membership = doors.membership_led_by(request.user, membership_id)
    form = LeadForm(request.POST)
    if form.is_valid():
        is_lead = form.cleaned_data["is_lead"]
        with refused_is_not_found():
            services.set_lead(membership=membership, is_lead=is_lead, by=request.user)
        words = (
            _("{clinician} now leads {clinic}.") if is_lead else _("{clinician} no longer leads {clinic}.")
        )
        messages.success(request, words.format(clinician=membership.clinician, clinic=membership.clinic))
    return _to_clinic(request, membership.clinic)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_or_manager_required
def member_end(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    membership = doors.membership_to_end(request.user, membership_id)
    now = timezone.now()
    if request.method == "POST":
        with refused_is_not_found():
            services.leave_clinic(membership=membership, by=request.user, now=now)
        messages.success(
            request,
            _("{clinician} is no longer in {clinic}.").format(
                clinician=membership.clinician, clinic=membership.clinic
            ),
        )
        return _to_clinic(request, membership.clinic)
    page = selectors.ending(membership=membership, viewer=request.user, now=now)
    return render(request, "account/clinic_end.html", {"page": page, "clinic": membership.clinic})


def _is_invited(request: HttpRequest, form: InviteForm, clinic: Clinic | None) -> bool:
    """Invite, if the form was sent and is sound; a refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        invite_clinician(by=request.user, clinic=clinic, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    # The same words whether anybody has an account there or not.
    email = form.cleaned_data["email"]
    messages.success(
        request,
        _("An invitation goes to {email}. Its link works for {days} days.").format(
            email=email, days=LIFE.days
        ),
    )
    return True


def _to_clinic(request: HttpRequest, clinic: Clinic | None) -> HttpResponse:
    if request.user.is_clinician:
        return redirect("my_clinic")
    return redirect("clinic", clinic.public_id) if clinic else redirect("clinics")
