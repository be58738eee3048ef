"""The check-in of a phone without a connection: the same form for everybody, with nothing of anybody."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.engine.values import SessionKind
from programs.forms.check_in import CheckInForm
from programs.presentation import REST_DAY_CHOICES, SESSION_CHOICES


def offline_check_in_form(flags: Iterable[tuple[str, str]]) -> CheckInForm:
    """Ask what any day may need, because nobody knows here what was planned.

    Without a token: it would be a stranger's, and what is kept gets a fresh one when it is sent.
    """
    form = CheckInForm(flags=flags, button=_("Keep on this phone"), action=reverse("check_in"))
    session = form.fields["session"]
    session.label = _("A session today?")
    session.choices = [
        (SessionKind.NONE.value, REST_DAY_CHOICES[SessionKind.NONE]),
        *SESSION_CHOICES.items(),
    ]
    session.required = True
    form.helper.disable_csrf = True
    return form
