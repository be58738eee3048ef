"""How a clinic works: set by its leads; colleagues read it on the page of the clinic."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import doors
from accounts.forms.clinic_settings import ClinicSettingsForm
from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_or_manager_required
from accounts.models import Clinic
from accounts.selectors.clinic_settings import settings_of
from accounts.services.clinic_settings import ClinicSettings, change_settings
from accounts.services.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_or_manager_required
def clinic_settings(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    clinic = doors.clinic_led_by(request.user, clinic_id)
    sent = request.POST if request.method == "POST" else None
    form = ClinicSettingsForm(sent, initial=settings_of(clinic).values)
    if _is_changed(request, clinic, form):
        messages.success(request, _("The settings of {clinic} are saved.").format(clinic=clinic))
        return redirect("clinic_settings", clinic.public_id)
    shown = {"form": form, "clinic": clinic, "page": settings_of(clinic)}
    return render(request, "account/clinic_settings.html", shown)


def _is_changed(request: HttpRequest, clinic: Clinic, form: ClinicSettingsForm) -> bool:
    """Save, if the form was sent and is sound; a refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    values = ClinicSettings(**form.cleaned_data)
    try:
        change_settings(clinic=clinic, by=request.user, now=timezone.now(), values=values)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True
