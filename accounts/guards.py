"""Who may open a page: signed in, and in the role that the page is for.

A stranger is sent to the sign-in, another role gets 403. Whether *this*
runner's data may be seen is not decided here but at the door of the object.
"""

import functools
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import Role

View = Callable[..., HttpResponse]


def role_required(*roles: str) -> Callable[[View], View]:
    """Let only signed-in people of that role, or of one of these roles, in."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded = login_required(checked)
        # Read by the test that walks the URLconf: every address is guarded.
        guarded.required_role = " or ".join(roles)
        return guarded

    return guard


runner_required = role_required(Role.RUNNER)
clinician_required = role_required(Role.CLINICIAN)
manager_required = role_required(Role.MANAGER)
#: Whoever gets mails of a programme: her own, or those of her caseload.
runner_or_clinician_required = role_required(Role.RUNNER, Role.CLINICIAN)
#: What a lead does in her clinic, a site manager does in every one; which, the door says.
clinician_or_manager_required = role_required(Role.CLINICIAN, Role.MANAGER)


def member_required(view: View) -> View:
    """Let everybody in who is signed in, whatever the role."""
    guarded = login_required(view)
    guarded.required_role = "any"
    return guarded
