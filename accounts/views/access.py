"""Who can see a runner's data, and what she answers to a hand-over. Ending it is in ``programs``."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import runner_required
from accounts.models import HandOver
from accounts.selectors import access_page
from accounts.services.errors import Refused
from accounts.services.hand_overs import agree_to_hand_over, refuse_hand_over


@require_safe
@runner_required
def access(request: HttpRequest) -> HttpResponse:
    page = access_page(runner=request.user, now=timezone.now())
    return render(request, "account/access.html", {"page": page})


@require_POST
@runner_required
def hand_over_refuse(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    return _answered(request, hand_over_id, refuse_hand_over, _("{} does not take over. Nothing changes."))


@require_POST
@runner_required
def hand_over_agree(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    return _answered(request, hand_over_id, agree_to_hand_over, _("{} has taken over."))


def _answered(
    request: HttpRequest, hand_over_id: uuid.UUID, service: Callable[..., None], done: str
) -> HttpResponse:
    """Answer a hand-over of her own; one that is settled meanwhile says so."""
    hers = HandOver.objects.filter(consent__runner=request.user).select_related("to")
    hand_over = get_object_or_404(hers, public_id=hand_over_id)
    try:
        service(hand_over=hand_over, runner=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done.format(hand_over.to))
    return redirect("access")
