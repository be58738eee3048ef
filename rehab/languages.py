"""In which language a page answers: as the person has chosen, else as her browser asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.middleware import is_signed_in


def language_of(request: HttpRequest) -> str:
    """The language of the account; else of the cookie, else of what the browser asks for, else the site's."""
    chosen = request.user.language if is_signed_in(request) else ""
    return chosen or translation.get_language_from_request(request)


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
