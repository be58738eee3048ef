"""How somebody wants to be called."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField


class NameForm(forms.Form):
    name = NameField(
        label=_("Your name"),
        help_text=_("As it stands on pages and in mails, and as others here read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
