"""Texts that are stored in English, said in the language of whoever reads them.

A row that never changes holds one language. It is looked up by its English
words; where numbers and names were filled in, it is matched against the
pattern that it was made of, the pattern is looked up, and they are put back.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

from django.utils.translation import get_language, gettext

_PLACE = re.compile(r"([^{]*)(?:\{(\w+)\})?")
#: What may stand in a place that no shape is given for.
ANYTHING = "(?s:.+?)"


def is_english() -> bool:
    return (get_language() or "en").startswith("en")


def said(
    text: str,
    patterns: tuple[str, ...],
    shapes: Mapping[str, str],
    fill: Callable[[str, str], str] = lambda name, value: value,
) -> str:
    """The text in the language of the reader; as it stands where it is none of ours.

    ``shapes`` tells what may stand in which place, ``fill`` says a value.
    """
    text = str(text)
    if not text or is_english():
        return text
    translated = gettext(text)
    if translated != text:
        return translated
    found = match(text, patterns, shapes)
    if found is None:
        return text
    pattern, values = found
    return gettext(pattern).format_map({name: fill(name, value) for name, value in values.items()})


def match(
    text: str, patterns: tuple[str, ...], shapes: Mapping[str, str]
) -> tuple[str, dict[str, str]] | None:
    """The pattern that a text was made of, and what was filled in."""
    for pattern, expression in _expressions(patterns, tuple(shapes.items())):
        if found := expression.fullmatch(text):
            return pattern, found.groupdict()
    return None


@cache
def _expressions(
    patterns: tuple[str, ...], shapes: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, re.Pattern], ...]:
    """All of them at once: to look each one up by its shapes took longer than to match it."""
    return tuple((pattern, _expression(pattern, dict(shapes))) for pattern in patterns if "{" in pattern)


def _expression(pattern: str, shapes: Mapping[str, str]) -> re.Pattern:
    """The pattern as a regular expression; a place that comes twice holds the same both times."""
    parts, seen = [], set()
    for literal, name in _PLACE.findall(pattern):
        parts.append(re.escape(literal))
        if name in seen:
            parts.append(f"(?P={name})")
        elif name:
            parts.append(f"(?P<{name}>{shapes.get(name, ANYTHING)})")
            seen.add(name)
    return re.compile("".join(parts))
