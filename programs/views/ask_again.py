"""Stub until its page stands."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def mail_again(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404("Not here yet.")
