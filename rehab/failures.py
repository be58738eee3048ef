"""The page where something of ours failed: a mistake is 500, a database that cannot serve is 503."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
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
