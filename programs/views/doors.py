"""The doors of pages: a runner's own programme, and that of a runner who let somebody in."""

import functools
import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.guards import runner_required
from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access
from programs.access import ended_enrolment, enrolment_for, own_enrolment
from programs.models import Enrolment


def enrolled_runner_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the view with the runner's active enrolment; without one, lead her to where she stands.

    What she had deleted in another window while this one was answered is not there.
    """

    @functools.wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        enrolment = own_enrolment(request.user)
        if enrolment is None:
            return redirect("ended" if ended_enrolment(request.user) else "intake")
        request.unread_messages = enrolment.unread
        try:
            return view(request, enrolment, *args, **kwargs)
        except Enrolment.DoesNotExist:
            raise Http404("This programme is not there any more.") from None

    return runner_required(checked)


def lived_programme_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the view with the active enrolment, or with the last one that has ended: to look back."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        enrolment = own_enrolment(request.user) or ended_enrolment(request.user)
        return view(request, enrolment, *args, **kwargs) if enrolment else redirect("intake")

    return runner_required(checked)


def runner_seen(request: HttpRequest, public_id: uuid.UUID, detail: str, act: Act = Act.VIEW) -> Enrolment:
    """The enrolment of a runner who let this person in, with the look written down. Raises Http404.

    The only door for anybody but the runner: what opens it cannot forget the record.
    ``act``: a file that is taken along is a copy, and no look.
    """
    now = timezone.now()
    enrolment = enrolment_for(request.user, public_id, now)
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=request.user,
        act=act,
        detail=detail,
        now=now,
        origin=origin_of(request),
    )
    return enrolment
