"""Country and time zone: whom a runner calls, and when her day ends."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import TimeZoneField
from programs.forms.country import country_choices, country_field
from programs.forms.fields import panel, submit


def home_time_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Keep home time while travelling"),
        required=False,
        help_text=_("Then no page offers you the time of a device that is elsewhere."),
    )


class SettingsForm(forms.Form):
    country = country_field()
    time_zone = TimeZoneField(mode="offer", help_text=_("Your days begin and end by it."))
    keeps_home_time = home_time_field()

    def __init__(self, *args, number: str = "", **kwargs):
        """``number``: whom she is told to call in an emergency where she chooses no country."""
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(number)
        if self.initial.get("keeps_home_time"):
            self.fields["time_zone"].offer_nothing()
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(panel("time_zone", "keeps_home_time", "country"), submit(_("Save")))
