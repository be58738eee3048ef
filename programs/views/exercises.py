"""The exercises, one by one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import member_required
from programs.access import own_enrolment
from programs.models import Enrolment
from programs.own_library import Reader
from programs.selectors.exercises import exercise_page, shelves
from programs.selectors.lock import lock_of


@require_safe
@member_required
def exercises(request: HttpRequest) -> HttpResponse:
    """All exercises; while her programme is paused a runner reads why instead."""
    enrolment = own_enrolment(request.user) if request.user.is_runner else None
    lock = lock_of(enrolment)
    found = () if lock else shelves(_reader(request, enrolment))
    return render(request, "programs/exercises/exercises.html", {"shelves": found, "lock": lock})


@require_safe
@member_required
def exercise(request: HttpRequest, key: str) -> HttpResponse:
    """One exercise; a runner also reads what holds for her own back."""
    enrolment = own_enrolment(request.user) if request.user.is_runner else None
    page = exercise_page(key, enrolment, _reader(request, enrolment))
    if page is None:
        raise Http404("No such exercise.")
    return render(request, "programs/exercises/exercise.html", {"page": page, "lock": lock_of(enrolment)})


def _reader(request: HttpRequest, enrolment: Enrolment | None) -> Reader:
    return Reader(request.user, enrolment, timezone.now())
