"""Pages where something failed: a mistake is 500, a database that cannot serve 503, not yours is 404."""

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import page_not_found
from django.views.defaults import server_error as mistake

from rehab.logs import kind_and_words, template_of

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30
#: A full disk, a lock that is held too long, a server that restarts.
CANNOT_SERVE = (OperationalError, InterfaceError)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an error that no view caught."""
    error = sys.exc_info()[1]
    return _not_now(request, error) if isinstance(error, CANNOT_SERVE) else mistake(request)


def _not_now(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing was saved, and the same request will do later: people, proxies and browsers are told."""
    # One line and no traceback: where the disk is full, every request would write fifty.
    said = "The database cannot serve; %s %s is answered with 503: %s"
    logger.error(said, request.method, template_of(request), kind_and_words(error))
    page = loader.render_to_string("503.html", {"is_sent": request.method == "POST"})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


class NotNow:
    """Say "not now" also with DEBUG on: a full disk of a bare clone is no mistake in the code either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _not_now(request, exception) if isinstance(exception, CANNOT_SERVE) else None


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
