"""Leaving for good: a word that nobody types by a slip of the thumb."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import panel, submit

WORD = "delete"


class LeavingForm(forms.Form):
    confirmation = forms.CharField(
        label=format_lazy(_("Type “{word}” to confirm"), word=WORD),
        max_length=40,
        error_messages={"required": format_lazy(_("Type the word {word}."), word=WORD)},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=_("Nobody can take this back."),
    )

    def __init__(self, *args, button: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(panel("confirmation"), submit(button, "btn-danger btn-lg"))

    def clean_confirmation(self) -> str:
        word = self.cleaned_data["confirmation"].strip().strip("“”\"'").lower()
        if word != WORD:
            raise forms.ValidationError(_("Type the word {word}, and nothing else.").format(word=WORD))
        return word
