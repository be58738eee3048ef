"""The intake, step by step: each step is a form, kept until the last one is sent."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import runner_required
from programs.access import own_enrolment
from programs.forms import intake as steps
from programs.forms.refusals import add_refusal
from programs.forms.settings import DEFAULT_REMINDER
from programs.models import ProgrammeVersion
from programs.selectors.intake import SUGGESTED, Questions, intake_questions, last_result, offers
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.errors import Refused
from programs.services.people import change_time_zone
from programs.views.intake_draft import Draft

#: Step name -> form and title, in their order.
STEPS: dict[str, tuple[type[steps.StepForm], str]] = {
    "about": (steps.ConsentForm, "Before you start"),
    "suitable": (steps.ExclusionsForm, "Is this for you?"),
    "warning-signs": (steps.RedFlagQuestionsForm, "Warning signs"),
    "pain": (steps.PainForm, "Your pain"),
    "programme": (steps.ProgrammeForm, "Your programme"),
    "start": (steps.StartForm, "Your first day"),
}
NAMES = list(STEPS)
LAST = NAMES[-1]


@require_safe
@runner_required
def intake(request: HttpRequest) -> HttpResponse:
    """Lead to where the runner stands: her programme, her last result, or the next step."""
    if own_enrolment(request.user):
        return redirect("today")
    draft = Draft(request, timezone.now())
    if not draft.merged and last_result(runner=request.user):
        return redirect("intake_result")
    return redirect("intake_step", step=_first_open(draft))


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def intake_step(request: HttpRequest, step: str) -> HttpResponse:
    now = timezone.now()
    draft = Draft(request, now)
    if step not in STEPS:
        raise Http404("No such step.")
    if own_enrolment(request.user) or NAMES.index(step) > NAMES.index(_first_open(draft)):
        return redirect("intake")
    form = _form(request, step, draft)
    if request.method == "POST" and form.is_valid():
        draft.keep(step, _storable(form.cleaned_data))
        done = _finish(request, form, draft, now)
        if done or not form.errors:
            return done or redirect("intake_step", step=NAMES[NAMES.index(step) + 1])
    return render(request, "programs/runner/intake/step.html", _context(form, step))


@require_safe
@runner_required
def intake_result(request: HttpRequest) -> HttpResponse:
    """Why there is no programme, and what to do instead."""
    result = last_result(runner=request.user)
    if result is None or own_enrolment(request.user):
        return redirect("intake")
    return render(request, "programs/runner/intake/result.html", {"result": result})


def _first_open(draft: Draft) -> str:
    return next((name for name in NAMES if draft.answers(name) is None), LAST)


def _form(request: HttpRequest, step: str, draft: Draft) -> steps.StepForm:
    initial = draft.answers(step) or _suggestions(request, draft)
    return STEPS[step][0](
        request.POST if request.method == "POST" else None,
        initial=_shown(initial),
        asked=intake_questions(),
        offers=offers(),
        draft=draft.merged,
    )


def _suggestions(request: HttpRequest, draft: Draft) -> dict:
    """What is preselected the first time: choices, never scores or answers about health."""
    key = SUGGESTED.get(draft.merged.get("duration"))
    programme = next((offer.version_id for offer in offers() if offer.key == key), None)
    return {
        "programme": programme,
        "time_zone": request.user.time_zone,
        "reminder": "yes",
        "reminder_time": DEFAULT_REMINDER,
    }


def _storable(data: dict) -> dict:
    """Answers as JSON; a time becomes text and comes back in ``_shown``."""
    return {name: v.isoformat() if isinstance(v, datetime.time) else v for name, v in data.items()}


def _shown(answers: dict) -> dict:
    """Answers as a form shows them again."""
    words = {True: "yes", False: "no"}
    yes_no = {name: words[v] for name, v in answers.items() if isinstance(v, bool) and name.isupper()}
    directions = {
        name: words[answers[name]]
        for name in ("flexion_intolerant", "extension_intolerant")
        if isinstance(answers.get(name), bool)
    }
    return {**answers, **yes_no, **directions}


def _context(form: steps.StepForm, step: str) -> dict:
    number = NAMES.index(step)
    return {
        "form": form,
        "step": step,
        "title": STEPS[step][1],
        "number": number + 1,
        "count": len(NAMES),
        "back": NAMES[number - 1] if number else "",
        "introductions": form.asked.introductions,
        "offer": steps.chosen_offer(form.offers, form.draft),
    }


def _finish(request: HttpRequest, form: steps.StepForm, draft: Draft, now) -> HttpResponse | None:
    """Enrol after the last step; after the warning signs end here where an answer was yes."""
    answers = _answers(draft, form.asked)
    is_referred = isinstance(form, steps.RedFlagQuestionsForm) and (answers.red_flags or answers.exclusions)
    if not is_referred and not isinstance(form, steps.StartForm):
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
    return redirect("intake_result" if is_referred else "today")


def _start(request: HttpRequest, form: steps.StepForm, answers: IntakeAnswers, draft: Draft, now) -> None:
    offer = steps.chosen_offer(form.offers, draft.merged)
    version = ProgrammeVersion.objects.published().filter(pk=offer.version_id if offer else None).first()
    if version is None:
        raise Refused("This programme is no longer offered. Go back and choose another.")
    change_time_zone(user=request.user, time_zone=draft.merged["time_zone"], now=now)
    request.user.refresh_from_db()
    enrol(runner=request.user, version=version, stage=draft.merged["stage"], answers=answers, now=now)


def _answers(draft: Draft, asked: Questions) -> IntakeAnswers:
    """What the service needs, from all steps so far."""
    given = draft.merged
    reminder = given.get("reminder_time")
    return IntakeAnswers(
        exclusions=tuple(q.code for q in asked.exclusions if given.get(q.code)),
        red_flags=tuple(q.code for q in asked.red_flags if given.get(q.code)),
        intake_pain=given.get("intake_pain"),
        baseline_morning=given.get("baseline_morning"),
        pattern=steps.pattern_of(given),
        reminder_time=datetime.time.fromisoformat(reminder) if reminder else None,
        notes={
            "consent": {"text_version": steps.CONSENT_TEXT_VERSION, "given_at": draft.began},
            "duration": given.get("duration"),
            "skipped": [q.code for q in asked.red_flags if q.code in given and given[q.code] is None],
            "questions": asked.numbers,
        },
    )
