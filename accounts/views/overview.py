"""The account's own page, and the name on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.name import NameForm
from accounts.guards import member_required
from accounts.services.people import change_name


@require_safe
@member_required
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "account/overview.html")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def name(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = NameForm(sent, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        change_name(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Your name is changed."))
        return redirect("account")
    return render(request, "account/name.html", {"form": form})
