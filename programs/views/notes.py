"""Extra pain notes: add one, correct one, withdraw one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import add_refusal
from programs.access import own_note
from programs.forms.notes import NoteForm
from programs.models import Enrolment, PainNote
from programs.selectors.notes import NotePage, note_page, note_page_of
from programs.services.errors import Refused
from programs.services.notes import NoteValues, add_note, withdraw_note
from programs.views.check_in import date_of
from programs.views.doors import enrolled_runner_required


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def note(request: HttpRequest, enrolment: Enrolment, date: str | None = None) -> HttpResponse:
    page = note_page(enrolment=enrolment, date=date_of(date), now=timezone.now())
    return _answer(request, enrolment, page)


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def note_change(request: HttpRequest, enrolment: Enrolment, key: uuid.UUID) -> HttpResponse:
    noted = own_note(enrolment, key)
    sent = request.POST.get("key", "")
    page = note_page_of(enrolment=enrolment, note=noted, now=timezone.now(), sent=sent)
    if page is None:
        messages.warning(request, _("This note was changed or withdrawn already."))
        return _to_its_day(noted)
    return _answer(request, enrolment, page)


@require_POST
@enrolled_runner_required
def note_withdraw(request: HttpRequest, enrolment: Enrolment, key: uuid.UUID) -> HttpResponse:
    noted = own_note(enrolment, key)
    try:
        withdraw_note(enrolment=enrolment, by=request.user, now=timezone.now(), key=key)
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Your note is withdrawn. It counts no more."))
    return _to_its_day(noted)


def _answer(request: HttpRequest, enrolment: Enrolment, page: NotePage) -> HttpResponse:
    button = _("Save correction") if page.replaces else _("Save this note")
    data = request.POST if request.method == "POST" else None
    form = NoteForm(data, initial=page.initial, is_today=page.is_today, button=button)
    if request.method == "POST" and form.is_valid():
        values = NoteValues(**form.cleaned_data, replaces=page.replaces)
        try:
            noted = add_note(
                enrolment=enrolment, by=request.user, now=timezone.now(), date=page.date, values=values
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return _to_its_day(noted.note)
    return render(request, "programs/runner/note.html", {"page": page, "form": form})


def _to_its_day(noted: PainNote) -> HttpResponse:
    return redirect("check_in_saved", date=noted.entry.date.isoformat())
