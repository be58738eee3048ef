"""Who saw my data: the runner reads her own audit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.guards import runner_required
from accounts.selectors import records_page


@require_safe
@runner_required
def records(request: HttpRequest) -> HttpResponse:
    page = records_page(
        runner=request.user, who=request.GET.get("who", ""), number=request.GET.get("page", "1")
    )
    return render(request, "account/records.html", {"page": page})
