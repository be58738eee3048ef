"""Who can see a runner's data: given and ended by her."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.forms import GrantAccessForm
from accounts.guards import runner_required
from accounts.models import Consent
from accounts.selectors import access_in_force


@require_safe
@runner_required
def access(request: HttpRequest) -> HttpResponse:
    return _access_page(request, GrantAccessForm())


@require_POST
@runner_required
def access_grant(request: HttpRequest) -> HttpResponse:
    form = GrantAccessForm(request.POST)
    if not form.is_valid():
        return _access_page(request, form)
    services.grant_consent_by_email(runner=request.user, email=form.cleaned_data["email"], now=timezone.now())
    # The same words whoever owns the address: nobody can ask here who is registered.
    messages.success(
        request,
        "If a physiotherapist with that address works here, they can now see your diary and act on it.",
    )
    return redirect("access")


@require_POST
@runner_required
def access_revoke(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    consent = get_object_or_404(
        Consent.objects.select_related("clinician"), public_id=consent_id, runner=request.user
    )
    services.revoke_consent(runner=request.user, clinician=consent.clinician, now=timezone.now())
    messages.success(request, f"{consent.clinician} can no longer see your data.")
    return redirect("access")


def _access_page(request: HttpRequest, form: GrantAccessForm) -> HttpResponse:
    page = {"accesses": access_in_force(runner=request.user, now=timezone.now()), "form": form}
    return render(request, "account/access.html", page)
