"""One tap: a link with a score opens a page that asks once more; its button writes that score, once."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programs.forms.one_tap import ScoreForm
from programs.mail_links import SCORES
from programs.selectors.one_tap import TapPage, tap_page, when_strong
from programs.services.errors import Refused
from programs.services.one_tap import LinkIsOver, answer_by_link
from programs.views.from_mails import from_a_mail, gone, is_another, shown


@from_a_mail
def one_tap(request: HttpRequest, token: str, score: int) -> HttpResponse:
    page = tap_page(token=token, now=timezone.now()) if score in SCORES else None
    if page is None or is_another(request, page.runner):
        return gone(request)
    if page.is_answered:
        return shown(request, page.runner, "recorded", {"page": page})
    form = ScoreForm(
        request.POST if request.method == "POST" else None,
        initial={"score": score},
        question=page.question,
        help_text=page.help_text,
    )
    if request.method == "POST" and form.is_valid():
        answer = _saved(request, token, page, form)
        if answer:
            return answer
    return shown(request, page.runner, "score", {"page": page, "form": form})


def _saved(request: HttpRequest, token: str, page: TapPage, form: ScoreForm) -> HttpResponse | None:
    """Answered at once and not by another address: that one would need the token too."""
    now, score = timezone.now(), form.cleaned_data["score"]
    try:
        is_new = answer_by_link(token=token, score=score, now=now)
    except LinkIsOver:
        return gone(request)
    except Refused:
        # In its own words the refusal would tell what else she wrote.
        form.add_error("score", gettext_lazy("This does not fit your other answers. Sign in and check in."))
        return None
    strong = when_strong(token=token, score=score, now=now) if is_new else None
    return shown(request, page.runner, "saved" if is_new else "recorded", {"page": page, "strong": strong})
