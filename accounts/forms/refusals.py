"""What a service refused, shown where it belongs in the form."""

from typing import Protocol

from django import forms


class Refusal(Protocol):
    """A refusal as services raise it; forms do not know services."""

    message: str
    field: str | None


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """As an error of its field, or of the whole form where the form has no such field."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
