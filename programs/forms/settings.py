"""Country, time zone and reminder: whom a runner calls, when her day ends, when she is asked."""

import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import TimeZoneField
from programs.forms.country import country_choices, country_field
from programs.forms.fields import RowsField, panel, rows, submit

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


class SettingsForm(forms.Form):
    country = country_field()
    time_zone = TimeZoneField(mode="offer", help_text=_("Your days begin and end by it."))
    reminder = reminder_field()
    reminder_time = reminder_time_field()

    def __init__(self, *args, number: str = "", **kwargs):
        """``number``: whom she is told to call in an emergency where she chooses no country."""
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(number)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        reminder = panel(rows("reminder"), "reminder_time")
        self.helper.layout = Layout(panel("time_zone", "country"), reminder, submit(_("Save")))

    def clean(self) -> dict:
        data = super().clean()
        data["reminder_time"] = chosen_reminder(self)
        return data
