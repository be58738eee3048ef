"""Fields that several forms share: the 0-10 scale, rows to choose from, yes or no.

None of them is preselected: an answer that nobody gave must not look like one.
"""

from crispy_forms.layout import HTML, Div, Field
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from programs.engine.values import HIGHEST_SCORE, LOWEST_SCORE
from programs.presentation import NOT_RECORDED

SCALE_TEMPLATE = "components/pain_scale.html"
ROWS_TEMPLATE = "programs/runner/parts/choice_rows.html"
YES_NO_TEMPLATE = "programs/runner/parts/yes_no.html"


class UnselectedRadios(forms.RadioSelect):
    """Radio buttons of which none is on until somebody chooses.

    Django would turn the choice with an empty value on where nothing was given.
    """

    def format_value(self, value):
        return [] if value is None else super().format_value(value)


class InstantField(forms.DateTimeField):
    """The instant of a page, as its form takes it back. A year that no page can have is no instant.

    The first and the last ones of the calendar cannot be told in every time zone.
    """

    def clean(self, value):
        instant = super().clean(value)
        if instant is not None and not 2000 <= instant.year <= 2999:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return instant


class PainScoreField(forms.TypedChoiceField):
    """A whole number 0-10. Where it is optional, "not recorded" can be chosen too; both give None."""

    widget = UnselectedRadios

    def __init__(self, *, required: bool = False, **kwargs):
        choices = [(str(score), str(score)) for score in range(LOWEST_SCORE, HIGHEST_SCORE + 1)]
        if not required:
            choices.append(("", capfirst(NOT_RECORDED)))
        wanted = _("Choose a number from 0 to 10.")
        super().__init__(
            choices=choices,
            coerce=int,
            empty_value=None,
            required=required,
            error_messages={"required": wanted, "invalid_choice": wanted},
            **kwargs,
        )


class RowsField(forms.ChoiceField):
    """One of a few sentences, as rows that a thumb can hit."""

    widget = UnselectedRadios


class YesNoField(forms.TypedChoiceField):
    """Yes or no; True, False, or None where it may be skipped and was."""

    widget = UnselectedRadios

    def __init__(self, *, required: bool = True, **kwargs):
        choices = [("yes", _("Yes")), ("no", _("No"))]
        if not required:
            choices.append(("", _("Skip")))
        messages = {"required": _("Choose yes or no.")}
        super().__init__(
            choices=choices,
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            required=required,
            error_messages=messages,
            **kwargs,
        )

    def prepare_value(self, value):
        """An answer that is shown again: True and False are the choices yes and no."""
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def scale(name: str, **context) -> Field:
    """The scale in a crispy layout; ``low`` and ``high`` are the words at its ends."""
    return _WithContext(name, SCALE_TEMPLATE, context)


def rows(name: str) -> Field:
    return Field(name, template=ROWS_TEMPLATE)


def yes_no(name: str) -> Field:
    return Field(name, template=YES_NO_TEMPLATE)


def submit(words: str, css: str = "btn-primary btn-lg") -> Div:
    """The button at the end of a form."""
    return Div(HTML(f'<button class="btn {css}" type="submit">{words}</button>'), css_class="actions")


def panel(*fields, css: str = "") -> Div:
    """A part of a form in a frame of its own."""
    return Div(*fields, css_class=f"panel form-panel {css}".strip())


class _WithContext(Field):
    """A field whose template is given words of its own."""

    def __init__(self, name: str, template: str, context: dict):
        super().__init__(name, template=template)
        self.words = context

    def render(self, form, context, template_pack=None, extra_context=None, **kwargs):
        words = {**(extra_context or {}), **self.words}
        return super().render(form, context, template_pack, extra_context=words, **kwargs)
