"""What a physiotherapist fills in to change one exercise for one runner."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.override import NO_DATE, ActForm, DateInput
from programs.models import AdjustmentKind

WITH_LEVEL = (AdjustmentKind.DOSE, AdjustmentKind.SWAP, AdjustmentKind.ENABLE)


class AdjustForm(ActForm):
    """One form for all changes: what the chosen one does not need is not asked for."""

    submit_label = _("Change it")
    field_order = ["kind", "level", "instead", "accepts_warning", "reason_code", "reason", "review_on"]

    kind = forms.ChoiceField(
        label=_("What is to change"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to change.")},
    )
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        help_text=_("The stage of the programme stays the upper limit: it never becomes more than that."),
    )
    instead = forms.ChoiceField(
        label=_("Exercise in its place"),
        required=False,
        help_text=_("Only for another exercise in its place. It is done at the level above."),
    )
    accepts_warning = forms.BooleanField(
        label=_("It is off for this runner by default, and I turn it on myself"),
        required=False,
        help_text=_("Needed where the list says that an exercise is off for this runner."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on (if you like)"),
        required=False,
        error_messages=NO_DATE,
        widget=DateInput,
        help_text=_("It stands with the exercise. The change itself lasts until you take it back."),
    )

    def __init__(
        self,
        *args,
        kinds: list[tuple[str, str]],
        levels: list[tuple[str, str]],
        others: list[tuple[str, str]],
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("A few words. The runner reads them beside the exercise.")
        self.fields["kind"].choices = kinds
        # Another exercise may have a level that this one has not.
        known = dict(levels)
        named = [(level, known.get(level, level)) for level in "ABC" if others or level in known]
        self.fields["level"].choices = [("", _("Choose a level")), *named]
        self.fields["instead"].choices = [("", _("Choose an exercise")), *others]
        self.fields["review_on"].widget.attrs["min"] = self.today.isoformat()

    def clean_review_on(self) -> datetime.date | None:
        review_on = self.cleaned_data["review_on"]
        if review_on and review_on < self.today:
            raise forms.ValidationError(_("The review must be today or later."))
        return review_on

    def clean(self) -> dict:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind in WITH_LEVEL and not cleaned.get("level") and "level" not in self.errors:
            self.add_error("level", _("Choose a level."))
        if kind == AdjustmentKind.SWAP and not cleaned.get("instead") and "instead" not in self.errors:
            self.add_error("instead", _("Choose the exercise in its place."))
        if kind not in WITH_LEVEL:
            cleaned["level"] = ""
        if kind != AdjustmentKind.SWAP:
            cleaned["instead"] = ""
        return cleaned
