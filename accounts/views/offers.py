"""A runner makes a code; her physiotherapist takes it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.invitations import TakeCodeForm
from accounts.guards import clinician_required, runner_required
from accounts.limits import limited
from accounts.links import page
from accounts.qr import qr_svg
from accounts.selectors import open_offer
from accounts.services.errors import Refused
from accounts.services.offers import (
    LIFE,
    NO_SUCH_CODE,
    accept_offer,
    grouped,
    make_offer,
    normal,
    withdraw_offer,
)
from accounts.views.meanwhile import refused_is_not_found


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def offer(request: HttpRequest) -> HttpResponse:
    """What a code would share, and the code itself, once: it is kept as a digest only.

    The code is the answer to the POST and stands in no address and no session;
    who loads that page again makes a new code, and the first is dead.
    """
    now = timezone.now()
    if request.method != "POST":
        shown = {"offer": open_offer(runner=request.user, now=now), "days": LIFE.days}
        return render(request, "account/offer.html", shown)
    too_many = limited(request, "make_offer")
    if too_many:
        return too_many
    with refused_is_not_found():
        code = make_offer(runner=request.user, now=now)
    link = page("code_link", code)
    made = {"code": grouped(code), "link": link, "qr": qr_svg(link), "until": now + LIFE}
    return render(request, "account/offer_made.html", made)


@require_POST
@runner_required
def offer_withdraw(request: HttpRequest) -> HttpResponse:
    with refused_is_not_found():
        withdrawn = withdraw_offer(runner=request.user, now=timezone.now())
    if withdrawn:
        messages.success(request, _("The code is withdrawn. Nobody can use it any more."))
    else:
        messages.info(request, _("There was no open code. If somebody has taken it, you see them here."))
    return redirect("access")


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def code(request: HttpRequest) -> HttpResponse:
    too_many = limited(request, "take_offer")
    if too_many:
        return too_many
    form = TakeCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            consent = accept_offer(code=form.cleaned_data["code"], clinician=request.user, now=timezone.now())
        except Refused:
            # One answer, whatever it was refused for.
            form.add_error("code", NO_SUCH_CODE)
        else:
            messages.success(
                request,
                _("{runner} has let you in, and is on your caseload while they follow a programme.").format(
                    runner=consent.runner
                ),
            )
            return redirect("home")
    return render(request, "account/offer_take.html", {"form": form})


@require_safe
@clinician_required
def code_link(request: HttpRequest, code: str) -> HttpResponse:
    """The link and the QR: the form with the code in it. Whether it is one is not looked up here."""
    if not normal(code):
        raise Http404("Not a code.")
    form = TakeCodeForm(initial={"code": grouped(normal(code))})
    return render(request, "account/offer_take.html", {"form": form, "by_link": True})
