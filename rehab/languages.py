"""In which language a page answers: as the person has chosen, else as her browser asks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.middleware import is_signed_in

#: More of the header is not read. Django's own reading of it has stood still more than once.
LONGEST = 200
#: First part of a language -> the one that we have of it: zh -> zh-hans.
OURS = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}


def language_of(request: HttpRequest) -> str:
    """The language of the account; else of the cookie, else of what the browser asks for, else the site's."""
    chosen = request.user.language if is_signed_in(request) else ""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if not chosen and kept in OURS.values():
        chosen = kept
    return chosen or asked_for(request.headers.get("Accept-Language", ""))


def asked_for(header: str) -> str:
    """The first of ours that the browser names; of two equal ones, the earlier."""
    best, most = settings.LANGUAGE_CODE, 0.0
    for wish in header[:LONGEST].lower().split(","):
        name, _, weight = wish.partition(";q=")
        ours = OURS.get(name.strip().partition("-")[0])
        if ours and _number(weight) > most:
            best, most = ours, _number(weight)
    return best


def _number(weight: str) -> float:
    try:
        return float(weight) if weight.strip() else 1.0
    except ValueError:
        return 0.0


class Languages:
    """Answer in one language, whatever the thread answered in before.

    In place of Django's own, which does not know what somebody has chosen for
    her account: that goes with her to every device, and her mails follow it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response
