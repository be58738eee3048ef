"""The edge: what is refused before any page looks at it, and what every answer carries.

Two middlewares. ``Headers`` is the outermost of all, so that static files,
redirects, refusals and errors carry the same headers as a page. ``Gate``
stands behind the redirect to https.
"""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

View = Callable[[HttpRequest], HttpResponse]

#: Nothing here needs a sensor; the browser is told so.
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
#: What the guided session uses: a screen that stays on, and sounds when a part begins.
OWN_FEATURES = ("autoplay", "screen-wake-lock")
HEADERS = {
    "Permissions-Policy": ", ".join(
        (
            *(f"{feature}=()" for feature in UNUSED_FEATURES),
            *(f"{feature}=(self)" for feature in OWN_FEATURES),
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
METHODS = ("GET", "HEAD", "POST")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: What a proxy may say. Everything else of the kind is never believed.
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
#: Under this name a request remembers that it came through some proxy.
WAS_FORWARDED = "rehab.was_forwarded"
CONTROL = frozenset(map(chr, (*range(0x20), 0x7F)))
#: What nobody types: control characters that are no white space, and what Django puts in the
#: place of bytes that are no text.
UNTYPED = CONTROL - set("\t\n\v\f\r") | {"\ufffd"}


class Headers:
    """Give every answer the headers that no page needs to think of."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Gate:
    """Refuse what no page takes, and settle once who is asking."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        drop_strange_cookies(request)
        return self._refusal(request) or self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if not settle_client(request.META, settings.REHAB_TRUSTED_PROXIES):
            return _refuse(400, "This request did not come through the proxies in front of the site.")
        if request.method not in METHODS:
            refused = _refuse(405, "Pages are read with GET and changed with POST, nothing else.")
            refused.headers["Allow"] = ", ".join(METHODS)
            return refused
        # No address has one; some reach files and databases that break on NUL.
        if CONTROL & set(request.path_info) or "%00" in request.META.get("QUERY_STRING", ""):
            return _refuse(400, "This address holds characters that no address has.")
        return _body_refusal(request) if request.method == "POST" else None


def _body_refusal(request: HttpRequest) -> HttpResponse | None:
    """Refuse a body that is too large to be read, or no form.

    Django counts fields against its limit but not files, and takes whatever
    is no form for an empty one: an act that needs no fields would go ahead.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > largest_body(request.path_info):
        return _refuse(413, "This is larger than anything that the site takes here.")
    if int(length) and request.content_type not in FORMS:
        return _refuse(415, "The site takes forms only.")
    return _values_refusal(request) if int(length) else None


def largest_body(path: str) -> int:
    """Bytes of a form that is sent to that address; only a few pages take a file."""
    return next(
        (most for beginning, most in settings.REHAB_UPLOADS.items() if path.startswith(beginning)),
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    )


def _values_refusal(request: HttpRequest) -> HttpResponse | None:
    """Refuse a form that holds what nobody types; so no form, no log and no mail need think of it.

    And one that cannot be read. Django's own page for that reads the form once
    more, for its token, and ends as an error of ours.
    """
    try:
        values = "".join(name + "".join(several) for name, several in request.POST.lists())
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return _refuse(400, "This form cannot be read: it broke off, or it is none.")
    if request.FILES and not request.path_info.startswith(tuple(settings.REHAB_UPLOADS)):
        return _refuse(400, "This page takes no file.")
    if UNTYPED & set(values):
        return _refuse(400, "This form holds characters that nobody types. Go back and remove them.")
    return None


def _refuse(status: int, reason: str) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=status, content_type="text/plain; charset=utf-8")


def drop_strange_cookies(request: HttpRequest) -> None:
    """Forget cookies with control characters, which no cookie of ours has.

    A quoted cookie may spell a NUL as ``\\000``; as the key of a session it
    would reach the database, and PostgreSQL refuses it with an error.
    """
    strange = [name for name, value in request.COOKIES.items() if CONTROL & set(name + value)]
    for name in strange:
        del request.COOKIES[name]


def settle_client(meta: dict, proxies: int) -> bool:
    """Make REMOTE_ADDR the client's own address, and forget what else was forwarded.

    Each trusted proxy appends the address that it saw, so the client's is the
    ``proxies``-th from the right; what stands left of it anybody may have
    written. Rate limits and the record of who saw what read REMOTE_ADDR and
    nothing else. False where the request went past one of the proxies.
    """
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    scheme = meta.get("HTTP_X_FORWARDED_PROTO", "")
    # No header of a client can be called that: those begin with HTTP_.
    said = [meta.pop(name, "") for name in FORWARDED]
    meta[WAS_FORWARDED] = any(said)
    if not proxies:
        return True
    # Read by Django's own SECURE_PROXY_SSL_HEADER.
    meta["HTTP_X_FORWARDED_PROTO"] = scheme
    if not forwarded:
        return True
    hops = forwarded.split(",")
    address = _address(hops[-proxies]) if len(hops) >= proxies else ""
    meta["REMOTE_ADDR"] = address or meta.get("REMOTE_ADDR", "")
    return bool(address)


def _address(written: str) -> str:
    """Return an IP address without the brackets and the port that some proxies add, or nothing."""
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
