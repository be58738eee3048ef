"""What a runner's calendar shows of a session."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import RowsField, panel, rows, submit

WHEN = [("day", _("On the day, without a time")), ("time", _("At a time"))]


class CalendarForm(forms.Form):
    when = RowsField(
        label=_("Show a session"),
        choices=WHEN,
        error_messages={"required": _("Choose whether sessions have a time.")},
    )
    wall = forms.TimeField(
        label=_("At what time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("When you usually train. It is no reminder."),
    )
    says_what = forms.BooleanField(
        label=_("Say in the title what the session is"),
        required=False,
        help_text=_("Without it every entry is called “Planned session”."),
    )

    def __init__(self, *args, is_open: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        label = _("Save") if is_open else _("Make an address")
        self.helper.layout = Layout(panel(rows("when"), "wall", "says_what"), submit(label))

    def clean(self) -> dict:
        data = super().clean()
        if data.get("when") == "time" and "wall" in data and data["wall"] is None:
            self.add_error("wall", _("Choose a time, or show sessions without one."))
        if data.get("when") == "day":
            data["wall"] = None
        return data
