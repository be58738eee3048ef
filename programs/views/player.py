"""The guided session of today: a list of steps that the browser can lead through."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.models import Enrolment
from programs.selectors.player import player_page
from programs.views.doors import enrolled_runner_required


@require_safe
@enrolled_runner_required
def player(request: HttpRequest, enrolment: Enrolment, number: int) -> HttpResponse:
    page = player_page(enrolment=enrolment, number=number, now=timezone.now())
    template = "programs/player/closed.html" if page.closed else "programs/player/session.html"
    return render(request, template, {"page": page})
