"""The end of a programme on the runner's side: what stays, and how she ends it herself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import add_refusal
from accounts.guards import runner_required
from programs.access import ended_enrolment, own_enrolment
from programs.forms.discharge import LeaveForm
from programs.models import Enrolment
from programs.selectors.after_programme import ended_page, leave_page
from programs.services.discharges import leave
from programs.services.errors import Refused
from programs.services.health import ClockSkew, check_clocks
from programs.views.acting import sent
from programs.views.doors import enrolled_runner_required


@require_safe
@runner_required
def ended(request: HttpRequest) -> HttpResponse:
    """Her last programme that has ended; it stays readable beside a new one."""
    enrolment = ended_enrolment(request.user)
    if enrolment is None:
        return redirect("today")
    page = ended_page(enrolment=enrolment, now=timezone.now())
    shown = {"page": page, "has_programme": own_enrolment(request.user) is not None}
    return render(request, "programs/runner/ended.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def leave_programme(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """What leaving means; it is done by the button, and nobody has to agree."""
    form = LeaveForm(sent(request))
    if request.method == "POST" and form.is_valid() and _has_left(request, enrolment, form):
        return redirect("ended")
    page = leave_page(enrolment=enrolment, now=timezone.now())
    return render(request, "programs/runner/leave_programme.html", {"page": page, "form": form})


def _has_left(request: HttpRequest, enrolment: Enrolment, form: LeaveForm) -> bool:
    now = timezone.now()
    try:
        # The days that are due are closed before it, so it needs clocks that agree, as a job does.
        check_clocks(now=now)
        leave(enrolment=enrolment, by=request.user, now=now, **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    except ClockSkew:
        form.add_error(None, gettext("Nothing was changed, because our clocks disagree. Try again later."))
        return False
    return True
