"""The intake, step by step: each step is a form, kept until the last one is sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import add_refusal
from accounts.guards import runner_required
from programs.access import own_enrolment
from programs.forms.intake import FORMS, RedFlagQuestionsForm, StartForm, StepForm
from programs.forms.reminder import DEFAULT_REMINDER
from programs.models import ProgrammeVersion
from programs.selectors.intake import STEPS, IntakePage, chosen_offer, intake_page, last_result
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.errors import Refused
from programs.services.people import change_time_zone
from programs.views.intake_draft import Draft, answers_of


@require_safe
@runner_required
def intake(request: HttpRequest) -> HttpResponse:
    """Lead to where the runner stands: her programme, her last result, or the next step."""
    if own_enrolment(request.user):
        return redirect("today")
    draft = Draft(request, timezone.now())
    if not draft.merged and last_result(runner=request.user):
        return redirect("intake_result")
    return redirect("intake_step", step=draft.first_open)


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def intake_step(request: HttpRequest, step: str) -> HttpResponse:
    now = timezone.now()
    draft = Draft(request, now)
    if step not in STEPS:
        raise Http404("No such step.")
    if own_enrolment(request.user) or _is_ahead(step, draft):
        return redirect("intake")
    page = intake_page(step=step, answers=draft.merged, runner=request.user, now=now)
    form = _form(request, page, draft)
    if request.method == "POST" and form.is_valid():
        draft.keep(step, form.answers())
        done = _finish(request, form, draft, now)
        if done or not form.errors:
            return done or redirect("intake_step", step=page.next)
    return render(request, "programs/runner/intake/step.html", {"page": page, "form": form})


@require_safe
@runner_required
def intake_result(request: HttpRequest) -> HttpResponse:
    """Why there is no programme, and what to do instead."""
    result = last_result(runner=request.user)
    if result is None or own_enrolment(request.user):
        return redirect("intake")
    return render(request, "programs/runner/intake/result.html", {"result": result})


def _is_ahead(step: str, draft: Draft) -> bool:
    """A step after one that is not answered."""
    names = list(STEPS)
    return names.index(step) > names.index(draft.first_open)


def _form(request: HttpRequest, page: IntakePage, draft: Draft) -> StepForm:
    return FORMS[page.step](
        request.POST if request.method == "POST" else None,
        initial=draft.answers(page.step) or _suggestions(request, page),
        asked=page.asked,
        offers=page.offers,
        draft=draft.merged,
    )


def _suggestions(request: HttpRequest, page: IntakePage) -> dict:
    """What is preselected the first time: choices, never scores or answers about health."""
    return {
        "programme": page.suggested,
        "time_zone": request.user.time_zone,
        "reminder": "yes",
        "reminder_time": DEFAULT_REMINDER,
    }


def _finish(request: HttpRequest, form: StepForm, draft: Draft, now) -> HttpResponse | None:
    """Enrol after the last step; after the warning signs end here where an answer was yes."""
    answers = answers_of(draft, form.asked)
    is_referred = isinstance(form, RedFlagQuestionsForm) and (answers.red_flags or answers.exclusions)
    if not is_referred and not isinstance(form, StartForm):
        return None
    try:
        if is_referred:
            enrol(runner=request.user, version=None, stage="", answers=answers, now=now)
        else:
            _start(request, form, answers, draft, now)
    except Refused as refusal:
        add_refusal(form, refusal)
        return None
    draft.drop()
    # What she would like to do again is asked once the programme is hers; it may be left for later.
    return redirect("intake_result" if is_referred else "name_activities")


def _start(request: HttpRequest, form: StepForm, answers: IntakeAnswers, draft: Draft, now) -> None:
    offer = chosen_offer(form.offers, draft.merged)
    version = ProgrammeVersion.objects.published().filter(pk=offer.version_id if offer else None).first()
    if version is None:
        raise Refused(_("This programme is no longer offered. Go back and choose another."))
    change_time_zone(user=request.user, time_zone=draft.merged["time_zone"], now=now)
    request.user.refresh_from_db()
    enrol(runner=request.user, version=version, stage=draft.merged["stage"], answers=answers, now=now)
