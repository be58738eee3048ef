"""The way back in where nobody has access: the runner's own statement that she was seen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.forms.refusals import add_refusal
from accounts.origin import origin_of
from programs.forms.self_clear import SelfClearForm
from programs.models import Enrolment
from programs.selectors.self_clear import SelfClearPage, self_clear_page
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.health import ClockSkew, check_clocks
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.views.doors import enrolled_runner_required


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def self_clear(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    page = self_clear_page(enrolment=enrolment, now=timezone.now())
    if page is None:
        return redirect("today")
    form = _form(request, page)
    if request.method == "POST":
        if signs := form.ticked():
            return _keep_paused(request, enrolment, signs)
        if form.is_valid() and _is_cleared(request, enrolment, form):
            messages.success(request, gettext("The pause is over. Start gently, and stop if it hurts."))
            return redirect("today")
    return render(request, "programs/runner/self_clear.html", {"page": page, "form": form})


def _form(request: HttpRequest, page: SelfClearPage) -> SelfClearForm:
    data = request.POST if request.method == "POST" else None
    return SelfClearForm(data, questions=page.questions, since=page.since, today=page.today)


def _keep_paused(request: HttpRequest, enrolment: Enrolment, signs: tuple[str, ...]) -> HttpResponse:
    """A yes is a warning sign like any other, whatever else was filled in."""
    report_red_flags(enrolment=enrolment, by=request.user, now=timezone.now(), codes=signs)
    messages.warning(request, gettext("Your warning sign is recorded. The pause stays."))
    return redirect("paused")


def _is_cleared(request: HttpRequest, enrolment: Enrolment, form: SelfClearForm) -> bool:
    now, said = timezone.now(), form.cleaned_data
    statement = Statement(said["assessed_by"], said["assessed_on"], said["advice"], form.denied())
    try:
        # The days that are due are closed before it, so it needs clocks that agree, as a job does.
        check_clocks(now=now)
        clear_by_own_statement(
            enrolment=enrolment, by=request.user, now=now, statement=statement, origin=origin_of(request)
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    except ClockSkew:
        form.add_error(None, gettext("Nothing was changed, because our clocks disagree. Try again later."))
        return False
    return True
