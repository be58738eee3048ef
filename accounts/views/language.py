"""The choice of the language: for everybody, signed in or not."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.forms.language import LanguageForm
from accounts.services.people import choose_language

#: A choice that is forgotten has to be made again, on a page that cannot be read.
COOKIE_AGE = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie for this browser, and with the account for her mails and other devices."""
    back = _way_back(request)
    sent = request.POST if request.method == "POST" else None
    form = LanguageForm(sent, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["language"]
        if request.user.is_authenticated:
            choose_language(user=request.user, language=chosen)
        response = redirect(back)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=COOKIE_AGE,
            secure=settings.SITE_IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )
        return response
    return render(request, "account/language.html", {"form": form, "back": back})


def _way_back(request: HttpRequest) -> str:
    """The page that she came from, if it is one of ours; else the start page.

    The browser tells, and the form hands it on: with the address in every
    footer, a page that is not hers would differ from one that is not there.
    """
    came_from = urlsplit(request.headers.get("Referer", ""))
    path = came_from.path if came_from.netloc == request.get_host() else ""
    wanted = request.POST.get("next") or path
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted != request.path else "/"
