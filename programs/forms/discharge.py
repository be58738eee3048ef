"""What ends a programme: a clinician's summary, or a runner's own word."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import DischargeOutcome
from programs.models.clinical import LONGEST_HANDED_TO, LONGEST_SUMMARY

OUTCOMES = (
    (DischargeOutcome.COMPLETED, _("Completed: the runner has reached what they came for")),
    (DischargeOutcome.REFERRED_ON, _("Referred on: somebody else goes on with the care")),
    (DischargeOutcome.STOPPED, _("Stopped for another reason")),
)


class DischargeForm(forms.Form):
    """``is_paused``: nothing is completed then; ``is_pressing``: somebody has to go on."""

    outcome = forms.ChoiceField(
        label=_("How it ends"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the programme ends.")},
    )
    handed_to = forms.CharField(
        label=_("Who goes on with the care"),
        max_length=LONGEST_HANDED_TO,
        required=False,
        error_messages={"required": _("Say who goes on with the care of the runner.")},
        help_text=_("Name and role. Needed where you refer the runner on."),
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write a summary; the runner reads it.")},
        help_text=_(
            "What was reached, what to go on with, and when to be seen again. The runner reads it. "
            "Plain words, no blame."
        ),
    )

    def __init__(self, *args, is_paused: bool, is_pressing: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            choice for choice in OUTCOMES if not (is_paused and choice[0] == DischargeOutcome.COMPLETED)
        ]
        if is_pressing:
            self.fields["handed_to"].required = True
            self.fields["handed_to"].help_text = _("Name and role of who looks after the warning sign now.")
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.add_input(Submit("save", _("End the programme"), css_class="btn-lg"))

    def clean(self) -> dict:
        cleaned = super().clean()
        is_missing = not cleaned.get("handed_to") and "handed_to" not in self.errors
        if cleaned.get("outcome") == DischargeOutcome.REFERRED_ON and is_missing:
            self.add_error("handed_to", _("Say who goes on with the care of the runner."))
        return cleaned


class LeaveForm(forms.Form):
    """A runner leaves; she need not say why."""

    words = forms.CharField(
        label=_("Why, if you want to say"),
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those whom you let in can read it."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.add_input(Submit("save", _("End my programme"), css_class="btn-lg"))
