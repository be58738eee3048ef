"""What a site manager or a lead fills in about a clinic."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField, NameField


class ClinicForm(forms.Form):
    name = NameField(
        label=_("Name of the clinic"),
        help_text=_("As physiotherapists and runners should read it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class InviteForm(forms.Form):
    """Into no clinic: there is nothing to lead."""

    email = AddressField(
        label=_("E-mail address of the physiotherapist"),
        help_text=_("We send a link there that works once, for 14 days."),
        error_messages={"required": _("Enter an e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class InviteColleagueForm(InviteForm):
    as_lead = forms.BooleanField(
        label=_("Leads the clinic"),
        required=False,
        help_text=_("Leads invite colleagues, name leads and end memberships. They see no runners by it."),
    )


class LeadForm(forms.Form):
    """One button; what it asks for is in it."""

    is_lead = forms.TypedChoiceField(
        choices=[("1", _("lead")), ("0", _("no lead"))], coerce=lambda word: word == "1"
    )
