"""The physiotherapist's pages of one runner, and her acts."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import clinician_required
from programs.forms.override import ClearForm, HoldForm, StageForm
from programs.models import Enrolment
from programs.selectors.act import ActPage, act_page
from programs.selectors.runner import runner_page
from programs.services import overrides
from programs.views.acting import is_done, sent
from programs.views.doors import runner_seen
from programs.views.progress import asked_of


@require_safe
@clinician_required
def runner(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "the page with your diary, progress and decisions")
    asked = asked_of(request, show="every-day")
    whole = request.GET.get("diary") == "whole"
    page = runner_page(enrolment=enrolment, by=request.user, now=timezone.now(), asked=asked, whole=whole)
    return render(request, "programs/clinician/runner.html", {"page": page, "asked": asked})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def override_hold(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment, page = _door(request, public_id)
    form = HoldForm(sent(request), today=page.today)
    if is_done(request, enrolment, form, overrides.hold_until):
        return _back(request, page, _("The hold is set."))
    return render(request, "programs/clinician/hold.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def override_stage(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment, page = _door(request, public_id)
    form = StageForm(sent(request), today=page.today, stages=page.stages)
    if is_done(request, enrolment, form, overrides.set_stage):
        return _back(request, page, _("The stage is set."))
    return render(request, "programs/clinician/set_stage.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def override_clear(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment, page = _door(request, public_id)
    needed = {"needs_assessment": page.needs_assessment, "since": page.assessed_since}
    form = ClearForm(sent(request), today=page.today, **needed)
    if is_done(request, enrolment, form, overrides.clear_pause):
        return _back(request, page, _("The pause is cleared."))
    return render(request, "programs/clinician/clear.html", {"page": page, "form": form})


def _door(request: HttpRequest, public_id: uuid.UUID) -> tuple[Enrolment, ActPage]:
    enrolment = runner_seen(request, public_id, "a form to act on your programme")
    return enrolment, act_page(enrolment=enrolment, now=timezone.now())


def _back(request: HttpRequest, page: ActPage, done: str) -> HttpResponse:
    messages.success(
        request,
        _("{done} {name} reads your reason on the next page they open.").format(done=done, name=page.name),
    )
    return redirect("runner", page.public_id)
