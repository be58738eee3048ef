"""Fields that several forms of people's accounts share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import LONGEST, checked
from accounts.models.user import clean_name


class AddressField(forms.EmailField):
    """An e-mail address in the one spelling in which all are kept."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: str) -> str:
        address = super().clean(value)
        return checked(address) if address else address


class NameField(forms.CharField):
    """The name of a person or a clinic: at least one character that can be read, on one line."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=80, error_messages={"required": _("Enter a name.")}, **kwargs)

    def clean(self, value: str) -> str:
        name = clean_name(super().clean(value))
        if not name:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return name


class EitherField(forms.TypedChoiceField):
    """True or False as two sentences; one must be chosen, so that a page of before changes nothing unseen."""

    widget = forms.RadioSelect

    def __init__(self, *, yes: str, no: str, **kwargs) -> None:
        super().__init__(
            choices=[("yes", yes), ("no", no)],
            coerce=lambda answer: answer == "yes",
            error_messages={"required": _("Choose one of the two.")},
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
