"""allauth's forms in our words: labels above the fields, and no placeholders, which vanish on typing."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
}
#: Hashing and comparing a megabyte of password keeps a process busy.
LONGEST_PASSWORD = 1000
HELPS = {"password1": _("At least 10 characters. A few words together are good.")}


class InOurWords:
    """To stand before a form of allauth; ``labels``, ``helps`` and ``longest`` by the field's name."""

    labels: dict[str, str] = {}
    helps: dict[str, str] = {}
    longest: dict[str, int] = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = (LABELS | self.labels).get(name, field.label)
            field.help_text = (HELPS | self.helps).get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)
            if name in self.longest:
                limit(field, self.longest[name])
            elif isinstance(field.widget, forms.PasswordInput):
                # Not in the browser, which would cut a longer one off without a word.
                field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


def limit(field: forms.Field, length: int) -> None:
    """Take no more than so many characters, in the browser and here."""
    field.validators.append(MaxLengthValidator(length))
    field.widget.attrs["maxlength"] = length
