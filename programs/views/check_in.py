"""Filling the diary: the check-in, and what it led to."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import add_refusal
from programs.engine.values import DONE_SOMETHING
from programs.forms.check_in import CheckInForm
from programs.models import Enrolment
from programs.selectors.check_in import CheckInPage, check_in_page, differences, saved_page
from programs.selectors.entry_words import saved_meanwhile
from programs.selectors.library import Question
from programs.services.diary import EntryValues, Recorded, record_entry, report_red_flags
from programs.services.errors import Refused
from programs.services.late_answers import ChangedSince
from programs.views.doors import enrolled_runner_required

#: A warning sign acted and the other answers were not taken; a phone that sent them keeps those (outbox.js).
LOOK = "?look=1"


def date_of(text: str | None) -> datetime.date | None:
    """A date of the address, or 404."""
    if not text:
        return None
    try:
        date = parse_date(text)
    except ValueError:
        date = None
    if date is None:
        raise Http404("No such date.")
    return date


def _form(request: HttpRequest, page: CheckInPage) -> CheckInForm:
    return CheckInForm(
        request.POST if request.method == "POST" else None,
        initial=_prefilled(request, page) | {"seen": page.seen},
        flags=_choices(page.flags),
        asks_session=page.asks_session,
        may_rest=page.may_rest,
        asks_minutes=page.asks_minutes,
        is_today=page.is_today,
        button=_("Save correction") if page.is_closed else _("Save check-in"),
        action=reverse("check_in_for", args=[page.date.isoformat()]),
    )


def _prefilled(request: HttpRequest, page: CheckInPage) -> dict:
    """What a guided session says of itself, where no entry says otherwise; never a score, and not saved."""
    said = request.GET.get("session")
    known = page.is_today and not page.initial.get("session") and said in DONE_SOMETHING
    return page.initial | {"session": said} if known else page.initial


def _choices(flags: tuple[Question, ...]) -> list[tuple[str, str]]:
    return [(flag.code, flag.text) for flag in flags]


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def check_in(request: HttpRequest, enrolment: Enrolment, date: str | None = None) -> HttpResponse:
    now, is_sent = timezone.now(), request.method == "POST"
    asked = {"enrolment": enrolment, "date": date_of(date or request.GET.get("date")), "now": now}
    page = check_in_page(**asked, with_changes=not is_sent)
    form = _form(request, page)
    if not is_sent:
        return _shown(request, page, form)
    whose = {"enrolment": enrolment, "by": request.user, "now": now}
    try:
        recorded = _record(form, page, **whose)
    except ChangedSince:
        return _report(form, page, request, **whose) or _which(request, check_in_page(**asked), form)
    if recorded is None:
        answer = _report(form, page, request, **whose)
        return answer or _shown(request, check_in_page(**asked), form)
    for words in saved_meanwhile(recorded.entry, recorded.kept, recorded.replaced):
        messages.warning(request, words)
    if recorded.entry.red_flags:
        return redirect("paused")
    return redirect("check_in_saved", date=page.date.isoformat())


def _shown(request: HttpRequest, page: CheckInPage, form: CheckInForm) -> HttpResponse:
    return render(request, "programs/runner/check_in.html", {"page": page, "form": form})


def _record(form: CheckInForm, page: CheckInPage, **whose) -> Recorded | None:
    """Write the entry; None where the form comes back with what is wrong."""
    if not form.is_valid():
        return None
    sent, values = form.cleaned_data, EntryValues(**form.values())
    try:
        return record_entry(
            date=page.date, values=values, made_at=sent["made_at"], seen=sent["seen"], **whose
        )
    except ChangedSince:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return None


def _report(form: CheckInForm, page: CheckInPage, request: HttpRequest, **whose) -> HttpResponse | None:
    """A new warning sign acts also where another answer of the form is wrong."""
    new = tuple(code for code in form.ticked() if code not in page.initial.get("red_flags", ()))
    if not new:
        return None
    messages.warning(request, _("Your warning sign is recorded. The other answers are not: check in again."))
    report_red_flags(codes=new, **whose)
    return redirect(reverse("paused") + LOOK)


def _which(request: HttpRequest, page: CheckInPage, form: CheckInForm) -> HttpResponse:
    """Answers that waited on a phone, and others given since: she chooses, nothing is overwritten."""
    both = differences(page, form.values())
    # Sent once more, the answers are those of now.
    form.data = form.data.copy()
    form.data["made_at"], form.data["seen"] = "", page.seen
    page_of_both = {"page": page, "form": form, "both": both}
    return render(request, "programs/runner/check_in.html", page_of_both, status=409)


@require_safe
@enrolled_runner_required
def check_in_saved(request: HttpRequest, enrolment: Enrolment, date: str) -> HttpResponse:
    page = saved_page(enrolment=enrolment, date=date_of(date), now=timezone.now())
    if page is None:
        return redirect("check_in")
    return render(request, "programs/runner/check_in_saved.html", {"page": page})
