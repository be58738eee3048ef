"""What an invited physiotherapist tells of herself; her address is that of the invitation."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.models.user import clean_name
from accounts.time_zones import TimeZoneField


class JoinForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="As your runners and colleagues should read it.",
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=128,
        help_text="At least 10 characters. A few words together are good.",
        error_messages={"required": "Choose a password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = TimeZoneField()

    def __init__(self, *args, email: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter a name.")
        return name

    def clean(self) -> dict:
        """The password last: it must not look like the name either."""
        cleaned = super().clean()
        if cleaned.get("password"):
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], user=person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
