"""Small checks from which the check of a programme document is made.

Each check yields a ``Fault`` for what is wrong and nothing for what is right,
so that one pass over a document collects every fault.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

GRADES = ("strong", "moderate", "weak", "convention", "own_choice")
LONGEST_TITLE = 120
LONGEST_TEXT = 2000
SHOWN_VALUE = 60
#: Control characters and halves of characters: no database stores all of them.
UNSTORABLE = ("Cc", "Cs")


class _Missing:
    """Stands for a value that is not in the document."""

    def __repr__(self) -> str:
        return "missing"


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, which field, what it is, what it may be."""

    place: str
    field: str
    value: object
    limit: str

    @property
    def message(self) -> str:
        shown = repr(self.value)
        if len(shown) > SHOWN_VALUE:
            shown = f"{shown[:SHOWN_VALUE]}…"
        return f"{self.place}: {self.field} is {shown}; it must be {self.limit}."


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document, as it is named to the person who wrote it."""

    place: str
    field: str = ""

    def into(self, name: object) -> "Spot":
        return Spot(self.place, f"{self.field}.{name}" if self.field else str(name))

    def fault(self, value: object, limit: str) -> Fault:
        return Fault(self.place, self.field or "document", value, limit)


Check = Callable[[Spot, object], Iterator[Fault]]


def whole(low: int, high: int, why: str = "") -> Check:
    """Return the check of a whole number; ``True`` is not one, nor is 2.0."""
    limit = f"a whole number from {low} to {high}{why}"

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            yield spot.fault(value, limit)

    return check


def one_of(*words: str) -> Check:
    limit = f"one of: {', '.join(words)}"

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in words:
            yield spot.fault(value, limit)

    return check


def matching(pattern: str, limit: str) -> Check:
    compiled = re.compile(pattern)

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield spot.fault(value, limit)

    return check


def text(spot: Spot, value: object, longest: int = LONGEST_TEXT) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        yield spot.fault(value, f"text of 1 to {longest} characters")
    elif any(unicodedata.category(letter) in UNSTORABLE for letter in value if letter != "\n"):
        yield spot.fault(value, "text without control characters")


def title(spot: Spot, value: object) -> Iterator[Fault]:
    yield from text(spot, value, longest=LONGEST_TITLE)


def yes_or_no(spot: Spot, value: object) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield spot.fault(value, "true or false")


def list_of(check: Check, *, at_least: int = 1) -> Check:
    limit = f"a list of {at_least} or more"

    def check_list(spot: Spot, value: object) -> Iterator[Fault]:
        if not isinstance(value, list) or len(value) < at_least:
            yield spot.fault(value, limit)
            return
        for number, item in enumerate(value, start=1):
            yield from check(spot.into(number), item)

    return check_list


def mapping(needed: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """Return the check of a mapping: all needed fields, no field that is unknown."""
    known = {**needed, **(optional or {})}

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield spot.fault(value, f"a mapping with {', '.join(needed) or 'fields'}")
            return
        for name in needed:
            if name not in value:
                yield spot.into(name).fault(MISSING, "given")
        for name, item in value.items():
            if name in known:
                yield from known[name](spot.into(name), item)
            else:
                yield spot.into(name).fault(item, f"left out; the fields here are {', '.join(known)}")

    return check


def cited(sources: frozenset[str]) -> dict[str, Check]:
    """Return the needed fields of everything that rests on evidence."""
    return {"grade": one_of(*GRADES), "source": _source_in(sources)}


def cited_more(sources: frozenset[str]) -> dict[str, Check]:
    """Return the optional fields of everything that rests on evidence."""
    return {"also": list_of(_source_in(sources)), "note": text}


def graded(check: Check, sources: frozenset[str]) -> Check:
    """Return the check of a threshold: its value, evidence grade and source."""
    return mapping({"value": check, **cited(sources)}, cited_more(sources))


def _source_in(sources: frozenset[str]) -> Check:
    def check(spot: Spot, value: object) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in sources:
            yield spot.fault(value, "one of the keys listed under sources")

    return check


def duplicates(spot: Spot, keys: Iterable[object]) -> Iterator[Fault]:
    seen = set()
    for key in keys:
        if isinstance(key, str) and key in seen:
            yield spot.fault(key, "used once only")
        elif isinstance(key, str):
            seen.add(key)


def value_of(thresholds: object, name: str) -> int | None:
    """Return a threshold's number, or None where the document has none to read."""
    threshold = thresholds.get(name) if isinstance(thresholds, dict) else None
    value = threshold.get("value") if isinstance(threshold, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
