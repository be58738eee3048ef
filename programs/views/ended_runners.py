"""The list of runners whose programme has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import clinician_required
from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access
from programs.selectors.ended_runners import ended_page


@require_safe
@clinician_required
def ended_runners(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = ended_page(clinician=request.user, now=now, query=request.GET.get("q", ""))
    record_access(
        runner_ids=page.runner_ids,
        actor=request.user,
        act=Act.LIST,
        detail="list of ended programmes, with how they ended",
        now=now,
        origin=origin_of(request),
    )
    return render(request, "programs/clinician/ended_runners.html", {"page": page})
