"""What a physiotherapist fills in on her list: putting off, what she saw, views, one message to several."""

import datetime
import uuid
from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import InstantField
from programs.forms.override import NO_DATE, DateInput
from programs.models.caseload import LONGEST_SNOOZE_NOTE, LONGEST_VIEW_NAME
from programs.models.clinical import LONGEST_MESSAGE

_TOMORROW = datetime.timedelta(days=1)


class SnoozeForm(forms.Form):
    """``need`` is the one that she reads on the page; another one since is not put off unseen."""

    need = forms.CharField(widget=forms.HiddenInput, max_length=24)
    until = forms.DateField(
        label=_("Put off until"),
        error_messages=NO_DATE,
        widget=DateInput,
        help_text=_(
            "The last day, at most 30 days ahead. A more pressing need brings the runner back before."
        ),
    )
    note = forms.CharField(
        label=_("Why"),
        error_messages={"required": _("Say why in a few words.")},
        max_length=LONGEST_SNOOZE_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For yourself. It stands beside the name on your list."),
    )

    def __init__(self, *args, today: datetime.date, need: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.current = need
        self.initial["need"] = need
        self.fields["until"].widget.attrs["min"] = (today + _TOMORROW).isoformat()
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.add_input(Submit("save", _("Put off"), css_class="btn-lg"))

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("need") != self.current:
            self.data = self.data.copy()
            self.data["need"] = self.current
            raise forms.ValidationError(
                _("What this runner needs has changed meanwhile. Read it above, then decide again.")
            )
        return cleaned


class SeenForm(forms.Form):
    """The instant of the page on which she pressed the button."""

    through = InstantField()


class ViewForm(forms.Form):
    """The name of a view; its filters come beside it, as in the address."""

    name = forms.CharField(
        label=_("Keep these filters as"),
        max_length=LONGEST_VIEW_NAME,
        error_messages={"required": _("Give the view a name.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, data=None, **kwargs) -> None:
        super().__init__(data, auto_id="view-%s", **kwargs)


class SeveralForm(forms.Form):
    """One message, and to whom: only those of the list who may be chosen."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    chosen = forms.MultipleChoiceField(
        error_messages={
            "required": _("Choose at least one runner of the list."),
            "invalid_choice": _(
                "Somebody whom you chose cannot be written to this way any more. Choose again."
            ),
        }
    )
    words = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        error_messages={"required": _("Write a few words.")},
        widget=forms.Textarea(attrs={"rows": 3, "aria-describedby": "several-help"}),
    )

    def __init__(self, data=None, *, may_be_chosen: Iterable[uuid.UUID] = (), **kwargs) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, auto_id="several-%s", **kwargs)
        self.fields["chosen"].choices = [(str(one), "") for one in may_be_chosen]

    @property
    def ticked(self) -> set[str]:
        """Whom she chose, when the form comes back."""
        return set(self.data.getlist("chosen")) if self.is_bound else set()
