"""Country, time zone and reminder of a runner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from programs.clinic_defaults import clinic_defaults_of
from programs.forms.country import known_country
from programs.forms.settings import DEFAULT_REMINDER, SettingsForm
from programs.models import Enrolment, MessageKind
from programs.services.people import change_settings
from programs.views.doors import enrolled_runner_required


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def settings(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    now = timezone.now()
    sent = request.POST if request.method == "POST" else None
    number = clinic_defaults_of(enrolment).emergency_number
    form = SettingsForm(sent, initial=_initial(enrolment), number=number)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        change_settings(
            enrolment=enrolment,
            time_zone=given["time_zone"],
            country=given["country"],
            reminder=given["reminder_time"],
            now=now,
        )
        messages.success(request, _("Saved."))
        return redirect("settings")
    return render(request, "programs/runner/settings.html", {"form": form})


def _initial(enrolment: Enrolment) -> dict:
    reminder = enrolment.runner.mail_choices.filter(kind=MessageKind.REMINDER, is_on=True).first()
    return {
        "time_zone": enrolment.runner.time_zone,
        "country": known_country(enrolment.runner.country),
        "reminder": "yes" if reminder else "no",
        "reminder_time": reminder.wall if reminder else DEFAULT_REMINDER,
    }
