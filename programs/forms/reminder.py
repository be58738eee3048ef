"""Whether a runner is asked every day, and when: for the first questions; later it is one of her mails."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import RowsField

DEFAULT_REMINDER = datetime.time(18, 0)
REMINDER_CHOICES = [("yes", _("Yes, once a day")), ("no", _("No reminder"))]


def reminder_field() -> RowsField:
    return RowsField(
        label=_("Remind me by e-mail"),
        choices=REMINDER_CHOICES,
        error_messages={"required": _("Choose whether you want a reminder.")},
    )


def reminder_time_field() -> forms.TimeField:
    return forms.TimeField(
        label=_("At what time"),
        required=False,
        initial=DEFAULT_REMINDER,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Not sent on a day that you have logged already."),
    )


def chosen_reminder(form: forms.Form) -> datetime.time | None:
    """The reminder time of a form with both fields; None means none. Adds the error itself."""
    data = form.cleaned_data
    if data.get("reminder") == "yes" and "reminder_time" in data and data["reminder_time"] is None:
        form.add_error("reminder_time", _("Choose a time, or choose no reminder."))
    return data.get("reminder_time") if data.get("reminder") == "yes" else None
