"""In which language a page answers: as the person has chosen, else as her browser asks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import trans_real

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


def gather_words(language: str) -> None:
    """Look each text of a language up once, and not in one catalogue of an application after the other.

    English texts are found in none of them, so that each took six looks; it was
    a tenth of a page. Nothing but what stands in the catalogues is kept.
    """
    found = trans_real.translation(language)
    words = words_of(found)
    # In this one place of the whole process, so that every way of saying a text has it.
    found.gettext = lambda message: words.get(message, message)


def words_of(found) -> dict[str, str]:
    """Text -> translation, as ``gettext`` finds it: in each catalogue the text before its singular."""
    words: dict[str, str] = {}
    chain = [found]
    while chain[-1]._fallback:
        chain.append(chain[-1]._fallback)
    for catalogue in reversed(chain):
        # Of two entries in one catalogue Django takes the first.
        entries = dict(reversed(list(catalogue._catalog.items())))
        one = catalogue.plural(1)
        words |= {key[0]: said for key, said in entries.items() if isinstance(key, tuple) and key[1] == one}
        words |= {key: said for key, said in entries.items() if isinstance(key, str)}
    return words


class Languages:
    """Answer in one language, whatever the thread answered in before.

    In place of Django's own, which does not know what somebody has chosen for
    her account: that goes with her to every device, and her mails follow it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        for language, _name in settings.LANGUAGES:
            gather_words(language)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response
