"""Country and time zone of a runner; her mails have a page of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from programs.clinic_defaults import clinic_defaults_of
from programs.forms.country import known_country
from programs.forms.settings import SettingsForm
from programs.models import Enrolment
from programs.selectors.zones import former_zones
from programs.services.people import change_settings
from programs.views.doors import enrolled_runner_required


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def settings(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    number = clinic_defaults_of(enrolment).emergency_number
    form = SettingsForm(sent, initial=_initial(enrolment), number=number)
    if request.method == "POST" and form.is_valid():
        change_settings(enrolment=enrolment, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings")
    shown = {"form": form, "former_zones": former_zones(enrolment.runner)}
    return render(request, "programs/runner/settings.html", shown)


def _initial(enrolment: Enrolment) -> dict:
    return {
        "time_zone": enrolment.runner.time_zone,
        "country": known_country(enrolment.runner.country),
        "keeps_home_time": enrolment.runner.keeps_home_time,
    }
