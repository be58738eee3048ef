"""Messages between a runner and her physiotherapists, and the private notes of these."""

import datetime
import uuid
from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guards import clinician_required, runner_required
from accounts.origin import origin_of
from programs.access import own_programmes
from programs.forms.conversation import ClinicalNoteForm, MessageForm, ReadForm
from programs.models import Enrolment
from programs.selectors.clinical_notes import note_to_correct, notes_page
from programs.selectors.conversation import conversation_page
from programs.services.clinical_notes import write_note
from programs.services.conversation import mark_read, write_message
from programs.services.errors import NotLetIn
from programs.views.acting import attempted, sent
from programs.views.doors import runner_seen

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
@runner_required
def messages(request: HttpRequest) -> HttpResponse:
    """The runner's own; those of an earlier programme stay readable."""
    mine = own_programmes(request.user)
    return _conversation(request, mine, "programs/conversation/messages.html", redirect("messages"))


@require_http_methods(BOTH)
@clinician_required
def runner_messages(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "your messages")
    back = redirect("runner_messages", public_id)
    return _conversation(request, [enrolment], "programs/conversation/runner_messages.html", back)


@require_http_methods(BOTH)
@clinician_required
def runner_notes(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """All of them; a new one, or one in place of another."""
    enrolment = runner_seen(request, public_id, "private notes about you")
    now, number = timezone.now(), request.GET.get("page", 1)
    old = note_to_correct(enrolment, request.user, request.GET.get("correct", ""))
    initial = {"words": old.words, "replaces": old.key} if old else None
    form = ClinicalNoteForm(sent(request), initial=initial)
    if form.is_bound and form.is_valid() and _is_written(request, enrolment, form, write_note, now):
        notices.success(request, _("The note is saved."))
        return redirect("runner_notes", public_id)
    page = notes_page(enrolment=enrolment, reader=request.user, now=now, number=number)
    shown = {"page": page, "form": form, "is_correction": bool(old)}
    return render(request, "programs/conversation/runner_notes.html", shown)


def _conversation(
    request: HttpRequest, enrolments: list[Enrolment], template: str, back: HttpResponse
) -> HttpResponse:
    """Look at it, write to it, or mark what was on the page as read."""
    now, number = timezone.now(), request.GET.get("page", 1)
    if request.method == "POST" and "read" in request.POST:
        form = ReadForm(request.POST)
        if form.is_valid():
            _mark(request, enrolments, now, form.cleaned_data["through"])
            notices.success(request, _("Marked as read."))
        return back
    form = MessageForm(sent(request))
    if form.is_bound and not enrolments:
        raise Http404("No programme to write in.")
    if form.is_bound and form.is_valid() and _is_sent(request, enrolments, form, now):
        notices.success(request, _("Sent."))
        return back
    page = conversation_page(enrolments=enrolments, reader=request.user, now=now, number=number)
    if not form.is_bound:
        form.initial["through"] = page.through
    return render(request, template, {"page": page, "form": form})


def _is_sent(
    request: HttpRequest, enrolments: list[Enrolment], form: MessageForm, now: datetime.datetime
) -> bool:
    """Write it; whoever answers has read what was on the page."""
    through = form.cleaned_data.pop("through")
    if not _is_written(request, enrolments[0], form, write_message, now):
        return False
    if through:
        _mark(request, enrolments, now, through)
    return True


def _mark(
    request: HttpRequest,
    enrolments: Iterable[Enrolment],
    now: datetime.datetime,
    through: datetime.datetime,
) -> None:
    try:
        for enrolment in enrolments:
            mark_read(enrolment=enrolment, by=request.user, now=now, through=through)
    except NotLetIn:
        raise Http404("No such runner.") from None


def _is_written(
    request: HttpRequest,
    enrolment: Enrolment,
    form: forms.Form,
    service: Callable[..., object],
    now: datetime.datetime,
) -> bool:
    """Write it down; a refusal becomes an error of the form, with her words still in it."""
    given = {"enrolment": enrolment, "by": request.user, "now": now, "origin": origin_of(request)}
    return attempted(form, service, **given, **form.cleaned_data) is not None
