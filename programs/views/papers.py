"""Papers to print: the programme sheet, for the runner and for whom she let in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import clinician_required
from programs.engine.calendar import local_date
from programs.models import Enrolment
from programs.papers.sheet import sheet_pdf
from programs.selectors.lock import lock_of
from programs.selectors.sheet import sheet_of
from programs.views.doors import enrolled_runner_required, runner_seen
from programs.views.downloads import file_headers


@require_safe
@enrolled_runner_required
def programme_sheet(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Her present step on paper; while her programme is paused, a page that says why there is none."""
    return _sheet(request, enrolment)


@require_safe
@clinician_required
def runner_sheet(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The same sheet of a runner, for a physiotherapist."""
    return _sheet(request, runner_seen(request, public_id, "the printable sheet of your present step"))


def _sheet(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    lock = lock_of(enrolment)
    if lock:
        return render(request, "programs/papers/locked.html", {"lock": lock})
    today = local_date(timezone.now(), enrolment.runner.zone)
    pdf = sheet_pdf(sheet_of(enrolment=enrolment, today=today))
    # Inline: on a phone it opens in the viewer, which prints and shares.
    headers = file_headers("programme", today, "pdf", enrolment, disposition="inline")
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
