"""What pages behind links in mails have in common: no sign-in, no cookie, and no trace of the address."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.limits import limited
from accounts.models import User

HEADERS = {
    # Not in a cache, not on a disk, not in an index.
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
    # The address is the authority: no next page, and no log of one, may learn it.
    "Referrer-Policy": "no-referrer",
}


def from_a_mail(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer somebody who holds the link, whoever is signed in or not. Only a POST acts.

    Exempt from the token against forged forms, here and nowhere else: that one
    protects who acts by a cookie, and here no cookie counts. Whoever forges such a
    form needs the address with its 128 bits, and could as well open it. Without
    a referrer browsers send ``Origin: null``, which the check would refuse, and
    mail programs that unsubscribe with one click (RFC 8058) have no cookie at all.
    """

    @csrf_exempt
    @functools.wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = require_http_methods(["GET", "HEAD", "POST"])(view)(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return answered


def gone(request: HttpRequest) -> HttpResponse:
    """One page for what never was, is over or is somebody else's; it counts wrong tries and no good ones."""
    too_many = limited(request, "open_mail_link")
    return too_many or render(request, "programs/from_mails/gone.html", status=404)


def is_another(request: HttpRequest, person: User) -> bool:
    """Is somebody else signed in here? Her mail was passed on: no score of hers comes from this browser."""
    return request.user.is_authenticated and request.user.pk != person.pk


def in_language_of(person: User) -> AbstractContextManager:
    """As she has chosen for her account, for no cookie tells it; else as the browser asks."""
    return translation.override(person.language) if person.language else nullcontext()


def shown(request: HttpRequest, person: User, template: str, context: dict) -> HttpResponse:
    with in_language_of(person):
        response = render(request, f"programs/from_mails/{template}.html", context)
        response.headers["Content-Language"] = translation.get_language()
    return response
