"""The physiotherapist's pages of one runner's exercises."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import clinician_required
from programs.forms.adjustments import AdjustForm
from programs.models import Adjustment
from programs.selectors.adjust import adjust_page
from programs.selectors.adjustments import adjustments_page
from programs.services.adjustments import Wanted
from programs.services.adjustments import adjust as adjust_exercise
from programs.views.acting import is_done, sent
from programs.views.doors import runner_seen


@require_safe
@clinician_required
def adjustments(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "the exercises of your programme")
    page = adjustments_page(enrolment=enrolment, by=request.user, now=timezone.now())
    return render(request, "programs/clinician/adjustments.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def adjust(request: HttpRequest, public_id: uuid.UUID, key: str) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "a form to act on your programme")
    page = adjust_page(enrolment=enrolment, by=request.user, key=key, now=timezone.now())
    if page is None:
        raise Http404("No such exercise.")
    chosen = {"kinds": page.kinds, "levels": page.levels, "others": page.others}
    first = {"kind": request.GET.get("kind", "")}
    form = AdjustForm(sent(request), today=page.today, initial=first, **chosen)
    if is_done(request, enrolment, form, _adjusted, key=key):
        words = _("{title} is changed. {name} reads your reason beside it.")
        messages.success(request, words.format(title=page.title, name=page.name))
        return redirect("adjustments", page.public_id)
    return render(request, "programs/clinician/adjust.html", {"page": page, "form": form})


def _adjusted(*, key: str, kind: str, level: str, instead: str, accepts_warning: bool, **act) -> Adjustment:
    """The service, called with what the form holds."""
    wanted = Wanted(key, kind, level, instead, accepts_warning)
    return adjust_exercise(wanted=wanted, **act)
