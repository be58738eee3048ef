"""What every form of an act does with its answer: act once, or come back filled in with the refusal."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.forms.refusals import add_refusal
from accounts.origin import origin_of
from programs.models import Enrolment
from programs.services.errors import NotLetIn, Refused
from programs.services.health import ClockSkew, check_clocks


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with, however little; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def attempted(form: forms.Form, service: Callable[..., object], **given) -> object | None:
    """What the service did; None where it refused, which becomes an error of the form."""
    try:
        return service(**given)
    except NotLetIn:
        # Her access ended after the door let her in: the page would still show what she may not see.
        raise Http404("Not there.") from None
    except Refused as refusal:
        add_refusal(form, refusal)
        return None


def is_done(
    request: HttpRequest, enrolment: Enrolment, form: forms.Form, service: Callable[..., object], **more
) -> bool:
    """Act, if the form was sent and is sound; a refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    now = timezone.now()
    try:
        # An act closes the days that are due before it, so it needs clocks that agree, as a job does.
        check_clocks(now=now)
    except ClockSkew as skew:
        form.add_error(None, _("Nothing was changed: {skew}. Tell whoever runs this site.").format(skew=skew))
        return False
    given = {**form.cleaned_data, **more, "origin": origin_of(request)}
    return attempted(form, service, enrolment=enrolment, by=request.user, now=now, **given) is not None
