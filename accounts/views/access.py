"""Who can see a runner's data: looked at, and ended by her."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.guards import runner_required
from accounts.models import Consent
from accounts.selectors import access_in_force


@require_safe
@runner_required
def access(request: HttpRequest) -> HttpResponse:
    page = {"accesses": access_in_force(runner=request.user, now=timezone.now())}
    return render(request, "account/access.html", page)


@require_POST
@runner_required
def access_revoke(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    consent = get_object_or_404(
        Consent.objects.select_related("clinician"), public_id=consent_id, runner=request.user
    )
    services.revoke_consent(runner=request.user, clinician=consent.clinician, now=timezone.now())
    messages.success(request, f"{consent.clinician} can no longer see your data.")
    return redirect("access")
