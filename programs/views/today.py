"""Today and the reasons: pages that only read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.models import Enrolment
from programs.selectors.today import today_page
from programs.selectors.why import why_page
from programs.views.doors import enrolled_runner_required


@require_safe
@enrolled_runner_required
def today(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    page = today_page(enrolment=enrolment, now=timezone.now())
    deciding = settings.DEMO and request.GET.get("deciding") == enrolment.open_date.isoformat()
    return render(request, "programs/runner/today.html", {"page": page, "deciding": deciding})


@require_safe
@enrolled_runner_required
def why(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    page = why_page(enrolment=enrolment, now=timezone.now())
    return render(request, "programs/runner/why.html", {"page": page})
