"""Stub until its page stands."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def one_tap(request: HttpRequest, token: str, score: int) -> HttpResponse:
    raise Http404("Not here yet.")
