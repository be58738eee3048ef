"""What a runner says of whoever saw her, and every warning sign asked again."""

import datetime
from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from programs.forms.fields import YesNoField, panel, submit, yes_no
from programs.forms.override import DateInput
from programs.models.decision import LONGEST_ADVICE, LONGEST_NAME
from programs.selectors.library import Question

#: Prefix of the questions' fields, so that no code can take the place of another field.
SIGN = "sign_"


class SelfClearForm(forms.Form):
    """Nothing is chosen beforehand; the question that may be skipped may be skipped."""

    assessed_by = forms.CharField(
        label=gettext_lazy("Who saw you"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Name, and what they are: doctor, physiotherapist, nurse."),
        error_messages={"required": gettext_lazy("Say who saw you.")},
    )
    assessed_on = forms.DateField(
        label=gettext_lazy("On which day"),
        widget=DateInput,
        error_messages={"required": gettext_lazy("Choose the day on which you were seen.")},
    )
    advice = forms.CharField(
        label=gettext_lazy("What you were told"),
        max_length=LONGEST_ADVICE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In a few words, such as: walk this week, then run again."),
        error_messages={"required": gettext_lazy("Say in a few words what you were told.")},
    )
    seen = forms.BooleanField(
        label=gettext_lazy("I have been seen and told I may continue"),
        error_messages={
            "required": gettext_lazy("Tick this only if it is true. Without it the pause stays.")
        },
    )

    def __init__(
        self,
        *args,
        questions: Iterable[Question],
        since: datetime.date,
        today: datetime.date,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["assessed_on"].widget.attrs |= {"min": since.isoformat(), "max": today.isoformat()}
        self.codes = {SIGN + question.code: question.code for question in questions}
        for question in questions:
            self.fields[SIGN + question.code] = YesNoField(
                label=question.text, required=not question.may_be_skipped
            )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = self._layout()

    def _layout(self) -> Layout:
        asked = HTML(
            format_html(
                '<h2 class="h3">{}</h2><p class="text-soft">{}</p>',
                gettext("Warning signs, once more"),
                gettext(
                    "Since you were seen: is any of this new or getting worse? Say no to what they looked at "
                    "and what has not got worse. A yes keeps the pause, and tells you what to do."
                ),
            )
        )
        return Layout(
            panel("assessed_by", "assessed_on", "advice"),
            panel(asked, *(yes_no(name) for name in self.codes), css="question-list"),
            panel("seen"),
            submit(gettext("End the pause and start gently")),
        )

    def ticked(self) -> tuple[str, ...]:
        """Warning signs answered with yes, also where another answer of the form is wrong."""
        return tuple(code for name, code in self.codes.items() if self.data.get(name) == "yes")

    def denied(self) -> frozenset[str]:
        """Warning signs answered with no."""
        return frozenset(code for name, code in self.codes.items() if self.cleaned_data[name] is False)
