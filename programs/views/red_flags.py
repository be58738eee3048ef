"""Something is wrong: telling of a warning sign, and what a pause says to do first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import add_refusal
from accounts.guards import runner_required
from programs.access import own_enrolment
from programs.forms.red_flags import RedFlagsForm
from programs.models import Enrolment
from programs.selectors.letter import has_letter
from programs.selectors.library import red_flag_questions
from programs.selectors.lock import lock_of
from programs.selectors.pause import pause_panel
from programs.selectors.safety_notice import safety_notice
from programs.selectors.warning_signs import warning_signs
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.views.doors import enrolled_runner_required


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def something_wrong(request: HttpRequest) -> HttpResponse:
    """All warning signs at any time; without a programme there is nothing to pause, only what to do."""
    enrolment = own_enrolment(request.user)
    if enrolment is None:
        signs = warning_signs(request.user)
        return render(request, "programs/runner/something_wrong_unenrolled.html", {"signs": signs})
    data = request.POST if request.method == "POST" else None
    form = RedFlagsForm(data, flags=[(sign.code, sign.text) for sign in red_flag_questions()])
    if request.method == "POST" and form.is_valid():
        codes = form.cleaned_data["red_flags"]
        try:
            report_red_flags(enrolment=enrolment, by=request.user, now=timezone.now(), codes=codes)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("paused")
    page = {"form": form, "contacts": safety_notice(request.user)}
    page |= {"lock": lock_of(enrolment), "has_letter": has_letter(enrolment)}
    return render(request, "programs/runner/something_wrong.html", page)


@require_safe
@enrolled_runner_required
def paused(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """What to do first, and nothing else."""
    panel = pause_panel(enrolment, timezone.now())
    if panel is None:
        return redirect("today")
    return render(request, "programs/runner/paused.html", {"pause": panel})
