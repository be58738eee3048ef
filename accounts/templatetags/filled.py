"""Many like parts of a page: the template of one is rendered once, then filled.

A template engine asks for every value by its name, one call after the other; of
a page with hundreds of points, rows and criteria that was most of the work.
``{% filled "components/criterion.html" criteria "label detail source" "state" %}``
renders the template once for each shape that its parts come in, with marks in
the place of values, and puts the values of each part, escaped, where the marks
are. What is kept is text of our own templates; no value is ever kept.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from operator import attrgetter, itemgetter

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
#: Templates with what is alike for all items, of which each has at most a few shapes.
_MOST = 512


@register.simple_tag
def filled(
    filling: str,
    items: Iterable,
    values: str,
    shape: str = "",
    into: str = "",
    keep: str = "",
    **same: object,
) -> SafeString:
    """Fill the template ``filling`` for each of ``items``, one after the other.

    ``values`` names attributes that the template shows, and asks at most whether
    they are there; ``shape`` those that it compares; ``same`` is alike for all
    items: a number is a value, too. Of other things alike, and of shapes, there may
    only be few, and they say nothing of a person. ``a.b=some/template.html`` shows an
    attribute by a template of its own, which knows the item as ``into``, or ``item``;
    ``a.b=some/template.html:x,y/kind`` fills it for each of the attribute's own items, which have
    the shape of the outer one. ``into``: what the item is called, where the template names its
    attributes with it. ``keep``: a dictionary of each item, which never changes itself and so
    holds what was filled for it.
    """
    # Every value is escaped, and everything else is our own template.
    return mark_safe(_filled(filling, items, _asked(values, shape, into), same, keep))  # noqa: S308


@register.simple_tag
def fixed(shown: str, **values: object) -> SafeString:
    """The template ``shown``, rendered once for these values: few, and none says a thing of a person."""
    return _fixed(shown, tuple(values.items()), get_language(), static("icons/sprite.svg"))


@lru_cache(_MOST)
def _fixed(name: str, values: tuple, *_of: object) -> SafeString:
    return get_template(name).render(dict(values))


def _filled(
    name: str, items: Iterable, asked: "_Asked", same: dict[str, object], keep: str = ""
) -> SafeString:
    numbers = {key: value for key, value in same.items() if isinstance(value, float)}
    alike = tuple((key, value) for key, value in same.items() if key not in numbers)
    # Rendered patterns hold the addresses of icons, which hold the content of their file.
    fixed_by = (name, asked, tuple(numbers), alike, get_language(), static("icons/sprite.svg"))
    of, added = _patterns(*fixed_by), tuple(numbers.values())
    parts = []
    for item in items:
        held = getattr(item, keep) if keep else {}
        text = held.get((fixed_by, added))
        if text is None:
            compared = asked.compared(item)
            found = asked.found(item, compared, same) + added
            # A text or a number is told from nothing by this alone, without asking each for its class.
            key = (tuple([value is None or value == "" for value in found]), compared)
            pattern = of.get(key) or of.setdefault(key, _pattern(name, asked, tuple(numbers), alike, *key))
            text = held[fixed_by, added] = pattern.filled([_escaped(value) for value in found])
        parts.append(text)
    return mark_safe("".join(parts))  # noqa: S308


@dataclass(frozen=True, slots=True)
class _Value:
    """What an item shows: an attribute, as it is, by a template of its own, or as items of their own."""

    path: str
    place: str
    template: str
    into: str
    nested: "_Asked | None"

    @classmethod
    def read(cls, word: str, into: str) -> "_Value":
        path, _, shown = word.partition("=")
        name, _, of_each = shown.partition(":")
        values, _, shape = of_each.replace(",", " ").partition("/")
        nested = _asked(values, shape, "") if of_each else None
        return cls(path, _place(path, into), name, into, nested)

    def of(self, item: object, alike: dict[str, object]) -> object:
        found = _reach(item, self.path)
        if not self.template or found in _NOTHING:
            return found
        if self.nested:
            return _filled(self.template, found, self.nested, alike)
        return get_template(self.template).render(alike | {self.path: found, self.into or "item": item})


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What a tag asks of each item; read once from the words of the tag."""

    values: tuple[_Value, ...]
    #: Names in the template of what it compares, and their values of an item.
    places: tuple[str, ...]
    compared: Callable[[object], tuple]
    #: The values of an item, where all are shown as they are.
    plain: Callable[[object], tuple] | None

    def found(self, item: object, compared: tuple, same: dict[str, object]) -> tuple:
        if self.plain:
            return self.plain(item)
        alike = same | dict(zip(self.places, compared, strict=True))
        return tuple([value.of(item, alike) for value in self.values])


@lru_cache(_MOST)
def _asked(values: str, shape: str, into: str) -> _Asked:
    shown = tuple(_Value.read(word, into) for word in values.split())
    places = tuple(_place(path, into) for path in shape.split())
    plain = None if any(value.template for value in shown) else _all_of([value.path for value in shown])
    return _Asked(shown, places, _all_of(shape.split()), plain)


def _all_of(paths: list[str]) -> Callable[[object], tuple]:
    """What makes of an item the values of its attributes."""
    if len(paths) > 1 and not any("." in path for path in paths):
        return attrgetter(*paths)
    return lambda item: tuple([_reach(item, path) for path in paths])


def _place(path: str, into: str) -> str:
    return f"{into}.{path}" if into else path


def _reach(item: object, path: str) -> object:
    """An attribute, and those of it; None where one on the way is not there."""
    for step in path.split("."):
        item = None if item is None else getattr(item, step)
    return item


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A rendered template with free places, and which value comes into which place."""

    text: str
    picked: Callable[[list[str]], tuple[str, ...]]

    def filled(self, values: list[str]) -> str:
        return self.text % self.picked(values)


@lru_cache(_MOST)
def _patterns(*_of: object) -> dict[tuple, _Pattern]:
    """Those of a template by the shapes that its items come in."""
    return {}


def _pattern(
    name: str,
    asked: _Asked,
    numbers: tuple[str, ...],
    same: tuple,
    is_nothing: tuple[bool, ...],
    compared: tuple,
) -> _Pattern:
    names = (*(value.place for value in asked.values), *numbers)
    marks = ["" if nothing else f"{_MARK}{at}{_MARK}" for at, nothing in enumerate(is_nothing)]
    context: dict = {}
    for path, value in (*same, *zip(asked.places, compared, strict=True), *zip(names, marks, strict=True)):
        _put(context, path.split("."), value)
    texts = _PLACES.split(get_template(name).render(context))
    order = [int(at) for at in texts[1::2]]
    text = "%s".join(text.replace("%", "%%") for text in texts[::2])
    return _Pattern(text, itemgetter(*order) if order else lambda values: ())


def _put(context: dict, path: list[str], value: object) -> None:
    for step in path[:-1]:
        context = context.setdefault(step, {})
    context[path[-1]] = value


def _escaped(value: object) -> str:
    kind = type(value)
    if kind is int or kind is float:
        return str(value)
    if kind is SafeString:
        return value
    return "" if value is None else escape(str(value))
