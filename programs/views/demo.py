"""The demonstration's one button: close today now. Without DEMO it does not exist."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.engine.calendar import local_date
from programs.models import Enrolment
from programs.views.doors import enrolled_runner_required


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for everybody where this is no demonstration."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404("This is no demonstration.")
        return view(request, *args, **kwargs)

    return checked


@demo_only
@require_POST
@enrolled_runner_required
def close_today(request: HttpRequest, enrolment: Enrolment, send: Callable[..., object]) -> HttpResponse:
    """Hand the open day to the worker; ``send`` queues the task (the URLconf names it)."""
    today = local_date(timezone.now(), request.user.zone)
    if enrolment.decided_through >= today:
        messages.info(request, _("Today is closed already. The next day can be closed tomorrow."))
        return redirect("today")
    date = enrolment.open_date.isoformat()
    send(enrolment_id=enrolment.pk, date=date)
    return redirect(f"{reverse('today')}?deciding={date}")
