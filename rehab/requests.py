"""Around every request: an id that its tasks, rows and mails keep, a record of the log, a count of errors."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts import correlation
from rehab import page_errors
from rehab.logs import template_of

requests = logging.getLogger("rehab.requests")
HEADER = "X-Request-ID"


class Correlation:
    """The outermost middleware. An id that comes with a request is never taken: a stranger may forge it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with correlation.bound() as own:
            # For what Django writes of the answer when this block has ended.
            request.correlation = own
            response = self.get_response(request)
            response.headers[HEADER] = own
            page_errors.note(request.path, response.status_code)
            if requests.isEnabledFor(logging.INFO):
                _write_down(request, response, time.perf_counter() - began)
        return response


def _write_down(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """The pattern of the address, never what stands in it; who asked is not said."""
    path = template_of(request)
    details = {
        "method": request.method,
        "path": path,
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
    }
    requests.info("%s %s", request.method, path, extra=details)
