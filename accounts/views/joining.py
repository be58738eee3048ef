"""The link of an invitation to join: a stranger makes her account, a physiotherapist presses one button."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms.joining import JoinForm
from accounts.forms.refusals import add_refusal
from accounts.models import User
from accounts.selectors.joining import ReceivedJoin, received_join
from accounts.services.errors import Refused
from accounts.services.joins import join_as_known, join_as_new


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites into which clinic, and what to do about it. Looking writes nothing."""
    invitation = received_join(secret=secret, now=timezone.now())
    known = request.user.is_authenticated
    if invitation is None or (known and request.user.email.lower() != invitation.email):
        return _gone(request)
    if known:
        return _as_known(request, secret, invitation)
    return _as_new(request, secret, invitation)


def _as_new(request: HttpRequest, secret: str, invitation: ReceivedJoin) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = join_as_new(secret=secret, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return _signed_in(request, user)
    return render(request, "account/join.html", {"form": form, "invitation": invitation, "secret": secret})


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    """As if she had typed her new password once more: the same stages, records and new session key."""
    login = Login(user=user, email=user.email, redirect_url=reverse("home"))
    return perform_password_login(request, {"email": user.email}, login)


def _as_known(request: HttpRequest, secret: str, invitation: ReceivedJoin) -> HttpResponse:
    if not request.user.is_clinician:
        return render(request, "account/join_refused.html", {"invitation": invitation}, status=403)
    if request.method == "POST":
        try:
            join_as_known(secret=secret, user=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                _("Welcome to {clinic}.").format(clinic=invitation.clinic)
                if invitation.clinic
                else _("Welcome."),
            )
        return redirect("my_clinic")
    return render(request, "account/join.html", {"invitation": invitation, "secret": secret})


def _gone(request: HttpRequest) -> HttpResponse:
    """One page for what never was, is over, or is somebody else's."""
    return render(request, "account/join_gone.html", status=404)
