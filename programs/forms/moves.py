"""What a clinician fills in to confirm a stage, and to move a runner to another programme or version."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.override import NO_DATE, ActForm, DateInput


class SignOffForm(ActForm):
    submit_label = _("Confirm this stage")
    field_order = ["reason_code", "reason"]


class MoveForm(ActForm):
    """``version`` travels with the form: what was compared is what she is moved to."""

    submit_label = _("Move the runner")
    field_order = ["version", "stage", "review_on", "reason_code", "reason"]

    version = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.ChoiceField(
        label=_("Stage in the new programme, from today"),
        error_messages={"required": _("Choose a stage.")},
        help_text=_("Its day 1 is today. Rest is not a stage to go back to."),
    )
    review_on = forms.DateField(
        label=_("Review on"),
        error_messages=NO_DATE,
        widget=DateInput,
        help_text=_("From that day the runner is on your list until you act or the stage changes."),
    )

    def __init__(self, *args, version: int, stages: list[tuple[str, str]], proposed: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version
        self.fields["stage"].choices = [("", _("Choose a stage")), *stages]
        title = dict(stages).get(proposed)
        if title:
            words = _("“{title}” has the same key as the present stage. {rest}")
            rest = self.fields["stage"].help_text
            self.fields["stage"].help_text = words.format(title=title, rest=rest)
        self.fields["review_on"].widget.attrs["min"] = self.today.isoformat()

    def clean_review_on(self) -> datetime.date:
        review_on = self.cleaned_data["review_on"]
        if review_on < self.today:
            raise forms.ValidationError(_("The review must be today or later."))
        return review_on
