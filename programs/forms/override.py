"""What a clinician fills in to act: a reason always, and what the act needs."""

import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models.decision import LONGEST_NAME, ReasonCode

LONGEST_REASON = 500
NO_DATE = {"required": _("Choose a date.")}


class DateInput(forms.DateInput):
    """The browser's own date field; the value is ISO whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class ActForm(forms.Form):
    """The base of all acts: a reason to be counted, and one in words that the runner reads, too."""

    reason_code = forms.ChoiceField(
        label=_("Kind of reason"),
        choices=[("", _("Choose what fits best")), *ReasonCode.choices],
        error_messages={"required": _("Choose the kind of reason that fits best.")},
        help_text=_("It is counted over the clinic, to learn where the rules do not fit."),
    )
    reason = forms.CharField(
        label=_("Reason in words"),
        error_messages={"required": _("Give the reason in a few words.")},
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. The runner reads them, and they stay in the ledger."),
    )
    submit_label = _("Save")

    def __init__(self, *args, today: datetime.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.add_input(Submit("save", self.submit_label, css_class="btn-lg"))


class HoldForm(ActForm):
    submit_label = _("Hold")
    field_order = ["until", "reason_code", "reason"]

    until = forms.DateField(
        label=_("Hold until and including"),
        error_messages=NO_DATE,
        widget=DateInput,
        help_text=_(
            "Until then nothing moves on by itself. Step back and pause still work. "
            "On its last day the runner is on your list, to be looked at again."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["min"] = self.today.isoformat()


class StageForm(ActForm):
    submit_label = _("Set stage")
    field_order = ["stage", "review_on", "reason_code", "reason"]

    stage = forms.ChoiceField(
        label=_("Stage from today"),
        error_messages={"required": _("Choose a stage.")},
        help_text=_("Its day 1 is today. Rest is not a stage to go back to."),
    )
    review_on = forms.DateField(
        label=_("Review on"),
        error_messages=NO_DATE,
        widget=DateInput,
        help_text=_("From that day the runner is on your list until you act or the stage changes."),
    )

    def __init__(self, *args, stages: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", _("Choose a stage")), *stages]
        self.fields["review_on"].widget.attrs["min"] = self.today.isoformat()

    def clean_review_on(self) -> datetime.date:
        review_on = self.cleaned_data["review_on"]
        if review_on < self.today:
            raise forms.ValidationError(_("The review must be today or later."))
        return review_on


class ClearForm(ActForm):
    """``needs_assessment``: an urgent or emergency pause ends only after somebody saw the runner."""

    submit_label = _("Clear the pause")
    field_order = ["assessed_by", "assessed_on", "reason_code", "reason"]

    assessed_by = forms.CharField(
        label=_("Who assessed the runner"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Say which clinician assessed the runner.")},
        help_text=_("Name and role of the clinician."),
    )
    assessed_on = forms.DateField(label=_("Assessed on"), widget=DateInput, error_messages=NO_DATE)

    def __init__(self, *args, needs_assessment: bool, since: datetime.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        limits = {"min": since.isoformat(), "max": self.today.isoformat()}
        self.fields["assessed_on"].widget.attrs |= limits
        for name in ("assessed_by", "assessed_on"):
            self.fields[name].required = needs_assessment
            if not needs_assessment:
                self.fields[name].label += _(" (if somebody did)")

    def clean(self) -> dict:
        cleaned = super().clean()
        who, when = cleaned.get("assessed_by"), cleaned.get("assessed_on")
        if who and not when and "assessed_on" not in self.errors:
            self.add_error("assessed_on", _("Give the date of the assessment, or leave both empty."))
        if when and not who and "assessed_by" not in self.errors:
            self.add_error("assessed_by", _("Say who assessed the runner, or leave both empty."))
        return cleaned
