"""What an invited physiotherapist tells of herself; her address is that of the invitation."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField
from accounts.models import User
from accounts.time_zones import TimeZoneField
from accounts.wording import HELPS, LONGEST_PASSWORD


class JoinForm(forms.Form):
    name = NameField(
        label=_("Name"),
        help_text=_("As your runners and colleagues should read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=HELPS["password1"],
        # Not as max_length: a browser would cut a longer one off without a word.
        validators=[MaxLengthValidator(LONGEST_PASSWORD)],
        error_messages={"required": _("Choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = TimeZoneField()

    def __init__(self, *args, email: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

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
