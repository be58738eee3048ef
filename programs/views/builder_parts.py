"""The pages of the parts of a draft: each shows one form, and what is wrong in it."""

import re
from dataclasses import asdict, dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import add_refusal
from accounts.guards import clinician_required
from programs.access import draft_for
from programs.builder import edits
from programs.builder.blank import SORTS, blank_session
from programs.builder.places import ABOUT, RULES, SESSION, STAGE, Part, part_of
from programs.forms.builder_base import PartForm
from programs.forms.builder_parts import document_with, form_for
from programs.models import ProgrammeVersion
from programs.selectors.builder_faults import fault_heading, faults_in
from programs.selectors.builder_part import PartPage, outing_of, part_by_keys, part_page
from programs.selectors.differences import Differences, in_words
from programs.selectors.own_exercises import exercises_for
from programs.services.drafts import DraftChanged, save_draft
from programs.services.errors import NotLetIn, Refused

TEMPLATES = {ABOUT: "part", RULES: "part", STAGE: "stage", SESSION: "session"}
#: Sort of a new session -> what its button says.
SESSION_SORTS = {
    "run_walk": gettext_lazy("Add running and walking"),
    "exercises": gettext_lazy("Add exercises"),
    "advice": gettext_lazy("Add advice"),
}
#: Fields of every form that are nobody's words.
OURS = {"csrfmiddlewaretoken", "known_hash", "part", "was", "act"}
SESSION_ACT = re.compile(r"(move|remove):([0-9]{1,3})(?::([0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Opened:
    """A part of a draft behind its door."""

    draft: ProgrammeVersion
    part: Part
    page: PartPage
    exercises: dict[str, dict]

    def form(self, data: QueryDict | None = None) -> PartForm:
        return form_for(self.draft.document, self.part, exercises=self.exercises, data=data)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_about(request: HttpRequest, key: str) -> HttpResponse:
    return _edited(request, key, Part(ABOUT))


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_rules(request: HttpRequest, key: str) -> HttpResponse:
    return _edited(request, key, Part(RULES))


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_stage(request: HttpRequest, key: str, stage: int) -> HttpResponse:
    return _edited(request, key, Part(STAGE, stage - 1))


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_session(request: HttpRequest, key: str, stage: int, session: int) -> HttpResponse:
    return _edited(request, key, Part(SESSION, stage - 1, session - 1))


@require_POST
@clinician_required
def draft_check(request: HttpRequest, key: str) -> JsonResponse:
    """What would be wrong with a part as it is written just now. Stores nothing."""
    draft, part = draft_for(request.user, key), part_of(request.POST.get("part", ""))
    if part is None:
        return JsonResponse({"changed": _("This form is out of date. Open it again.")})
    opened = _opened(request, draft, part)
    if request.POST.get("known_hash") != opened.draft.content_hash:
        return JsonResponse({"changed": _("Somebody else changed this draft. Save to see what.")})
    form = opened.form(request.POST)
    form.is_valid()
    document = document_with(opened.draft.document, part, form)
    form.point_at(line for line in faults_in(document, opened.exercises) if line.part == part)
    outing = outing_of(document, part)
    picture = render_to_string("programs/runner/parts/run_walk.html", {"outing": outing}) if outing else ""
    found = [asdict(line) for line in form.pointed]
    return JsonResponse({"faults": found, "heading": fault_heading(len(found)), "picture": picture})


def _opened(request: HttpRequest, draft: ProgrammeVersion, part: Part) -> Opened:
    exercises = exercises_for(request.user)
    try:
        return Opened(draft, part, part_page(draft, part, exercises), exercises)
    except IndexError:
        raise Http404("No such part.") from None


def _edited(request: HttpRequest, key: str, part: Part) -> HttpResponse:
    draft = draft_for(request.user, key)
    if request.method != "POST":
        opened = _opened(request, draft, part)
        return _shown(request, opened, opened.form())
    if draft.content_hash != request.POST.get("known_hash"):
        return _overtaken(request, draft, part)
    opened = _opened(request, draft, part)
    form = opened.form(request.POST)
    return _saved(request, opened, form) if form.is_valid() else _shown(request, opened, form)


def _saved(request: HttpRequest, opened: Opened, form: PartForm) -> HttpResponse:
    draft, part = opened.draft, opened.part
    document, done = _with_act(document_with(draft.document, part, form), part, request.POST.get("act", ""))
    known_hash, now = draft.content_hash, timezone.now()
    try:
        save_draft(draft=draft, by=request.user, now=now, document=document, known_hash=known_hash)
    except NotLetIn:
        raise Http404("No such draft.") from None
    except DraftChanged:
        return _overtaken(request, draft_for(request.user, opened.page.key), part)
    except Refused as refusal:
        add_refusal(form, refusal)
        return _shown(request, opened, form)
    _say_saved(request, document, part, opened.exercises, done)
    return redirect(address_of(opened.page.key, part))


def _say_saved(
    request: HttpRequest, document: dict, part: Part, exercises: dict[str, dict], done: str
) -> None:
    here = sum(line.part == part for line in faults_in(document, exercises))
    if not here:
        messages.success(request, done)
        return
    words = ngettext(
        "Saved as a draft. It cannot be published yet: {count} thing on this page is not right.",
        "Saved as a draft. It cannot be published yet: {count} things on this page are not right.",
        here,
    )
    messages.warning(request, words.format(count=here))


def _overtaken(request: HttpRequest, draft: ProgrammeVersion, part: Part) -> HttpResponse:
    """Somebody else saved first: her words stay, beside what saving them would change now."""
    place = part_by_keys(draft.document, part, request.POST.get("was", ""))
    if place is None:
        kept = [(name, text) for name, text in request.POST.items() if name not in OURS and text.strip()]
        return render(request, "programs/builder/gone.html", {"key": draft.template.key, "kept": kept})
    opened = _opened(request, draft, place)
    form = opened.form(request.POST)
    form.is_valid()
    document = document_with(draft.document, place, form)
    form.add_error(
        None,
        _(
            "Somebody else changed this draft while you wrote. Nothing of yours was saved yet. "
            "See below what saving would change now, then save again."
        ),
    )
    titles = {key: one["title"] for key, one in opened.exercises.items()}
    return _shown(request, opened, form, in_words(draft.document, document, titles))


def _shown(
    request: HttpRequest, opened: Opened, form: PartForm, changes: Differences | None = None
) -> HttpResponse:
    form.point_at(opened.page.faults)
    context = {
        "page": opened.page,
        "form": form,
        "address": address_of(opened.page.key, opened.part),
        "changes": changes,
        "heading": fault_heading(len(form.pointed)),
        "sorts": SESSION_SORTS,
    }
    return render(request, f"programs/builder/{TEMPLATES[opened.part.name]}.html", context)


def address_of(key: str, part: Part) -> str:
    numbers = [number + 1 for number in (part.stage, part.session) if number >= 0]
    return reverse(f"draft_{part.name}", args=[key, *numbers])


def _with_act(document: dict, part: Part, asked: str) -> tuple[dict, str]:
    """The draft after a button of the sessions of a stage was pressed, and what was done."""
    if part.name != STAGE or not asked:
        return document, _("Saved.")
    try:
        return _sessions_after(document, part.stage, asked)
    except IndexError:
        raise Http404("No such session.") from None


def _sessions_after(document: dict, stage: int, asked: str) -> tuple[dict, str]:
    """Raises IndexError where there is no such session, or no such button."""
    sort = asked.removeprefix("add:")
    if sort in SORTS:
        words = _("Saved. The session is added; open it to change it.")
        return edits.add_session(document, stage, blank_session(sort)), words
    act = SESSION_ACT.fullmatch(asked)
    if act is None:
        raise IndexError(asked)
    at, to = int(act[2]) - 1, int(act[3] or 0) - 1
    if act[1] == "move":
        return edits.move_session(document, stage, at, to), _("Saved. The session is moved.")
    return edits.remove_session(document, stage, at), _("Saved. The session is taken out.")
