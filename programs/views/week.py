"""The coming week: reading it, choosing usual days, moving one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import add_refusal
from programs.forms.week import RunDaysForm
from programs.models import Enrolment
from programs.selectors.week import WeekPage, week_page
from programs.services.errors import Refused
from programs.services.week import choose_day, set_run_days
from programs.views.check_in import date_of
from programs.views.doors import enrolled_runner_required


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def week(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Her week; a POST keeps her usual days."""
    now = timezone.now()
    page = week_page(enrolment=enrolment, now=now)
    form = _form(request, page)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_run_days(enrolment=enrolment, weekdays=form.cleaned_data["run_days"], now=now)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("Saved. Your plan follows these days from tomorrow on."))
            return redirect("week")
    return render(request, "programs/week/week.html", {"page": page, "form": form})


@require_POST
@enrolled_runner_required
def day(request: HttpRequest, enrolment: Enrolment, date: str) -> HttpResponse:
    """Take a run on that date, or a day off."""
    wants = request.POST.get("wants")
    try:
        if wants not in ("run", "rest"):
            raise Refused(gettext("Choose a run or a day off."))
        choose_day(enrolment=enrolment, now=timezone.now(), date=date_of(date), wants_session=wants == "run")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("Moved. Nothing is lost by it."))
    return redirect("week")


def _form(request: HttpRequest, page: WeekPage) -> RunDaysForm | None:
    if page.rules is None:
        return None
    return RunDaysForm(
        request.POST if request.method == "POST" else None,
        initial={"run_days": [str(day) for day in page.run_days]},
        fewest=page.rules.fewest,
        most=page.rules.most,
        action=reverse("week"),
    )
