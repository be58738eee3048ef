"""A physiotherapist goes on holiday, and a colleague covers."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.forms.hand_over import CoverForm
from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_required
from accounts.models import User
from accounts.selectors.clinic import colleagues_of
from accounts.selectors.covers import covers_page
from accounts.services.covers import end_cover, start_cover
from accounts.services.errors import Refused


@require_safe
@clinician_required
def covers(request: HttpRequest) -> HttpResponse:
    page = covers_page(clinician=request.user, now=timezone.now())
    return render(request, "account/covers.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def cover_new(request: HttpRequest) -> HttpResponse:
    colleagues = colleagues_of(request.user)
    form = CoverForm(
        request.POST if request.method == "POST" else None,
        colleagues=colleagues,
        today=timezone.localdate(timezone.now(), request.user.zone),
        zone=request.user.zone,
    )
    if request.method == "POST" and form.is_valid() and _is_begun(request, form):
        return redirect("covers")
    return render(request, "account/cover_new.html", {"form": form, "has_colleagues": bool(colleagues)})


@require_POST
@clinician_required
def cover_end(request: HttpRequest, cover_id: uuid.UUID) -> HttpResponse:
    cover = doors.cover_of(request.user, cover_id)
    pair = {"clinician": cover.covers.clinician, "colleague": cover.clinician}
    end_cover(**pair, by=request.user, now=timezone.now())
    messages.success(
        request,
        _("{colleague} no longer covers for {clinician}.").format(**pair),
    )
    return redirect("covers")


def _is_begun(request: HttpRequest, form: CoverForm) -> bool:
    """Start the cover; a refusal becomes an error of the form."""
    colleague = get_object_or_404(User, public_id=form.cleaned_data["colleague"])
    begins_at, ends_at = form.instants
    try:
        count = start_cover(
            clinician=request.user,
            colleague=colleague,
            begins_at=begins_at,
            ends_at=ends_at,
            now=timezone.now(),
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    _say_how_many(request, colleague, count)
    return True


def _say_how_many(request: HttpRequest, colleague: User, count: int) -> None:
    if count:
        words = _("{colleague} covers for {count} of your runners on these days.")
        messages.success(request, words.format(colleague=colleague, count=count))
    else:
        words = _("There is no runner whom {colleague} can cover for. Nothing was arranged.")
        messages.info(request, words.format(colleague=colleague))
