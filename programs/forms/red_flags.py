""" "Something is wrong": all warning signs, to be ticked at any time."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.engine.redflags import is_code, label_of
from programs.forms.fields import panel, rows, submit


class RedFlagsForm(forms.Form):
    red_flags = forms.MultipleChoiceField(
        label=_("Which of these is new or getting worse?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick everything that applies."),
        error_messages={"required": _("Tick what is wrong, or go back to Today.")},
    )

    def __init__(self, *args, flags: Iterable[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        # A sign that this page no longer offers, ticked on a page that did, counts as well.
        sent = self.data.getlist("red_flags") if hasattr(self.data, "getlist") else ()
        unknown = {code: label_of(code) for code in sent if is_code(code)}
        self.fields["red_flags"].choices = list((unknown | dict(flags)).items())
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        button = submit(_("Pause and tell me what to do"), "btn-danger btn-lg btn-wide")
        self.helper.layout = Layout(panel(rows("red_flags")), button)

    def clean_red_flags(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["red_flags"])
