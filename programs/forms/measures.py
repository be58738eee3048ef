"""Naming activities, and answering a questionnaire: every item may be left out, none is preselected."""

from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.forms.fields import RowsField, UnselectedRadios, panel, rows, submit
from programs.measures.items import CHOICE, NOT_APPLICABLE, NUMBER, TICKS, Answer, Item
from programs.models.measures import LONGEST_ACTIVITY

#: More steps than that are no row of buttons any more.
MOST_CELLS = 11
NONE_OF_THESE = "-none-"
SCALE_TEMPLATE = "programs/measures/parts/scale.html"


class ScaleField(forms.ChoiceField):
    """A row of numbers with words at its ends; the template reads both from ``item``."""

    widget = UnselectedRadios

    def __init__(self, *, item: Item, **kwargs):
        super().__init__(**kwargs)
        self.item = item


class ActivitiesForm(forms.Form):
    """One line for each activity that can still be named."""

    def __init__(self, *args, named: int = 0, most: int = 5, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(named + 1, most + 1):
            self.fields[f"activity_{number}"] = forms.CharField(
                label=_("Activity %(number)d") % {"number": number},
                required=False,
                max_length=LONGEST_ACTIVITY,
            )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(panel(*self.fields), submit(_("Save")))

    def words(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[name] for name in self.fields)


class AnswersForm(forms.Form):
    """``answers()`` holds what each item can take, None where it was left out."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, items: Sequence[Item], **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = {name_of(item): item for item in items}
        self.fields |= {name: _field(item) for name, item in self.asked.items()}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        drawn = [_drawn(name, item) for name, item in self.asked.items()]
        self.helper.layout = Layout("edition", *(panel(field) for field in drawn), submit(_("Save answers")))

    def clean_edition(self) -> int:
        """Answers belong to the words that were shown: never to others, whatever was sent."""
        edition = self.cleaned_data["edition"]
        if edition != self.initial["edition"]:
            raise forms.ValidationError(self.fields["edition"].error_messages["invalid"])
        return edition

    def clean(self) -> dict:
        data = super().clean()
        for name, item in self.asked.items():
            chosen = data.get(name)
            if item.kind == TICKS and NONE_OF_THESE in (chosen or ()) and len(chosen) > 1:
                self.add_error(name, _("You ticked some, and also that none applies. Correct one of them."))
        return data

    def answers(self) -> dict[str, Answer]:
        return {item.key: _answer(item, self.cleaned_data[name]) for name, item in self.asked.items()}


def name_of(item: Item) -> str:
    return f"item_{item.key}"


def _field(item: Item) -> forms.Field:
    if item.kind == TICKS:
        return _ticks(item)
    if item.kind == NUMBER and item.highest - item.lowest >= MOST_CELLS:
        return _typed(item)
    if item.kind == NUMBER:
        return _scale(item)
    choices = [(str(option.value), option.words) for option in item.options]
    return RowsField(label=item.words, required=False, choices=choices + _besides(item))


def _besides(item: Item) -> list[tuple[str, str]]:
    """An item that may not concern everybody can say so; what was left out stays empty."""
    return [(NOT_APPLICABLE, _("Does not apply to me"))] if item.may_not_apply else []


def _scale(item: Item) -> "ScaleField":
    numbers = [(str(number), str(number)) for number in range(item.lowest, item.highest + 1)]
    wanted = _("Choose a number from %(low)d to %(high)d.") % {"low": item.lowest, "high": item.highest}
    return ScaleField(
        item=item,
        label=item.words,
        required=False,
        choices=[*numbers, *_besides(item), ("", _("No answer"))],
        error_messages={"invalid_choice": wanted},
    )


def _typed(item: Item) -> forms.IntegerField:
    between = _("From %(low)d (%(low_words)s) to %(high)d (%(high_words)s).") % {
        "low": item.lowest,
        "high": item.highest,
        "low_words": item.low or _("lowest"),
        "high_words": item.high or _("highest"),
    }
    return forms.IntegerField(
        label=item.words,
        required=False,
        min_value=item.lowest,
        max_value=item.highest,
        help_text=between,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _ticks(item: Item) -> forms.MultipleChoiceField:
    statements = [(str(option.value), option.words) for option in item.options]
    return forms.MultipleChoiceField(
        label=item.words,
        required=False,
        choices=[*statements, (NONE_OF_THESE, _("None of these"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick all that apply, or the last line where none does."),
    )


def _drawn(name: str, item: Item) -> Field | str:
    if item.kind in (TICKS, CHOICE):
        return rows(name)
    return name if item.highest - item.lowest >= MOST_CELLS else Field(name, template=SCALE_TEMPLATE)


def _answer(item: Item, given) -> Answer:
    """The form's value as an answer; nothing chosen is None, "none of these" an empty list."""
    if item.kind == TICKS:
        return [] if given == [NONE_OF_THESE] else list(given) or None
    if given in ("", None):
        return None
    return NOT_APPLICABLE if given == NOT_APPLICABLE else int(given)
