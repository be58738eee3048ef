"""A physiotherapist hands runners over to a colleague; a lead, all runners of somebody of her clinic."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.forms.hand_over import HandOverForm, WholeHandOverForm
from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_required
from accounts.models import Act, Consent, HandOver, User
from accounts.origin import origin_of
from accounts.selectors import hand_overs as selectors
from accounts.selectors.clinic import colleagues_of, ending
from accounts.services import hand_overs as services
from accounts.services.audit import record_access
from accounts.services.errors import Refused


@require_safe
@clinician_required
def hand_overs(request: HttpRequest) -> HttpResponse:
    page = selectors.hand_overs_page(clinician=request.user, now=timezone.now())
    _write_down(request, page.runner_ids, "list of hand-overs")
    return render(request, "account/hand_overs.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def hand_over_new(request: HttpRequest) -> HttpResponse:
    choices = selectors.hand_over_choices(clinician=request.user, now=timezone.now())
    sent = request.POST if request.method == "POST" else None
    form = HandOverForm(sent, colleagues=choices.colleagues, runners=choices.runners)
    if request.method == "POST" and form.is_valid() and _is_proposed(request, form):
        return redirect("hand_overs")
    _write_down(request, choices.runner_ids, "form of a hand-over")
    return render(request, "account/hand_over_new.html", {"form": form, "choices": choices})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def member_hand_over(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    membership = doors.membership_led_by(request.user, membership_id)
    person = membership.clinician
    if person == request.user:
        raise Http404("Her own runners have a form of their own.")
    sent = request.POST if request.method == "POST" else None
    form = WholeHandOverForm(sent, colleagues=colleagues_of(person))
    if request.method == "POST" and form.is_valid() and _is_proposed(request, form, person):
        return redirect("hand_overs")
    page = ending(membership=membership, viewer=request.user, now=timezone.now())
    return render(request, "account/hand_over_all.html", {"form": form, "page": page})


@require_POST
@clinician_required
def hand_over_withdraw(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    hand_over = doors.hand_over_of(request.user, hand_over_id)
    services.withdraw_hand_over(hand_over=hand_over, by=request.user, now=timezone.now())
    messages.success(request, _("This hand-over will not happen. The runner is told."))
    return redirect("hand_overs")


def _is_proposed(request: HttpRequest, form: WholeHandOverForm, whose: User | None = None) -> bool:
    """Propose; a refusal becomes an error of the form."""
    to = get_object_or_404(User, public_id=form.cleaned_data["to"])
    try:
        proposed = _propose(request.user, to, form, whose)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    count = len(proposed)
    if count:
        words = ngettext(
            "One runner is told. Who does not refuse within seven days passes to {to}.",
            "{count} runners are told. Who does not refuse within seven days passes to {to}.",
            count,
        )
        messages.success(
            request,
            words.format(count=count, to=to),
        )
    else:
        messages.info(request, _("Nothing new was proposed: they were asked before, or have said no."))
    return True


def _propose(by: User, to: User, form: WholeHandOverForm, whose: User | None) -> list[HandOver]:
    now = timezone.now()
    if whose:
        return services.propose_whole_caseload(clinician=whose, to=to, by=by, now=now)
    consents = Consent.objects.filter(public_id__in=form.chosen, clinician=by)
    return services.propose_hand_over(consents=consents, to=to, by=by, now=now)


def _write_down(request: HttpRequest, runner_ids: frozenset[int], detail: str) -> None:
    """Whom the page names is seen in a list."""
    record_access(
        runner_ids=runner_ids,
        actor=request.user,
        act=Act.LIST,
        detail=detail,
        now=timezone.now(),
        origin=origin_of(request),
    )
