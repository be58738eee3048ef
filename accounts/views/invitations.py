"""A physiotherapist asks a runner by e-mail; whoever holds the link answers."""

import uuid

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.invitations import AskForm
from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_required, runner_required
from accounts.limits import limited
from accounts.models import Invitation, InvitationKind, User
from accounts.selectors import received_ask, sent_asks
from accounts.selectors.invitations import ReceivedAsk
from accounts.services.asks import LIFE, accept_ask, ask_runner, decline_ask
from accounts.services.errors import Refused
from accounts.services.invitations import withdraw


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def asks(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            ask_runner(clinician=request.user, email=email, now=now)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            # The same words whether anybody has an account there or not.
            messages.success(
                request,
                _("An invitation goes to {email}, open for {days} days.").format(email=email, days=LIFE.days),
            )
            return redirect("asks")
    page = {"form": form, "asks": sent_asks(clinician=request.user, now=now), "days": LIFE.days}
    return render(request, "account/asks.html", page)


@require_POST
@clinician_required
def ask_withdraw(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    mine = Invitation.objects.filter(kind=InvitationKind.ASK, invited_by=request.user)
    invitation = get_object_or_404(mine, public_id=invitation_id)
    withdraw(invitation=invitation, by=request.user, now=timezone.now())
    messages.success(
        request, _("The invitation to {email} is not open any more.").format(email=invitation.email)
    )
    return redirect("asks")


@never_cache
@require_safe
def ask(request: HttpRequest, secret: str) -> HttpResponse:
    """Who asks and what would be shared. For whoever holds the link, signed in or not; writes nothing."""
    asked = _asked(request.user, secret)
    if asked is None:
        return _gone(request)
    return render(request, "account/ask.html", {"ask": asked, "secret": secret})


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def ask_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Only the POST accepts; whoever comes back from the sign-in is shown the question again."""
    if request.method != "POST":
        return redirect("ask", secret)
    too_many = limited(request, "open_invitation")
    if too_many:
        return too_many
    try:
        consent = accept_ask(secret=secret, runner=request.user, now=timezone.now())
    except Refused:
        return _gone(request)
    messages.success(
        request,
        _("{clinician} can see your data from now on. You can end that here.").format(
            clinician=consent.clinician
        ),
    )
    return redirect("access")


@require_POST
def ask_decline(request: HttpRequest, secret: str) -> HttpResponse:
    """The link is enough to say no; somebody who never signs up must be able to."""
    too_many = limited(request, "open_invitation")
    if too_many:
        return too_many
    if _asked(request.user, secret) is None:
        return _gone(request)
    try:
        decline_ask(
            secret=secret, by=request.user if request.user.is_authenticated else None, now=timezone.now()
        )
    except Refused:
        return _gone(request)
    return render(request, "account/ask_declined.html")


def _asked(user: User | AnonymousUser, secret: str) -> ReceivedAsk | None:
    """The open invitation, unless somebody is signed in whom it is not for."""
    asked = received_ask(secret=secret, now=timezone.now())
    if asked and user.is_authenticated and not (user.is_runner and user.email.lower() == asked.email):
        return None
    return asked


def _gone(request: HttpRequest) -> HttpResponse:
    """One page for what never was, is over, or is somebody else's."""
    return render(request, "account/ask_gone.html", status=404)
