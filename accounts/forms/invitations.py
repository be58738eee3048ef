"""What is typed to let somebody in: a runner's code, a runner's address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField


class TakeCodeForm(forms.Form):
    """Any spelling of the code is tried; whether it is one, only the service says."""

    code = forms.CharField(
        label=_("Code of the runner"),
        max_length=40,
        help_text=_("Twelve letters and digits. Hyphens, spaces and small letters do not matter."),
        error_messages={"required": _("Enter the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class AskForm(forms.Form):
    email = AddressField(
        label=_("E-mail address of the runner"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
