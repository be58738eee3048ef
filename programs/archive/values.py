"""Values as JSON writes them, and back: one spelling each, so that the same facts are the same bytes."""

import datetime
import uuid

from programs.archive.columns import Kind

Json = dict | list | str | int | float | bool | None


def to_json(kind: Kind, value) -> Json:
    """The one spelling of a value; None stays null."""
    if value is None:
        return None
    if kind is Kind.INSTANT:
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if kind in (Kind.DATE, Kind.TIME):
        return value.isoformat()
    if kind is Kind.ID:
        return str(value)
    return in_order(value) if kind is Kind.PLAIN else value


def from_json(kind: Kind, raw: Json):
    """The value again. Raises ValueError; what it returns has no other spelling."""
    if raw is None:
        return None
    value = raw
    if kind is Kind.INSTANT:
        value = datetime.datetime.fromisoformat(raw)
    elif kind is Kind.DATE:
        value = datetime.date.fromisoformat(raw)
    elif kind is Kind.TIME:
        value = datetime.time.fromisoformat(raw)
    elif kind is Kind.ID:
        value = uuid.UUID(raw)
    if kind is Kind.INSTANT and value.tzinfo is None:
        raise ValueError("an instant needs its zone")
    if kind is not Kind.PLAIN and to_json(kind, value) != raw:
        raise ValueError(f"is written {to_json(kind, value)}")
    return value


def in_order(value: Json) -> Json:
    """Nested JSON with its keys in order: the two databases keep them differently."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [in_order(item) for item in value]
    return value
