"""A physiotherapist says that she has seen a red flag and looks after it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import clinician_required
from accounts.origin import origin_of
from programs.access import red_flag_for
from programs.selectors.workload import workload_page
from programs.services.errors import NotLetIn, Refused
from programs.services.red_flag_cases import take_case


@require_POST
@clinician_required
def red_flag_take(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    now = timezone.now()
    case = red_flag_for(request.user, case_id, now)
    shown = request.POST.get("shown", "")
    try:
        take_case(case=case, by=request.user, now=now, shown=shown, origin=origin_of(request))
    except NotLetIn:
        raise Http404("No such red flag.") from None
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(
            request, _("You look after this red flag now. It stays open until somebody clears the pause.")
        )
    return redirect("runner", case.enrolment.public_id)


@require_safe
@clinician_required
def workload(request: HttpRequest) -> HttpResponse:
    page = workload_page(viewer=request.user, now=timezone.now())
    return render(request, "programs/clinician/workload.html", {"page": page})
