"""Fields that several forms of people's accounts share."""

from django import forms

from accounts.addresses import LONGEST, checked


class AddressField(forms.EmailField):
    """An e-mail address in the one spelling in which all are kept."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: str) -> str:
        address = super().clean(value)
        return checked(address) if address else address
