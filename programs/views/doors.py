"""The door of a running programme: without one, a runner is led to the intake."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.guards import runner_required
from programs.access import own_enrolment


def enrolled_runner_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the view with the runner's active enrolment; send her to the intake where she has none."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        enrolment = own_enrolment(request.user)
        if enrolment is None:
            return redirect("intake")
        return view(request, enrolment, *args, **kwargs)

    return runner_required(checked)
