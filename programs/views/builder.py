"""The programmes of a physiotherapist, and one draft as a whole: its stages and their order."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import clinician_required
from programs.access import draft_for, edition_to_copy, template_for
from programs.builder import edits
from programs.builder.blank import blank_programme, blank_stage
from programs.builder.parts import list_at, mapping_of
from programs.forms.builder import BeginForm
from programs.forms.builder_parts import StageNewForm
from programs.models import NOTE_OF_COPY, ProgrammeVersion, VersionStatus
from programs.selectors.builder import draft_page, programmes_page
from programs.selectors.builder_part import readable_versions, stages_to_copy
from programs.selectors.own_exercises import exercises_for
from programs.services.drafts import begin_draft, discard_draft, save_draft
from programs.services.errors import NotLetIn, Refused
from programs.views.acting import attempted, sent

#: What a button of a list says: an act, the place of its item, and where that goes, counted from 1.
ACT = re.compile(r"(move|copy|remove):([0-9]{1,3})(?::([0-9]{1,3}))?")


def programmes_of_hers(request: HttpRequest) -> HttpResponse:
    """What ``programmes`` shows to a physiotherapist; runners read what is published."""
    return render(request, "programs/builder/programmes.html", {"page": programmes_page(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_begin(request: HttpRequest) -> HttpResponse:
    form = BeginForm(sent(request))
    if request.method == "POST" and form.is_valid():
        document = blank_programme(form.cleaned_data["title"])
        draft = attempted(form, begin_draft, by=request.user, now=timezone.now(), document=document)
        if draft:
            return redirect("draft", draft.template.key)
    return render(request, "programs/builder/begin.html", {"form": form})


@require_POST
@clinician_required
def programme_copy(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A programme of her own that begins as a copy."""
    edition = edition_to_copy(request.user, key, number)
    note = NOTE_OF_COPY.format(edition=edition)
    # Two programmes of one name could not be told apart on any list.
    title = _("{title} (copy)").format(title=edition.template.title[:100])
    document = {**edition.document, "title": title}
    try:
        draft = begin_draft(by=request.user, now=timezone.now(), document=document, note=note)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("programmes")
    messages.success(request, _("This is your copy. Nobody follows it before you publish it."))
    return redirect("draft", draft.template.key)


@require_POST
@clinician_required
def draft_next(request: HttpRequest, key: str) -> HttpResponse:
    """The next version of her own programme begins as its newest one; one that is begun is gone on with."""
    template = template_for(request.user, key)
    newest = template.versions.order_by("-number").first()
    if newest is None:
        raise Http404("No version to begin with.")
    if newest.status != VersionStatus.DRAFT:
        try:
            begin_draft(by=request.user, now=timezone.now(), document=newest.document, template=template)
        except NotLetIn:
            raise Http404("No such programme.") from None
        except Refused as refusal:
            messages.error(request, refusal.message)
    return redirect("draft", key)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """The overview; its buttons move, copy and take away stages."""
    found = draft_for(request.user, key)
    if request.method == "POST":
        return _arranged(request, found)
    page = draft_page(found, exercises_for(request.user))
    return render(request, "programs/builder/draft.html", {"page": page})


@require_POST
@clinician_required
def draft_discard(request: HttpRequest, key: str) -> HttpResponse:
    found = draft_for(request.user, key)
    try:
        discard_draft(draft=found, by=request.user, known_hash=request.POST.get("known_hash", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("draft", key)
    messages.success(request, _("The draft is gone."))
    return redirect("programmes")


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def draft_stage_new(request: HttpRequest, key: str) -> HttpResponse:
    found = draft_for(request.user, key)
    readable = readable_versions(request.user)
    form = StageNewForm(sent(request), others=stages_to_copy(readable))
    if request.method == "POST" and form.is_valid():
        document = _with_new_stage(found.document, form, {version.pk: version for version in readable})
        known_hash = request.POST.get("known_hash", "")
        if _is_saved(request, found, document, known_hash, form):
            messages.success(request, _("The stage is added behind the others of its kind."))
            return redirect("draft", key)
    page = {"form": form, "key": key, "known_hash": draft_for(request.user, key).content_hash}
    return render(request, "programs/builder/stage_new.html", page)


def _with_new_stage(document: dict, form: StageNewForm, readable: dict[int, ProgrammeVersion]) -> dict:
    kind, edition, place = form.chosen()
    if kind:
        return edits.add_stage(document, blank_stage(kind), ["design"])
    stage = mapping_of(list_at(readable[edition].document, "stages")[place])
    return edits.add_stage(document, stage, edits.sources_of(stage))


def _is_saved(request: HttpRequest, found: ProgrammeVersion, document: dict, known_hash: str, form) -> bool:
    """Write the draft; a refusal becomes an error of the form."""
    given = {"draft": found, "by": request.user, "now": timezone.now()}
    return attempted(form, save_draft, **given, document=document, known_hash=known_hash) is not None


def _arranged(request: HttpRequest, found: ProgrammeVersion) -> HttpResponse:
    act = ACT.fullmatch(request.POST.get("act", ""))
    try:
        document, at, words = _after(found.document, *(act.groups() if act else ("", "", "")))
    except IndexError:
        messages.error(request, _("There is no such stage any more."))
        return redirect(request.path)
    known_hash = request.POST.get("known_hash", "")
    try:
        save_draft(draft=found, by=request.user, now=timezone.now(), document=document, known_hash=known_hash)
    except NotLetIn:
        raise Http404("No such draft.") from None
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(request.path)
    messages.success(request, words)
    return redirect(f"{request.path}#stage-{at}")


def _after(document: dict, act: str, at: str, to: str | None) -> tuple[dict, int, str]:
    """The document after the act, the stage to look at then, and what was done. Raises IndexError."""
    stage, goal = int(at or 0) - 1, int(to or 0) - 1
    if act == "move":
        words = _("The stage is number {number} now.").format(number=goal + 1)
        return edits.move_stage(document, stage, goal), goal + 1, words
    if act == "copy":
        return edits.copy_stage(document, stage), stage + 2, _("The copy stands behind it.")
    return edits.remove_stage(document, stage), max(stage, 1), _("The stage is taken out.")
