"""Many like parts of a page: the template of one is rendered once, then filled.

A template engine asks for every value by its name, one call after the other; of
a page with hundreds of points, rows and criteria that was most of the work.
``{% filled "components/criterion.html" criteria "label detail source" "state" %}``
renders the template once for each shape that its parts come in, with marks in
the place of values, and puts the values of each part, escaped, where the marks
are. What is kept is text of our own templates; no value is ever kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

#: Around the number of a value; stands in no template.
_MARK = "\x1f"
_PLACES = re.compile(f"{_MARK}([0-9]+){_MARK}")
#: Where there is nothing, the template sees nothing, and its ``if`` holds.
_NOTHING = (None, "")


@register.simple_tag
def filled(
    name: str, items: Iterable, values: str, shape: str = "", into: str = "", **same: object
) -> SafeString:
    """Fill the template ``name`` for each of ``items``, one after the other.

    ``values`` names attributes that the template shows, and asks at most whether
    they are there; ``shape`` those that it compares; ``same`` is alike for all
    items: a number is a value, too. Of other things alike, and of shapes, there may
    only be few, and they say nothing of a person. ``a.b=some/template.html`` shows an
    attribute by a template of its own, which knows the item as ``into``, or ``item``. ``into``:
    what the item is called, where the template names its attributes with it.
    """
    shown, compared = [_Value.read(word, into) for word in values.split()], shape.split()
    numbers = {key: value for key, value in same.items() if isinstance(value, float)}
    alike = tuple((key, value) for key, value in same.items() if key not in numbers)
    names = (*(value.place for value in shown), *numbers)
    places = tuple(_place(path, into) for path in compared)
    # Rendered patterns hold the addresses of icons, which hold the content of their file.
    fixed = (name, names, places, alike, get_language(), static("icons/sprite.svg"))
    parts = []
    for item in items:
        found = [*(value.of(item, same) for value in shown), *numbers.values()]
        is_there = tuple(value not in _NOTHING for value in found)
        pattern, order = _pattern(fixed, is_there, tuple(_reach(item, path) for path in compared))
        texts = pattern.copy()
        texts[1::2] = [_escaped(found[at]) for at in order]
        parts += texts
    # Every value was escaped, and everything else is our own template.
    return mark_safe("".join(parts))  # noqa: S308


@dataclass(frozen=True, slots=True)
class _Value:
    """What an item shows: an attribute, as it is or by a template of its own."""

    path: str
    place: str
    template: str = ""
    into: str = ""

    @classmethod
    def read(cls, word: str, into: str) -> "_Value":
        path, _, name = word.partition("=")
        return cls(path, _place(path, into), name, into)

    def of(self, item: object, same: dict[str, object]) -> object:
        found = _reach(item, self.path)
        if not self.template or found in _NOTHING:
            return found
        return get_template(self.template).render(same | {self.path: found, self.into or "item": item})


def _place(path: str, into: str) -> str:
    return f"{into}.{path}" if into else path


def _reach(item: object, path: str) -> object:
    """An attribute, and those of it; None where one on the way is not there."""
    for step in path.split("."):
        item = None if item is None else getattr(item, step)
    return item


@lru_cache(maxsize=1024)
def _pattern(fixed: tuple, is_there: tuple[bool, ...], compared: tuple) -> tuple[list[str], list[int]]:
    """Texts with a free place between each two of them, and which value comes into which place."""
    name, names, places, same, *_ = fixed
    marks = [f"{_MARK}{at}{_MARK}" if there else "" for at, there in enumerate(is_there)]
    context: dict = {}
    for path, value in (*same, *zip(places, compared, strict=True), *zip(names, marks, strict=True)):
        _put(context, path.split("."), value)
    pieces = _PLACES.split(get_template(name).render(context))
    return pieces, [int(at) for at in pieces[1::2]]


def _put(context: dict, path: list[str], value: object) -> None:
    for step in path[:-1]:
        context = context.setdefault(step, {})
    context[path[-1]] = value


def _escaped(value: object) -> str:
    if isinstance(value, SafeString):
        return value
    return str(value) if isinstance(value, int | float) else escape(str(value))
