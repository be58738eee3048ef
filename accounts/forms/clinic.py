"""What a site manager or a lead fills in about a clinic."""

from django import forms

from accounts.forms.fields import AddressField
from accounts.models.user import clean_name


class ClinicForm(forms.Form):
    name = forms.CharField(
        label="Name of the clinic",
        max_length=80,
        help_text="As physiotherapists and runners should read it.",
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter a name.")
        return name


class InviteForm(forms.Form):
    """Into no clinic: there is nothing to lead."""

    email = AddressField(
        label="E-mail address of the physiotherapist",
        help_text="We send a link there that works once, for 14 days.",
        error_messages={"required": "Enter an e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class InviteColleagueForm(InviteForm):
    as_lead = forms.BooleanField(
        label="Leads the clinic",
        required=False,
        help_text="Leads invite colleagues, name leads and end memberships. They see no runners by it.",
    )


class LeadForm(forms.Form):
    """One button; what it asks for is in it."""

    is_lead = forms.TypedChoiceField(
        choices=[("1", "lead"), ("0", "no lead")], coerce=lambda word: word == "1"
    )
