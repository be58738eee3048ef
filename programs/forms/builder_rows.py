"""Rows of a list in the form of a part: exercises and intervals, in order, with empty ones to add more."""

import copy
from collections.abc import Callable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.builder.parts import NOTHING, found, list_at, mapping_of, put
from programs.forms.builder_fields import WholeField, WordField, described

#: Empty rows below those that are there; without JavaScript every save gives new ones.
SPARE = 2
MOST_ROWS = 60


def _nothing(item: object) -> str:
    return ""


class Rows:
    """``columns``: field of an item -> maker of its form field. Items stand in the list at ``path``."""

    def __init__(
        self,
        path: Sequence[str],
        columns: dict[str, Callable[[], forms.Field]],
        hint: Callable[[object], str] = _nothing,
    ) -> None:
        self.path, self.columns, self._hint = tuple(path), columns, hint
        self.prefix = "-".join(path)
        self.count_name = f"{self.prefix}-rows"
        self.items: list = []
        self.count = 0

    def add_to(self, form: forms.Form, part: dict) -> "Rows":
        """Give the form the fields of every row."""
        self.items = list_at(found(part, self.path[:-1], {}), self.path[-1])
        self.count = self._how_many(form)
        form.fields[self.count_name] = forms.IntegerField(
            widget=forms.HiddenInput, initial=self.count, required=False
        )
        for number in range(self.count):
            self._add_row(form, number)
        return self

    def hint(self, number: int) -> str:
        """What a stored row means, in words."""
        return self._hint(self.items[number]) if number < len(self.items) else ""

    def write(self, part: dict, form: forms.Form) -> None:
        """Put what the rows say now in the place of the list."""
        kept = [self._item(form, number) for number in self._in_order(form)]
        items = [item for item in kept if item is not NOTHING]
        if items != found(part, self.path):
            put(part, self.path, items or NOTHING)

    def _how_many(self, form: forms.Form) -> int:
        """As many rows as were sent: a form that comes back shows all of them."""
        sent = form.data.get(self.count_name, "") if form.is_bound else ""
        if str(sent).isdecimal() and len(str(sent)) < 4:
            return min(int(sent), MOST_ROWS)
        return min(len(self.items) + SPARE, MOST_ROWS)

    def _add_row(self, form: forms.Form, number: int) -> None:
        item = self.items[number] if number < len(self.items) else {}
        for column, make in self.columns.items():
            field = make()
            value = mapping_of(item).get(column)
            if isinstance(field, WordField):
                field.offer(value)
            name = self.name(number, column)
            # What is seen; the whole name says which row it is.
            field.short = field.label
            field.label = _("{label}, row {number}").format(label=field.label, number=number + 1)
            form.fields[name], form.initial[name] = field, value
            described(name, field)
        order = WholeField(label=_("Place of row {number}").format(number=number + 1))
        gone = forms.BooleanField(label=_("Leave out row {number}").format(number=number + 1), required=False)
        described(self.name(number, "order"), order)
        form.fields[self.name(number, "order")] = order
        form.initial[self.name(number, "order")] = number + 1 if number < len(self.items) else None
        form.fields[self.name(number, "gone")] = gone

    def _item(self, form: forms.Form, number: int) -> object:
        """A row that nobody touched is the item as it was."""
        old = self.items[number] if number < len(self.items) else NOTHING
        if form.cleaned_data.get(self.name(number, "gone")):
            return NOTHING
        changed = [c for c in self.columns if self.name(number, c) in form.changed_data]
        if old is not NOTHING and not isinstance(old, dict) and not changed:
            return old
        item = {name: copy.deepcopy(value) for name, value in mapping_of(old).items() if name in self.columns}
        for column in changed:
            name = self.name(number, column)
            if name in form.cleaned_data:
                put(item, [column], NOTHING if form.cleaned_data[name] is None else form.cleaned_data[name])
        return item or NOTHING

    def _in_order(self, form: forms.Form) -> list[int]:
        """By the places that were written; what was moved pushes aside what stood there."""

        def place(number: int) -> tuple[int, int]:
            wanted = form.cleaned_data.get(self.name(number, "order"))
            at = number + 1 if wanted is None else wanted
            return at, (at > number + 1) - (at < number + 1)

        return sorted(range(self.count), key=place)

    def name(self, number: int, column: str) -> str:
        return f"{self.prefix}-{number}-{column}"
