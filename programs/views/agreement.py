"""How often people of a clinic decided otherwise than the engine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import clinician_required
from programs.selectors.agreement import PERIODS, USUAL_PERIOD, agreement_page


@require_safe
@clinician_required
def agreement(request: HttpRequest) -> HttpResponse:
    """Numbers of a whole clinic; what the address asks for wrongly is the usual time."""
    days = next((days for days in PERIODS if request.GET.get("days") == str(days)), USUAL_PERIOD)
    page = agreement_page(clinician=request.user, now=timezone.now(), days=days)
    return render(request, "programs/clinician/agreement.html", {"page": page, "periods": PERIODS})
