"""The runner's progress."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import runner_required
from accounts.kept import forget_yesterday
from programs.access import ended_enrolment, own_enrolment
from programs.engine.calendar import local_date
from programs.selectors.progress import RANGES, USUAL_RANGE, Asked, progress_page


@require_safe
@runner_required
def progress(request: HttpRequest) -> HttpResponse:
    """Pain over time, and what changed and why."""
    enrolment = own_enrolment(request.user) or ended_enrolment(request.user)
    if enrolment is None:
        return render(request, "programs/progress/not_yet.html")
    asked = asked_of(request)
    now = timezone.now()
    forget_yesterday(now.date())
    today = local_date(now, request.user.zone)
    # After its end there are no days that could be missing.
    last = today if enrolment.is_active else min(today, enrolment.discharge.date)
    page = progress_page(enrolment, today=last, asked=asked)
    return render(request, "programs/progress/progress.html", {"page": page, "asked": asked})


def asked_of(request: HttpRequest, show: str = "changes") -> Asked:
    """What the address asks for; what it does not say, or not rightly, is the usual."""
    chosen, page = request.GET.get("range"), request.GET.get("page", "")
    return Asked(
        range=chosen if chosen in RANGES else USUAL_RANGE,
        every_day=request.GET.get("show", show) == "every-day",
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )
