"""Out of a kind of mail, at once and without a sign-in: by the button of a page, or of a mail program."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from programs.selectors.way_out import WayOut, way_out
from programs.services.errors import Refused
from programs.services.way_out import come_back_by_link, leave_by_link
from programs.views.from_mails import from_a_mail, gone, shown


@from_a_mail
def mail_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A POST counts with the body of RFC 8058 or with none: nothing has to be chosen."""
    return _answer(request, token, leave_by_link)


@from_a_mail
def mail_undo(request: HttpRequest, token: str) -> HttpResponse:
    return _answer(request, token, come_back_by_link)


def _answer(request: HttpRequest, token: str, act: Callable[..., None]) -> HttpResponse:
    """The page of how it stands, before and after; whoever came first, a second press changes nothing."""
    page, refused = way_out(token), ""
    if page is None:
        return gone(request)
    if request.method == "POST" and not page.is_safety:
        try:
            act(token=token, now=timezone.now())
        except Refused as refusal:
            refused = refusal.message
        page = way_out(token)
    # Whoever has just undone it is not asked again whether to stop.
    is_back = request.method == "POST" and act is come_back_by_link and not refused
    context = {"page": page, "token": token, "refused": refused, "is_back": is_back}
    return _shown(request, page, context) if page else gone(request)


def _shown(request: HttpRequest, page: WayOut, context: dict) -> HttpResponse:
    template = "always_on" if page.is_safety else "way_out"
    return shown(request, page.person, template, context)
