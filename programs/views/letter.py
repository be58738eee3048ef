"""The letter to a clinician as a file: for the runner, and for whoever she let in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from accounts.guards import clinician_required
from accounts.models import Act, User
from accounts.models.user import Language
from programs.models import Enrolment
from programs.papers.letter import Letter, letter_pdf
from programs.selectors.letter import letter_of
from programs.views.doors import lived_programme_required, runner_seen
from programs.views.downloads import file_headers


@require_safe
@lived_programme_required
def letter(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    return _answer(request, enrolment) or redirect("today")


@require_safe
@clinician_required
def runner_letter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """In her own name, also where there was no pause: whoever she refers the runner to can answer her."""
    enrolment = runner_seen(request, public_id, "the letter to a clinician", Act.EXPORT)
    return _answer(request, enrolment, by=request.user) or redirect("runner", public_id)


def _answer(request: HttpRequest, enrolment: Enrolment, by: User | None = None) -> HttpResponse | None:
    """In the language of the page, or in the one that is asked for: whoever sees her may not read hers."""
    asked = request.GET.get("language", "")
    with translation.override(asked if asked in Language.values else translation.get_language()):
        found = letter_of(enrolment=enrolment, now=timezone.now(), by=by)
        return _file(found, enrolment) if found else None


def _file(found: Letter, enrolment: Enrolment) -> HttpResponse:
    headers = file_headers("letter", found.written_on, "pdf", enrolment)
    return HttpResponse(letter_pdf(found), content_type="application/pdf", headers=headers)
