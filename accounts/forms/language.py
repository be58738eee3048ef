"""In which language somebody reads; each is called by its own name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
