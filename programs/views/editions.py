"""The editions of a programme side by side, their end, and programmes as files."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import clinician_required
from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access
from programs.access import edition_to_take_along, own_edition, readable_template
from programs.builder.yaml_out import in_order
from programs.forms.editions import FileForm, RetireForm
from programs.library.writing import to_yaml
from programs.models import ProgrammeVersion
from programs.selectors.versions import two_editions, versions_page
from programs.services.editions import retire
from programs.services.programme_files import open_programme
from programs.views.acting import attempted, sent


@require_safe
@clinician_required
def programme_versions(request: HttpRequest, key: str) -> HttpResponse:
    now = timezone.now()
    template = readable_template(request.user, key, now)
    page = versions_page(template=template, viewer=request.user, now=now)
    record_access(
        runner_ids=[one.runner_id for one in page.behind],
        actor=request.user,
        act=Act.LIST,
        detail="your name, among those who follow an older version of a programme",
        now=now,
        origin=origin_of(request),
    )
    return render(request, "programs/builder/versions.html", {"page": page})


@require_safe
@clinician_required
def programme_diff(request: HttpRequest, key: str, old: int, new: int) -> HttpResponse:
    now = timezone.now()
    template = readable_template(request.user, key, now)
    found = two_editions(template, old, new, viewer=request.user, now=now)
    if found is None:
        raise Http404("No such edition.")
    shown = {"key": key, "title": template.title, "old": old, "new": new, "found": found}
    return render(request, "programs/builder/diff.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def version_retire(request: HttpRequest, key: str, number: int) -> HttpResponse:
    version = own_edition(request.user, key, number)
    form = RetireForm(sent(request))
    if _is_retired(request, form, version):
        messages.success(request, _("Version {number} is retired.").format(number=number))
        return redirect("programme_versions", key)
    return render(request, "programs/builder/retire.html", {"version": version, "form": form})


@require_safe
@clinician_required
def programme_export(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The document as a file; what it says is public to whoever may read it here."""
    edition = edition_to_take_along(request.user, key, number, timezone.now())
    answer = HttpResponse(to_yaml(in_order(edition.document)), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{key}-v{number}.yaml"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def programme_import(request: HttpRequest) -> HttpResponse:
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        raw, shown = form.content()
        given = {"raw": raw, "shown": shown, "came_as": form.came_as}
        draft = attempted(form, open_programme, by=request.user, now=timezone.now(), **given)
        if draft:
            messages.success(request, _("The file is open as a draft of its own. Nothing else was changed."))
            return redirect("draft", draft.template.key)
    return render(request, "programs/builder/import.html", {"form": form})


def _is_retired(request: HttpRequest, form: RetireForm, version: ProgrammeVersion) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    given = {"version": version, "by": request.user, "now": timezone.now()}
    return attempted(form, retire, **given, reason=form.cleaned_data["note"]) is not None
