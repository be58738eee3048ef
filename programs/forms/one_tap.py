"""The form behind a link with a score: that score chosen, every other one to choose instead."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy

from programs.forms.fields import PainScoreField, panel, scale, submit


class ScoreForm(forms.Form):
    """Sent without a cookie: the token in its address says more than a token in it could."""

    score = PainScoreField(required=True)

    def __init__(self, *args, question: str, help_text: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["score"].label = question
        self.fields["score"].help_text = help_text
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.disable_csrf = True
        save = submit(gettext_lazy("Save this score"), "btn-primary btn-lg btn-wide")
        self.helper.layout = Layout(panel(scale("score")), save)
