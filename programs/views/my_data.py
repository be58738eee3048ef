"""Everything about me: to take away, and to have deleted. Both ask who it is first."""

import datetime

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import add_refusal
from accounts.guards import member_required
from accounts.limits import limited
from accounts.origin import origin_of
from programs.archive.packing import packed
from programs.engine.calendar import local_date
from programs.forms.leaving import LeavingForm
from programs.selectors.my_data import document_of
from programs.selectors.my_data.leaving import leaving_page
from programs.services.erasure import erase
from programs.services.errors import Refused
from programs.services.export import at_rest, record_export


@require_safe
@member_required
def my_data(request: HttpRequest) -> HttpResponse:
    return render(request, "programs/my_data/overview.html")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@reauthentication_required
def my_data_download(request: HttpRequest) -> HttpResponse:
    """What the archive holds, and the archive itself."""
    if request.method != "POST":
        return render(request, "programs/my_data/download.html")
    return limited(request, "export_me") or _archive(request, timezone.now())


def _archive(request: HttpRequest, now: datetime.datetime) -> HttpResponse:
    """As a file whose name does not say whose it is: it lies about in folders of downloads."""
    user = request.user
    with at_rest(user):
        content = packed(document_of(user))
    record_export(user=user, now=now, by=user, origin=origin_of(request))
    name = f"my-data-{local_date(now, user.zone).isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@reauthentication_required
def my_data_delete(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; and after a typed word it is done."""
    now = timezone.now()
    page = leaving_page(user=request.user, now=now)
    button = _("Delete everything") if page.is_runner else _("Close my account")
    form = LeavingForm(request.POST if request.method == "POST" else None, button=button)
    if request.method == "POST":
        refused = limited(request, "erase_me")
        if refused or (form.is_valid() and _is_erased(request, form, now)):
            return refused or redirect("my_data_deleted")
    return render(request, "programs/my_data/delete.html", {"page": page, "form": form})


def _is_erased(request: HttpRequest, form: LeavingForm, now: datetime.datetime) -> bool:
    try:
        erase(user=request.user, now=now)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    logout(request)
    return True


@require_safe
def my_data_deleted(request: HttpRequest) -> HttpResponse:
    """For somebody whom the site does not know any more; whoever is signed in is not meant."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "programs/my_data/deleted.html")
