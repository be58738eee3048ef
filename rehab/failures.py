"""Pages where something failed: a mistake is 500, a database that cannot serve 503, not yours is 404."""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import page_not_found
from django.views.defaults import server_error as mistake

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an error that no view caught.

    A full disk, a lock that is held too long, a server that restarts: nothing
    was saved, and the same request will do later. Proxies and browsers are told.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        page = loader.render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return mistake(request)


class NotYours:
    """Say "not found" in our words also with DEBUG on, where a door stayed shut.

    The bare clone runs with it, and Django's own page of it tells a physiotherapist whose
    access has just ended about addresses and settings. Addresses that lead nowhere keep that page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
