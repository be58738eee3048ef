"""How somebody wants to be called."""

from django import forms

from accounts.forms.fields import NameField


class NameForm(forms.Form):
    name = NameField(
        label="Your name",
        help_text="As it stands on pages and in mails, and as others here read it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
