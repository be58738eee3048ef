"""The report of progress as a file: for the runner, and for whoever she let in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import clinician_required
from accounts.models import Act
from programs.models import Enrolment
from programs.papers.report import report_pdf
from programs.selectors.report import PERIODS, report_of
from programs.views.doors import enrolled_runner_required, runner_seen
from programs.views.downloads import file_headers


@require_safe
@enrolled_runner_required
def my_report(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    return _file(request, enrolment)


@require_safe
@clinician_required
def runner_report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return _file(request, runner_seen(request, public_id, "the report of your progress", Act.EXPORT))


def _file(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """``?days=`` says of how long; else of everything."""
    now = timezone.now()
    days = next((days for days in PERIODS if request.GET.get("days") == str(days)), None)
    content = report_pdf(report_of(enrolment=enrolment, by=request.user, now=now, days=days))
    headers = file_headers("report", now.date(), "pdf", enrolment)
    return HttpResponse(content, content_type="application/pdf", headers=headers)
