"""The delivery log: which mails went out, which wait, and since when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import manager_required
from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access
from programs.selectors.delivery_log import STATES, Asked, delivery_log
from programs.selectors.mail_sorts import SORTS


@require_safe
@manager_required
def delivery_log_page(request: HttpRequest) -> HttpResponse:
    """That a runner was written to is about her: like a list of the administration, it is written down."""
    now = timezone.now()
    page = delivery_log(viewer=request.user, asked=Asked.of(request.GET), now=now)
    record_access(
        runner_ids=page.runner_ids,
        actor=request.user,
        act=Act.ADMIN,
        detail="list of mails, with what became of them",
        now=now,
        origin=origin_of(request),
    )
    states = {state: words for state, (words, _tone, _icon) in STATES.items()}
    return render(
        request, "programs/pages/delivery_log.html", {"page": page, "states": states, "sorts": SORTS}
    )
