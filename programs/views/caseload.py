"""The caseload, and what is done on it: put off, "I have seen these", views, one message to several."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_required
from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access
from programs.forms.caseload import SeenForm, SeveralForm, SnoozeForm, ViewForm
from programs.models import Enrolment
from programs.selectors.caseload import CaseloadPage, caseload_page
from programs.selectors.caseload_filters import Asked, asked_of
from programs.selectors.snoozes import snooze_page
from programs.services import caseload as services
from programs.services.errors import NotLetIn, Refused
from programs.views.acting import attempted, sent
from programs.views.case_rows import Rows
from programs.views.doors import runner_seen


@require_safe
@clinician_required
def caseload(request: HttpRequest) -> HttpResponse:
    return _shown(request, _page(request, asked_of(request.GET)))


def _page(request: HttpRequest, asked: Asked) -> CaseloadPage:
    """The list as it stands, with the look at everybody on it written down."""
    now = timezone.now()
    page = caseload_page(clinician=request.user, now=now, asked=asked)
    record_access(
        runner_ids=page.runner_ids,
        actor=request.user,
        act=Act.LIST,
        detail="caseload, with step, reasons and the last two weeks",
        now=now,
        origin=origin_of(request),
    )
    return page


def _shown(
    request: HttpRequest,
    page: CaseloadPage,
    several: SeveralForm | None = None,
    view: ViewForm | None = None,
) -> HttpResponse:
    """The list; a form that was refused comes with it, filled in."""
    several, view = several or SeveralForm(), view or ViewForm()
    rows = Rows(request, several.ticked)
    shown = {"page": page, "several": several, "view": view}
    shown |= {"rows": rows.place(page.rows), "put_off": rows.place(page.put_off)}
    return rows.put_into(render(request, "programs/clinician/caseload.html", shown))


@require_POST
@clinician_required
def caseload_message(request: HttpRequest) -> HttpResponse:
    """One message to several whom she chose; a refusal comes back with everything filled in."""
    asked = asked_of(QueryDict(request.POST.get("back", "")))
    page = _page(request, asked)
    chosen = {str(row.public_id): row.number for row in (*page.rows, *page.put_off) if row.may_be_chosen}
    form = SeveralForm(request.POST, may_be_chosen=chosen)
    if not form.is_valid():
        return _shown(request, page, form)
    try:
        count = _sent_to(request, form, [chosen[one] for one in form.cleaned_data["chosen"]])
    except Refused as refusal:
        add_refusal(form, refusal)
        return _shown(request, page, form)
    words = ngettext(
        "The message went to {count} runner.",
        "The message went to {count} runners, each for themselves.",
        count,
    )
    messages.success(request, words.format(count=count))
    return _back(asked)


def _sent_to(request: HttpRequest, form: SeveralForm, numbers: list[int]) -> int:
    return services.write_to_several(
        enrolments=Enrolment.objects.filter(pk__in=numbers).select_related("runner"),
        by=request.user,
        now=timezone.now(),
        words=form.cleaned_data["words"],
        key=form.cleaned_data["key"],
        origin=origin_of(request),
    )


@require_POST
@clinician_required
def caseload_seen(request: HttpRequest) -> HttpResponse:
    form = SeenForm(request.POST)
    if form.is_valid():
        services.mark_seen(by=request.user, now=timezone.now(), through=form.cleaned_data["through"])
        messages.success(request, _("Noted. From now on you see here what is decided after that."))
    return _back(asked_of(QueryDict(request.POST.get("back", ""))))


@require_POST
@clinician_required
def caseload_view_save(request: HttpRequest) -> HttpResponse:
    asked, form = asked_of(request.POST), ViewForm(request.POST)
    given = {"by": request.user, "now": timezone.now(), "query": asked.address}
    if not form.is_valid() or attempted(form, services.save_view, **given, **form.cleaned_data) is None:
        return _shown(request, _page(request, asked), view=form)
    messages.success(request, _("The view “{name}” is kept.").format(name=form.cleaned_data["name"]))
    return _back(asked)


@require_POST
@clinician_required
def caseload_view_delete(request: HttpRequest, view_id: uuid.UUID) -> HttpResponse:
    if not services.delete_view(by=request.user, view=view_id):
        raise Http404("No such view.")
    messages.success(request, _("The view is deleted. Nobody left your list by that."))
    return redirect("caseload")


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def snooze(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "a form to put your programme off on a list")
    page = snooze_page(enrolment=enrolment, by=request.user, now=timezone.now())
    form = SnoozeForm(sent(request), today=page.today, need=page.need)
    if request.method == "POST" and form.is_valid() and _is_put_off(request, enrolment, form):
        until = date_format(form.cleaned_data["until"], "j F Y")
        words = _("{name} is put off until {until}. They stand at the end of your list until then.")
        messages.success(request, words.format(name=page.name, until=until))
        return redirect("caseload")
    return render(request, "programs/clinician/snooze.html", {"page": page, "form": form})


def _is_put_off(request: HttpRequest, enrolment: Enrolment, form: SnoozeForm) -> bool:
    given = {"enrolment": enrolment, "by": request.user, "now": timezone.now()}
    return attempted(form, services.snooze, **given, **form.cleaned_data) is not None


@require_POST
@clinician_required
def snooze_end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "a button that ends putting you off on a list")
    try:
        if services.end_snooze(enrolment=enrolment, by=request.user, now=timezone.now()):
            words = _("{name} stands in the list by need again.")
            messages.success(request, words.format(name=enrolment.runner))
    except NotLetIn:
        raise Http404("No such runner.") from None
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("caseload")


def _back(asked: Asked) -> HttpResponse:
    """To the list as it was filtered."""
    query = f"?{asked.address}" if asked.is_anything else ""
    return redirect(reverse("caseload") + query)
