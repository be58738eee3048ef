"""What sign-up asks besides address and password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField
from accounts.models import User
from accounts.time_zones import TimeZoneField


class SignupForm(forms.Form):
    """The base that allauth builds its sign-up form on (ACCOUNT_SIGNUP_FORM_CLASS).

    The role is not among the fields: whoever signs up is a runner.
    """

    name = NameField(
        label=_("Name"),
        help_text=_("As your physiotherapist should read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    adult = forms.BooleanField(
        label=_("I am 18 or older"),
        error_messages={"required": _("These programmes are for adults. Tick this if you are 18 or older.")},
    )
    time_zone = TimeZoneField()

    def signup(self, request, user: User) -> None:
        """Asked for by allauth, which makes no account from this form (``accounts.discreet``)."""
