"""Fields of the builder: what a document holds, as text that somebody edits.

None is required and no limit of the format is held here: a draft may be
faulty, and the check says so beside the form. A field only refuses what it
could not write down, such as a number that is none. What nobody touched is
left exactly as the document has it.
"""

import json
import re

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_LINE = 300
LONGEST_WORDS = 4_000
LONGEST_LIST = 20_000
Choices = list[tuple[str, str | Promise]]


def _squeezed(text: object) -> str:
    """Without what a browser adds on the way: its line ends, and space round a line."""
    lines = str(text or "").replace("\r\n", "\n").strip().split("\n")
    return "\n".join(line.strip() for line in lines)


def described(name: str, formfield: forms.Field) -> None:
    """Give a field its look, and tie it to its help and to what is wrong with it."""
    attrs = formfield.widget.attrs
    looks = {forms.Select: "form-select", forms.CheckboxSelectMultiple: "form-check-input"}
    attrs.setdefault("class", looks.get(type(formfield.widget), "form-control"))
    help_id = f"id_{name}_helptext " if formfield.help_text else ""
    attrs["aria-describedby"] = f"{help_id}id_{name}_fault"


class _Written(forms.CharField):
    """A field that shows a value of a document as text, and reads it back."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, empty_value=None, **kwargs)

    def prepare_value(self, value: object) -> str:
        return value if isinstance(value, str) else self.shown(value)

    def shown(self, value: object) -> str:
        """As text, whatever it is: a file from elsewhere may hold anything."""
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    def clean(self, value: object) -> object:
        """None for nothing; the length is that of the text, whatever is read from it."""
        text = super().clean(value)
        return None if text is None else self.read(text.replace("\r\n", "\n"))

    def read(self, text: str) -> object:
        return text

    def has_changed(self, initial: object, data: object) -> bool:
        return not self.disabled and _squeezed(self.prepare_value(initial)) != _squeezed(data)


class LineField(_Written):
    """One line of text."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=LONGEST_LINE, **kwargs)


class WordsField(_Written):
    """Some sentences."""

    def __init__(self, rows: int = 3, **kwargs) -> None:
        super().__init__(max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class LinesField(_Written):
    """A list of sentences, one on each line."""

    def __init__(self, rows: int = 5, **kwargs) -> None:
        super().__init__(max_length=LONGEST_LIST, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def shown(self, value: object) -> str:
        if not isinstance(value, list):
            return super().shown(value)
        return "\n".join(super(LinesField, self).prepare_value(item).replace("\n", " ") for item in value)

    def read(self, text: str) -> list[str] | None:
        lines = [line.strip() for line in text.splitlines()]
        return [line for line in lines if line] or None


class KeysField(_Written):
    """A list of keys, with commas between; in the order in which they are written."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=LONGEST_LINE, **kwargs)

    def shown(self, value: object) -> str:
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            return super().shown(value)
        return ", ".join(value)

    def read(self, text: str) -> list[str] | None:
        keys = re.split(r"[\s,;]+", text)
        return list(dict.fromkeys(key for key in keys if key)) or None


class WholeField(_Written):
    """A whole number. As text: a field of numbers would not show what was wrong with it."""

    def __init__(self, **kwargs) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "size": 5}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)

    def read(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,6}", text):
            raise forms.ValidationError(_("Write a whole number, in figures."))
        return int(text)


class ClockField(_Written):
    """Seconds, written as minutes and seconds."""

    def __init__(self, **kwargs) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "size": 6, "placeholder": "0:00"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)

    def shown(self, value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return super().shown(value)
        return f"{value // 60}:{value % 60:02}"

    def read(self, text: str) -> int:
        parts = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", text)
        if not parts:
            raise forms.ValidationError(_("Write minutes and seconds, such as 1:30."))
        return 60 * int(parts[1]) + int(parts[2])


class WordField(forms.ChoiceField):
    """One of some words; what the document holds instead is offered as it stands."""

    def __init__(self, *, words: Choices, empty: str | Promise = "", **kwargs) -> None:
        self.known = [("", empty), *words]
        super().__init__(required=False, choices=self.known, **kwargs)

    def offer(self, value: object) -> None:
        """So that saving does not lose it unseen."""
        text = self.prepare_value(value)
        if text not in [key for key, _words in self.known]:
            self.choices = [*self.known, (text, text)]

    def prepare_value(self, value: object) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        return json.dumps(value, ensure_ascii=False)

    def to_python(self, value: object) -> str | None:
        return super().to_python(value) or None

    def has_changed(self, initial: object, data: object) -> bool:
        return self.prepare_value(initial) != (data or "")


class YesNoField(WordField):
    """Yes, no, or not said."""

    VALUES = {"yes": True, "no": False}

    def __init__(self, **kwargs) -> None:
        super().__init__(words=[("yes", _("Yes")), ("no", _("No"))], **kwargs)

    def prepare_value(self, value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return super().prepare_value(value)

    def clean(self, value: object) -> object:
        text = super().clean(value)
        return self.VALUES.get(text, text)


class SeveralField(forms.MultipleChoiceField):
    """Some of a list; what was there keeps its order, what is new comes behind."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, words: Choices, **kwargs) -> None:
        self.known = words
        super().__init__(required=False, choices=words, **kwargs)
        self.before: list[str] = []

    def offer(self, value: object) -> None:
        self.before = [key for key in value if isinstance(key, str)] if isinstance(value, list) else []
        offered = [key for key, _words in self.known]
        self.choices = [*self.known, *((key, key) for key in self.before if key not in offered)]

    def prepare_value(self, value: object) -> list[str]:
        return [key for key in value if isinstance(key, str)] if isinstance(value, list) else []

    def to_python(self, value: object) -> list[str] | None:
        ticked = super().to_python(value)
        kept = [key for key in self.before if key in ticked]
        return [*kept, *(key for key in ticked if key not in kept)] or None

    def validate(self, value: object) -> None:
        super().validate(value or [])

    def has_changed(self, initial: object, data: object) -> bool:
        return set(self.prepare_value(initial)) != set(data or [])
