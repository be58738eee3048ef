"""The first page: a landing for strangers, for everybody else her own home."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from programs.services.demo.people import SIGN_INS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open to everybody; says nothing about anybody."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "home.html", {"sign_ins": SIGN_INS if settings.DEMO else ()})
    if user.is_runner:
        # Without a programme, Today leads on to the intake.
        return redirect("today")
    return redirect("caseload" if user.is_clinician else "clinics")
