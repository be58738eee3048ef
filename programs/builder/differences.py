"""Two editions of a programme document, compared field by field; whatever their shape.

Stages, sessions and exercises are known by their key, so that one that moved
is no other one. What a difference is called to a physiotherapist is written
elsewhere (``selectors/differences.py``).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from programs.builder.careful import is_less_careful
from programs.engine.document_values import MISSING

#: Mappings of single thresholds: one that is missing is an empty one, and each threshold differs by itself.
_OF_THRESHOLDS = ("engine", "criteria", "limits")
#: Lists whose items have a key, and what each is.
_KEYED = {"stages": "stage", "sessions": "session", "exercises": "exercise"}


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document; keys, empty for what lies above. ``exercise`` is its key in the library."""

    stage: str = ""
    session: str = ""
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same; ``before`` and ``after`` are None where there is nothing.

    ``field`` is dotted, as in the messages of the check, and empty for a whole
    stage, session or exercise. Of what moved, both are positions counted from 1.
    """

    place: Place
    kind: Kind
    field: str
    before: object
    after: object
    is_less_careful: bool = False


def differences(old: dict, new: dict) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the documents; nothing for the same content."""
    found = _between(Place(), "", old, new)
    return tuple(replace(one, is_less_careful=is_less_careful(one)) for one in found)


def _between(place: Place, field: str, old: object, new: object) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(place, field, old, new)
    elif field.rpartition(".")[2] in _KEYED and _are_keyed(old) and _are_keyed(new):
        yield from _keyed(place, field, old, new)
    elif _are_texts(old) and _are_texts(new):
        yield from _sentences(place, field, old, new)
    elif not same(old, new):
        yield _plain(place, field, old, new)


def same(old: object, new: object) -> bool:
    """As JSON tells values apart: ``true`` is not 1, and 2 is not 2.0."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return type(old) is type(new) and old == new


def _plain(place: Place, field: str, old: object, new: object) -> Difference:
    if old is MISSING:
        return Difference(place, Kind.ADDED, field, None, new)
    if new is MISSING:
        return Difference(place, Kind.REMOVED, field, old, None)
    return Difference(place, Kind.CHANGED, field, old, new)


def _mappings(place: Place, field: str, old: dict, new: dict) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        path = f"{field}.{name}" if field else name
        yield from _between(place, path, *_opened(name, old.get(name, MISSING), new.get(name, MISSING)))


def _opened(name: str, before: object, after: object) -> tuple[object, object]:
    """Of thresholds and of what has a key, each is a difference by itself, also where there were none."""
    empty: dict | list = {} if name in _OF_THRESHOLDS else []
    there = after if before is MISSING else before
    if name not in (*_OF_THRESHOLDS, *_KEYED) or not isinstance(there, type(empty)) or not there:
        return before, after
    return tuple(empty if value is MISSING else value for value in (before, after))


def _keyed(place: Place, field: str, old: list[dict], new: list[dict]) -> Iterator[Difference]:
    """Items by their key, and a second one of the same key by its turn."""
    before, after = _by_key(old), _by_key(new)
    level = _KEYED[field.rpartition(".")[2]]
    for name in dict.fromkeys((*before, *after)):
        inside = replace(place, **{level: name[0]})
        if name in before and name in after:
            yield from _between(inside, "", before[name], after[name])
        else:
            yield _plain(inside, "", before.get(name, MISSING), after.get(name, MISSING))
    for name, was, now in _moved(list(before), list(after)):
        yield Difference(replace(place, **{level: name[0]}), Kind.MOVED, "", was, now)


def _by_key(items: list[dict]) -> dict[tuple[str, int], dict]:
    seen: Counter[str] = Counter()
    found = {}
    for item in items:
        seen[item["key"]] += 1
        found[item["key"], seen[item["key"]]] = item
    return found


def _sentences(place: Place, field: str, old: list[str], new: list[str]) -> Iterator[Difference]:
    before, after = _in_turn(old), _in_turn(new)
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    yield from (Difference(place, Kind.REMOVED, field, text, None) for text, _ in gone)
    yield from (Difference(place, Kind.ADDED, field, None, text) for text, _ in come)
    for (text, _), _, _ in _moved(before, after):
        yield Difference(place, Kind.MOVED, field, text, text)


def _in_turn(texts: list[str]) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    found = []
    for text in texts:
        seen[text] += 1
        found.append((text, seen[text]))
    return found


def _moved(old: list, new: list) -> Iterator[tuple[object, int, int]]:
    """As few as explain the new order, with their position before and after."""
    common = [name for name in new if name in set(old)]
    stayed = _longest_in_order([old.index(name) for name in common])
    for name in common:
        if old.index(name) not in stayed:
            yield name, old.index(name) + 1, new.index(name) + 1


def _longest_in_order(numbers: list[int]) -> set[int]:
    """The longest rising part of some numbers; a document has few."""
    best: list[list[int]] = []
    for number in numbers:
        before = max((part for part in best if part[-1] < number), key=len, default=[])
        best.append([*before, number])
    longest = max(best, key=len, default=[])
    assert all(low < high for low, high in pairwise(longest))  # noqa: S101 - says what is returned
    return set(longest)


def _are_keyed(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and isinstance(item.get("key"), str) for item in value
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
