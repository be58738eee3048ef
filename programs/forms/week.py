"""The weekdays on which a runner likes to run."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import rows, submit

#: ISO weekday -> its name; Django counts from Monday 0.
DAY_CHOICES = [(str(number + 1), name) for number, name in WEEKDAYS.items()]


class RunDaysForm(forms.Form):
    """``cleaned_data["run_days"]`` is a tuple of ISO weekdays, empty for any day."""

    run_days = forms.MultipleChoiceField(
        label=_("On which days do you like to run?"),
        required=False,
        choices=DAY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, fewest: int, most: int, action: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["run_days"].help_text = _(
            "Choose %(fewest)d to %(most)d days with a rest day between, or none: "
            "then each run comes as soon as the plan allows it."
        ) % {"fewest": fewest, "most": most}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.form_action = action
        self.helper.layout = Layout(rows("run_days"), submit(_("Save my days"), "btn-outline-primary"))

    def clean_run_days(self) -> tuple[int, ...]:
        return tuple(int(day) for day in self.cleaned_data["run_days"])
