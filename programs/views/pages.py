"""Pages of text: what helps besides the programme, and what this is and is not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.guards import member_required
from programs.selectors.exercises import care_cards
from programs.selectors.safety_notice import safety_notice


@require_safe
@member_required
def self_care(request: HttpRequest) -> HttpResponse:
    cards = care_cards()
    context = {"self_care": cards["self_care"], "medication": cards["medication"]}
    return render(request, "programs/pages/self_care.html", context)


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """Open to everybody: whoever wonders whether to sign up reads it first."""
    notice = safety_notice(request.user if request.user.is_authenticated else None)
    return render(request, "programs/pages/safety.html", {"notice": notice})
