"""The runner's progress."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import runner_required
from programs.access import own_enrolment
from programs.engine.calendar import local_date
from programs.selectors.progress import progress_page

#: What ?range= may say, and how many days that is; None is all.
RANGES = {"2-weeks": 14, "6-weeks": 42, "all": None}
USUAL_RANGE = "6-weeks"


@require_safe
@runner_required
def progress(request: HttpRequest) -> HttpResponse:
    """Pain over time, and what changed and why."""
    enrolment = own_enrolment(request.user)
    if enrolment is None:
        return render(request, "programs/progress/not_yet.html")
    chosen = request.GET.get("range")
    chosen = chosen if chosen in RANGES else USUAL_RANGE
    page = progress_page(
        enrolment,
        today=local_date(timezone.now(), request.user.zone),
        days=RANGES[chosen],
        every_day=request.GET.get("show") == "every-day",
    )
    return render(request, "programs/progress/progress.html", {"page": page, "range": chosen})
