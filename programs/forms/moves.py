"""What a clinician fills in to confirm a stage, and to move a runner to another programme or version."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.override import ActForm, StageForm


class SignOffForm(ActForm):
    submit_label = _("Confirm the stage")
    field_order = ["reason_code", "reason"]


class MoveForm(StageForm):
    """``version`` travels with the form: what was compared is what she is moved to."""

    submit_label = _("Move the runner")
    field_order = ["version", "stage", "review_on", "reason_code", "reason"]

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, version: int, stages: list[tuple[str, str]], proposed: str, **kwargs) -> None:
        super().__init__(*args, stages=stages, **kwargs)
        self.fields["version"].initial = version
        self.fields["stage"].label = _("Stage in the new programme, from today")
        title = dict(stages).get(proposed)
        if title:
            words = _("“{title}” has the same key as the present stage. {rest}")
            rest = self.fields["stage"].help_text
            self.fields["stage"].help_text = words.format(title=title, rest=rest)
