"""Outcome measures: what came of them, naming activities, answering. All of it may be left for later."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import add_refusal
from programs.engine.calendar import local_date
from programs.forms.measures import ActivitiesForm, AnswersForm
from programs.models import Enrolment
from programs.selectors.measures import AnswerPage, activities_page, answer_page, measures_page
from programs.services.errors import Refused
from programs.services.measures import answer_questionnaire, name_activities
from programs.views.doors import enrolled_runner_required

#: The questionnaire about activities of the runner's own.
OWN = "psfs"


@require_safe
@enrolled_runner_required
def measures(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    page = measures_page(enrolment, local_date(timezone.now(), request.user.zone))
    return render(request, "programs/measures/measures.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def activities(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Name activities, at the end of the intake or later; words that are there stay."""
    page = activities_page(enrolment)
    form = ActivitiesForm(request.POST or None, named=len(page.named))
    if request.method == "POST" and form.is_valid():
        try:
            name_activities(enrolment=enrolment, by=request.user, now=timezone.now(), words=form.words())
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("measure", key=OWN)
    return render(request, "programs/measures/activities.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_runner_required
def measure(request: HttpRequest, enrolment: Enrolment, key: str) -> HttpResponse:
    """Answer one questionnaire, in the edition whose words were shown."""
    now = timezone.now()
    sent = request.POST.get("edition", "")
    edition = int(sent) if sent.isdecimal() and len(sent) < 9 else None
    page = answer_page(enrolment, key, local_date(now, request.user.zone), edition)
    if page is None:
        raise Http404("No such questionnaire.")
    if page.needs_activities:
        return redirect("name_activities")
    form = AnswersForm(request.POST or None, items=page.items, initial={"edition": page.edition})
    if request.method == "POST" and form.is_valid() and _save(form, page, request, enrolment, now):
        return redirect("measures")
    return render(request, "programs/measures/measure.html", {"page": page, "form": form})


def _save(form: AnswersForm, page: AnswerPage, request: HttpRequest, enrolment: Enrolment, now) -> bool:
    whose = {"enrolment": enrolment, "by": request.user, "now": now}
    try:
        answer_questionnaire(key=page.key, edition=page.edition, answers=form.answers(), **whose)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Your answers are saved."))
    return True
