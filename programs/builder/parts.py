"""Reading and writing inside a document that may be faulty in any way: no part of it is taken for granted."""

import copy
from collections.abc import Sequence

Path = Sequence[str | int]


class _Nothing:
    """Stands for what a document does not say."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


def found(part: object, path: Path, otherwise: object = NOTHING) -> object:
    """What stands at the path, if the way to it exists."""
    for step in path:
        if not _has(part, step):
            return otherwise
        part = part[step]
    return part


def _has(part: object, step: str | int) -> bool:
    if isinstance(part, dict):
        return isinstance(step, str) and step in part
    return isinstance(part, list) and isinstance(step, int) and 0 <= step < len(part)


def put(part: dict, path: Sequence[str], value: object) -> None:
    """Write at the path, and make the way to it; ``NOTHING`` takes away, with what is empty after it."""
    if value is NOTHING:
        _take(part, path)
        return
    *way, name = path
    for step in way:
        if not isinstance(part.get(step), dict):
            part[step] = {}
        part = part[step]
    part[name] = copy.deepcopy(value)


def _take(part: object, path: Sequence[str]) -> None:
    if not isinstance(part, dict) or path[0] not in part:
        return
    if len(path) == 1:
        del part[path[0]]
        return
    _take(part[path[0]], path[1:])
    if part[path[0]] == {}:
        del part[path[0]]


def list_at(part: object, name: str) -> list:
    """The list of that name, or an empty one where there is none to go through."""
    value = part.get(name) if isinstance(part, dict) else None
    return value if isinstance(value, list) else []


def mapping_of(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def words_of(value: object) -> str:
    """A text as it stands, and nothing for what is none."""
    return value if isinstance(value, str) else ""
