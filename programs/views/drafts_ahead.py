"""What a draft would mean, and its publication."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import clinician_required
from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access
from programs.access import draft_for
from programs.forms.editions import PublishForm
from programs.models import ProgrammeVersion
from programs.selectors.impact import Impact, impact_of
from programs.selectors.origin import Basis, basis_of
from programs.selectors.own_exercises import exercises_for
from programs.selectors.versions import DraftState, draft_state
from programs.selectors.walk import walk_page
from programs.services.editions import publish
from programs.views.acting import attempted, sent

#: Runners whose days are decided again within the answer; with more a page says first that it takes a while.
AT_ONCE = 150


@require_safe
@clinician_required
def draft_walk(request: HttpRequest, key: str) -> HttpResponse:
    draft, state, _basis = _door(request, key)
    walk = None if state.faults else walk_page(draft)
    return render(request, "programs/builder/walk.html", {"page": state, "walk": walk})


@require_safe
@clinician_required
def draft_diff(request: HttpRequest, key: str) -> HttpResponse:
    _draft, state, _basis = _door(request, key)
    return render(request, "programs/builder/diff_draft.html", {"page": state})


@require_safe
@clinician_required
def draft_impact(request: HttpRequest, key: str) -> HttpResponse:
    """Whom the draft would have concerned; with many runners after a page that says that it takes a while."""
    draft, state, basis = _door(request, key)
    if _is_to_wait(request, state):
        return render(request, "programs/builder/impact_wait.html", {"page": state})
    impact = None if state.faults else _impact(request, draft, basis)
    return render(request, "programs/builder/impact.html", {"page": state, "impact": impact})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_publish(request: HttpRequest, key: str) -> HttpResponse:
    """What is new, whom it concerns, what is wrong; and the note with which it is published."""
    draft, state, basis = _door(request, key)
    form = PublishForm(sent(request), initial={"known_hash": draft.content_hash})
    edition = _published(request, form, draft)
    if edition:
        messages.success(request, _("Version {number} is published.").format(number=edition.number))
        return redirect("programme_versions", key)
    if not form.is_bound and _is_to_wait(request, state):
        return render(request, "programs/builder/impact_wait.html", {"page": state})
    impact = None if state.faults else _impact(request, draft, basis)
    shown = {"page": state, "form": form, "impact": impact}
    return render(request, "programs/builder/publish.html", shown)


def _door(request: HttpRequest, key: str) -> tuple[ProgrammeVersion, DraftState, Basis]:
    draft = draft_for(request.user, key)
    basis = basis_of(draft=draft, viewer=request.user, now=timezone.now())
    return draft, draft_state(draft=draft, basis=basis, exercises=exercises_for(request.user)), basis


def _is_to_wait(request: HttpRequest, state: DraftState) -> bool:
    return not state.faults and state.followers > AT_ONCE and "now" not in request.GET


def _impact(request: HttpRequest, draft: ProgrammeVersion, basis: Basis) -> Impact:
    """The preview; the looks at those whom it names are written down."""
    now = timezone.now()
    impact = impact_of(draft=draft, basis=basis, viewer=request.user, now=now)
    record_access(
        runner_ids=impact.runner_ids,
        actor=request.user,
        act=Act.LIST,
        detail="your name and a day of your programme, in the preview of a draft",
        now=now,
        origin=origin_of(request),
    )
    return impact


def _published(request: HttpRequest, form: PublishForm, draft: ProgrammeVersion) -> ProgrammeVersion | None:
    """The new edition, if the form was sent and is sound; a refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    return attempted(form, publish, draft=draft, by=request.user, now=timezone.now(), **form.cleaned_data)
