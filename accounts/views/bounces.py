"""Her address refuses our mails: she says that it works again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import member_required
from accounts.services.bounces import mark_reached


@require_POST
@member_required
def address_works(request: HttpRequest) -> HttpResponse:
    """The next mail goes out again; if it is refused, every page says so again."""
    if mark_reached(user=request.user):
        messages.success(request, _("Thank you. The next mail goes to your address again."))
    return redirect("account")
