"""A device is elsewhere: its time zone is taken, or home time is kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import runner_or_clinician_required
from programs.services.people import change_time_zone, keep_home_time


@require_POST
@runner_or_clinician_required
def use_zone(request: HttpRequest) -> HttpResponse:
    """Take the zone that the device named."""
    zone = request.POST.get("zone", "")
    try:
        change_time_zone(user=request.user, time_zone=zone, now=timezone.now())
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        place = zone.replace("_", " ")
        messages.success(request, _("Your time zone is {place} now.").format(place=place))
    return redirect(_back(request))


@require_POST
@runner_or_clinician_required
def keep_home(request: HttpRequest) -> HttpResponse:
    """Offer no other zone until she says so in her settings."""
    keep_home_time(user=request.user, keeps=True)
    messages.success(request, _("Home time stays. You can change that in your settings."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    return "today" if request.user.is_runner else "mail_settings"
