"""Around every page: not to be stored, sessions that end by themselves, the second factor first."""

import datetime
import logging
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import presence
from accounts.sealing import Unreadable
from accounts.second_factor import Standing, is_mandatory, standing_of

log = logging.getLogger(__name__)


#: What a picture says that is the same for everybody and never changes: her browser may keep it.
KEPT_BY_BROWSERS = "private, max-age=31536000, immutable"


class PrivatePages:
    """Mark every page of somebody with a session as not to be stored.

    The cookie is looked at and not the user: a page that needs no user, such
    as the health check, then costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_kept = response.headers.get("Cache-Control") == KEPT_BY_BROWSERS
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not is_kept:
            response.headers["Cache-Control"] = "no-store, private"
        return response


def is_signed_in(request: HttpRequest) -> bool:
    """Ask for the user only where a cookie came: a page for strangers then costs no query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


class Presence:
    """End a session that was left alone for too long; note when and from where it was used.

    In place of allauth's own middleware, which writes with every request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_signed_in(request):
            now = timezone.now()
            if presence.is_over(request, now=now):
                return self._sign_out(request)
            if presence.is_news(request, now=now):
                self._note(request, now)
        return self.get_response(request)

    def _note(self, request: HttpRequest, now: datetime.datetime) -> None:
        """Where the disk is full, reading goes on: that she was here is then noted by a later request."""
        was_modified = request.session.modified
        try:
            presence.note(request, now=now)
            UserSession.objects.create_from_request(request)
        except OperationalError as error:
            log.error("Presence could not be noted: %s", error)
            # Or it would be saved with the answer, and make an error of that.
            request.session.modified = was_modified

    def _sign_out(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        messages.info(request, _("You were signed out, because you were away for a while. Sign in again."))
        return redirect(_leading_back(reverse("account_login"), request))


class SecondFactorFirst:
    """Lead physiotherapists and site managers to their second factor before anything else.

    Whoever has none may only set one up; whoever has one and has not used it in
    this session may only use it. Two lists, or a session that has seen only the
    password could put a factor of its own beside the one that is asked for.
    """

    #: The ways out.
    ALWAYS = frozenset({"account_logout", "admin:logout"})
    TO_SET_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
    TO_USE = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.open = self.ALWAYS | frozenset(settings.REHAB_OPEN_WITHOUT_SECOND_FACTOR)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if name in self.open or not is_signed_in(request) or not is_mandatory(request.user):
            return None
        standing = standing_of(request)
        if standing is Standing.MISSING and name not in self.TO_SET_UP:
            return redirect("mfa_index")
        if standing is Standing.UNSIGNED and name not in self.TO_USE:
            return redirect(_leading_back(reverse("mfa_reauthenticate"), request))
        # Read by the frame of the page: nothing else opens yet, so it leads nowhere else.
        request.second_factor_first = standing is not Standing.SIGNED
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say in words that a factor cannot be read, to its owner and to the operator."""
        if not isinstance(exception, Unreadable):
            return None
        log.error("%s", exception)
        return render(request, "mfa/unreadable.html", status=503)


def _leading_back(address: str, request: HttpRequest) -> str:
    """Add where she wanted to go; what she was sending cannot be taken along."""
    if request.method != "GET":
        return address
    return f"{address}?{urlencode({'next': request.get_full_path()})}"
