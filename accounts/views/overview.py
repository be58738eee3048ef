"""The account's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.guards import member_required


@require_safe
@member_required
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "account/overview.html")
