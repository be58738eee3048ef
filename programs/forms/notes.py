"""An extra pain note: when, where, how much; in four taps."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext, gettext_lazy

from programs.diary_words import OCCASION_CHOICES, SITE_CHOICES
from programs.forms.fields import PainScoreField, RowsField, panel, rows, scale, submit
from programs.models.diary import MOST_WORDS


class NoteForm(forms.Form):
    """Sent twice it is one note: ``key`` is made with the form."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    occasion = RowsField(
        label=gettext_lazy("When it hurts"),
        choices=list(OCCASION_CHOICES.items()),
        error_messages={"required": gettext_lazy("Choose when it hurts.")},
    )
    site = RowsField(
        label=gettext_lazy("Where it hurts"),
        choices=list(SITE_CHOICES.items()),
        help_text=gettext_lazy("The place that hurts most. Add another note for another place."),
        error_messages={"required": gettext_lazy("Choose where it hurts.")},
    )
    score = PainScoreField(required=True, label=gettext_lazy("How much it hurts"))
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=MOST_WORDS,
        help_text=gettext_lazy("Only if you like. Your physiotherapist can read it."),
    )

    def __init__(self, *args, button: str = gettext_lazy("Save this note"), is_today: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        if not is_today:
            self.fields["occasion"].label = gettext("When it hurt")
            self.fields["site"].label = gettext("Where it hurt")
            self.fields["score"].label = gettext("How much it hurt")
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Field("key"),
            panel(rows("occasion")),
            panel(rows("site")),
            panel(scale("score"), "words"),
            submit(button, "btn-primary btn-lg btn-wide"),
        )
