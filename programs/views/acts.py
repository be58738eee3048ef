"""More acts of a physiotherapist: confirm a step, move a runner, end a programme."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guards import clinician_required
from programs.forms.discharge import DischargeForm
from programs.forms.moves import MoveForm, SignOffForm
from programs.models import Enrolment, ProgrammeVersion
from programs.selectors.act import ActPage, act_page
from programs.selectors.discharge import discharge_page
from programs.selectors.move import MovePage, move_choices, move_page
from programs.selectors.sign_off import sign_off_page
from programs.services.confirmations import confirm_stage
from programs.services.discharges import discharge as end_programme
from programs.services.moves import move_version
from programs.views.acting import is_done, sent
from programs.views.doors import runner_seen


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def override_sign_off(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment, page = _door(request, public_id)
    form = SignOffForm(sent(request), today=page.today)
    if is_done(request, enrolment, form, confirm_stage):
        return _back(request, page, _("The stage is confirmed."))
    asked = sign_off_page(enrolment=enrolment, now=timezone.now())
    return render(request, "programs/clinician/sign_off.html", {"page": page, "asked": asked, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def override_move(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose where to; then look at what would be different, and move."""
    enrolment, page = _door(request, public_id)
    chosen = request.POST.get("version") or request.GET.get("version", "")
    number = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 9 else None
    move = move_page(enrolment=enrolment, by=request.user, version=number) if number else None
    if move is None:
        if chosen:
            messages.warning(request, _("That version is not published for your runners. Choose another."))
        shown = {"page": page, "choices": move_choices(enrolment=enrolment, by=request.user)}
        return render(request, "programs/clinician/move_choose.html", shown)
    return _move(request, enrolment, page, move)


def _move(request: HttpRequest, enrolment: Enrolment, page: ActPage, move: MovePage) -> HttpResponse:
    given = {"version": move.option.pk, "stages": move.stages, "proposed": move.proposed}
    form = MoveForm(sent(request), today=page.today, **given)
    version = ProgrammeVersion(pk=move.option.pk)
    if is_done(request, enrolment, form, move_version, version=version):
        return _back(request, page, _("The runner is moved."))
    return render(request, "programs/clinician/move.html", {"page": page, "move": move, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def discharge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment, page = _door(request, public_id)
    end = discharge_page(enrolment=enrolment, now=timezone.now())
    limits = {"is_paused": enrolment.is_paused, "is_pressing": end.is_pressing}
    form = DischargeForm(sent(request), **limits)
    if is_done(request, enrolment, form, end_programme):
        words = _("The programme has ended. {name} reads your summary on the next page they open.")
        messages.success(request, words.format(name=page.name))
        return redirect("runner", page.public_id)
    return render(request, "programs/clinician/discharge.html", {"page": page, "end": end, "form": form})


def _door(request: HttpRequest, public_id: uuid.UUID) -> tuple[Enrolment, ActPage]:
    enrolment = runner_seen(request, public_id, "a form to act on your programme")
    return enrolment, act_page(enrolment=enrolment, now=timezone.now())


def _back(request: HttpRequest, page: ActPage, done: str) -> HttpResponse:
    words = _("{done} {name} reads your reason on the next page they open.")
    messages.success(request, words.format(done=done, name=page.name))
    return redirect("runner", page.public_id)
