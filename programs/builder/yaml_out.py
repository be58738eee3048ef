"""A programme document in the order in which people write one; a database keeps no order of fields."""

from collections.abc import Iterable

from programs.engine.document import CONSTANT_BOUNDS

#: Fields of each kind of mapping, as in docs/programme-format.md; what is not named here follows behind.
_PROGRAMME = (
    *("key", "title", "language", "family", "condition", "audience", "summary", "entry", "notes"),
    *("start_stages", "sign_off", "sources", "engine", "stages"),
)
_STAGE = (
    *("key", "title", "kind", "summary", "goal", "sign_off", "normal", "not_normal", "stop_if", "criteria"),
    *("sessions", "sessions_per_week", "days_between", "limits"),
)
_SESSION = ("key", "title", "counts", "per_week", "summary", "basis", "run_walk", "exercises", "advice")
_OTHERS = (
    *("key", "value", "min", "max", "grade", "source", "also", "note", "level", "up_to", "when"),
    *("warm_up_min", "intervals", "cool_down_min", "run_seconds", "walk_seconds", "repeats", "repeats_from"),
    *("need_sessions", "min_days", "min_logged", "q", "intensity_max", "run_minutes_max"),
)
_OF = {"stages": _STAGE, "sessions": _SESSION, "engine": tuple(CONSTANT_BOUNDS)}


def in_order(document: dict) -> dict:
    """The same document with its fields in the order of the format; equal to the one that was given."""
    return _mapping(document, _PROGRAMME)


def _mapping(mapping: dict, order: Iterable[str]) -> dict:
    names = [*(name for name in order if name in mapping), *(name for name in mapping if name not in order)]
    return {name: _value(mapping[name], _OF.get(name, _OTHERS)) for name in names}


def _value(value: object, order: Iterable[str]) -> object:
    if isinstance(value, dict):
        return _mapping(value, order)
    if isinstance(value, list):
        return [_value(item, order) for item in value]
    return value
