"""Ask me again at …: the question of a mail once more, later today."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.forms.refusals import add_refusal
from programs.forms.ask_again import AgainForm
from programs.selectors.ask_again import AgainPage, again_page
from programs.services.errors import Refused
from programs.services.owed_again import ask_again, why_not_again
from programs.views.from_mails import from_a_mail, gone, in_language_of, is_another, shown


@from_a_mail
def mail_again(request: HttpRequest, token: str) -> HttpResponse:
    page = again_page(token=token, now=timezone.now())
    if page is None or is_another(request, page.runner):
        return gone(request)
    if page.is_answered:
        return shown(request, page.runner, "nothing_to_ask", {"page": page})
    with in_language_of(page.runner):
        is_open = page.arranged or page.has_time
        why = why_not_again(message=page.message, now=timezone.now()) if is_open else ""
    if why:
        return shown(request, page.runner, "not_again", {"page": page, "why": why})
    if page.arranged or not page.has_time:
        return shown(request, page.runner, "again_arranged", {"page": page})
    with in_language_of(page.runner):
        form = _form(request, page)
        if request.method == "POST" and form.is_valid() and _is_arranged(page, form):
            page = again_page(token=token, now=timezone.now()) or page
            return shown(request, page.runner, "again_arranged", {"page": page})
    return shown(request, page.runner, "again", {"page": page, "form": form})


def _form(request: HttpRequest, page: AgainPage) -> AgainForm:
    if request.method != "POST":
        return AgainForm(times=page.times)
    return AgainForm(request.POST, times=page.times, sent=request.POST.get("when", ""))


def _is_arranged(page: AgainPage, form: AgainForm) -> bool:
    try:
        ask_again(message=page.message, wall=form.chosen(), now=timezone.now())
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True
