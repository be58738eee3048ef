"""A runner's own ladder, and every programme for those who want to read them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import member_required, runner_required
from programs.access import own_enrolment
from programs.selectors.ladder import (
    ladder_of_runner,
    ladder_of_version,
    published_programmes,
    readable_version,
)
from programs.selectors.lock import lock_of
from programs.views.builder import programmes_of_hers


@require_safe
@runner_required
def programme(request: HttpRequest) -> HttpResponse:
    """The whole ladder of the version that the runner is on; while she is paused, only where she stands."""
    enrolment = own_enrolment(request.user)
    if enrolment is None:
        return render(request, "programs/ladder/not_yet.html")
    page = {"ladder": ladder_of_runner(enrolment), "lock": lock_of(enrolment)}
    return render(request, "programs/ladder/programme.html", page)


@require_safe
@member_required
def programmes(request: HttpRequest) -> HttpResponse:
    """What is published here; a physiotherapist sees her own, and begins new ones there."""
    if request.user.is_clinician:
        return programmes_of_hers(request)
    rows = published_programmes(user=request.user, now=timezone.now())
    return render(request, "programs/ladder/programmes.html", {"programmes": rows})


@require_safe
@member_required
def programme_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version as it was published; no runner reads what to do there while she is paused."""
    version = readable_version(key, number, user=request.user, now=timezone.now())
    if version is None:
        raise Http404("No such version.")
    lock = lock_of(own_enrolment(request.user)) if request.user.is_runner else None
    page = {"ladder": ladder_of_version(version), "lock": lock}
    return render(request, "programs/ladder/version.html", page)
