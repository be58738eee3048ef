"""A runner ends somebody's access: what it means first, for her programme too."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guards import runner_required
from accounts.models import Consent
from accounts.services import revoke_consent
from accounts.views.meanwhile import refused_is_not_found
from programs.selectors.access_end import access_end_page


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def access_revoke(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Ask once, and end it; a second press finds it ended."""
    hers = Consent.objects.select_related("runner", "clinician", "covers__clinician")
    consent = get_object_or_404(hers, public_id=consent_id, runner=request.user)
    now = timezone.now()
    if request.method == "POST":
        with refused_is_not_found():
            revoke_consent(runner=request.user, clinician=consent.clinician, now=now)
        messages.success(
            request, _("{clinician} can no longer see your data.").format(clinician=consent.clinician)
        )
    elif consent.revoked_at is None:
        return render(request, "account/access_end.html", {"page": access_end_page(consent=consent, now=now)})
    return redirect("access")
