"""The differences between two editions of a programme, in words for a physiotherapist."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.builder.differences import Difference, Kind, Place, differences
from programs.engine.values import StageKind
from programs.library.loader import EXERCISE
from programs.presentation import GRADES
from programs.said import said
from programs.selectors.difference_names import WHEN, name_of
from programs.selectors.intervals import interval_words
from programs.selectors.ladder import KIND_WORDS
from programs.shelf import shelf


@dataclass(frozen=True, slots=True)
class Row:
    """One difference. ``before`` and ``after`` are empty where there is nothing to set side by side."""

    what: str
    before: str
    after: str
    is_less_careful: bool

    @property
    def words(self) -> str:
        """All of it as one line: “comfortable sessions needed 3 → 4”."""
        if not self.before and not self.after:
            return self.what
        return _("{what}: {before} → {after}").format(what=self.what, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class Group:
    """Everything that differs in one stage, or in the programme itself."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    groups: tuple[Group, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def less_careful(self) -> int:
        return sum(row.is_less_careful for group in self.groups for row in group.rows)

    @property
    def total(self) -> str:
        words = ngettext("{count} difference", "{count} differences", self.count)
        return words.format(count=self.count)


def in_words(old: dict, new: dict, exercises: Mapping[str, str] | None = None) -> Differences:
    """What ``new`` has otherwise than ``old``, stage by stage.

    ``exercises``: key -> title; by default those of the library (two queries at most).
    """
    found = differences(old, new)
    names = _Names(old, new, _titles() if exercises is None and found else exercises or {})
    groups: dict[str, list[Row]] = {}
    for one in found:
        groups.setdefault(one.place.stage, []).append(_row(one, names))
    return Differences(tuple(Group(names.stage(key), tuple(rows)) for key, rows in groups.items()))


def _titles() -> dict[str, str]:
    return {row.key: said(row.document["title"]) for row in shelf().of(EXERCISE)}


class _Names:
    """Titles for keys, of the newer document where both have one."""

    def __init__(self, old: dict, new: dict, exercises: Mapping[str, str]):
        self.exercises = exercises
        self.stages: dict[str, str] = {}
        self.sessions: dict[tuple[str, str], str] = {}
        for stage in (*_items(old, "stages"), *_items(new, "stages")):
            self.stages[stage["key"]] = _title(stage)
            for session in _items(stage, "sessions"):
                self.sessions[stage["key"], session["key"]] = _title(session)

    def stage(self, key: str) -> str:
        if not key:
            return _("The whole programme")
        return _("Stage “{title}”").format(title=self.stages.get(key, key))

    def session(self, place: Place) -> str:
        return self.sessions.get((place.stage, place.session), place.session)

    def exercise(self, key: str) -> str:
        return self.exercises.get(key, key)


def _items(mapping: dict, name: str) -> list[dict]:
    """The items of a list that have a key; a document that is being written may hold anything."""
    listed = mapping.get(name)
    items = listed if isinstance(listed, list) else []
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("key"), str)]


def _title(item: dict) -> str:
    title = item.get("title")
    return said(title) if isinstance(title, str) and title.strip() else item["key"]


def _row(one: Difference, names: _Names) -> Row:
    if one.field:
        what = _inside(one.place, names, name_of(one.field))
        if one.kind is Kind.MOVED:
            moved = _("{what}: “{text}” stands elsewhere").format(what=what, text=said(one.after))
            return Row(moved, "", "", one.is_less_careful)
        sides = (_value(one.field, side, names) for side in (one.before, one.after))
        return Row(what, *sides, one.is_less_careful)
    return Row(_of_whole(one, names), "", "", one.is_less_careful)


def _inside(place: Place, names: _Names, what: str) -> str:
    if place.exercise:
        return f"{names.session(place)}, {names.exercise(place.exercise)}: {what}"
    return f"{names.session(place)}: {what}" if place.session else what


_WHOLE = {
    ("stage", Kind.ADDED): lambda: _("this stage is new"),
    ("stage", Kind.REMOVED): lambda: _("this stage is gone"),
    ("stage", Kind.MOVED): lambda: _("this stage comes at place {after} and not at place {before}"),
    ("session", Kind.ADDED): lambda: _("session “{title}” is new"),
    ("session", Kind.REMOVED): lambda: _("session “{title}” is gone"),
    ("session", Kind.MOVED): lambda: _("session “{title}” comes at place {after} and not at place {before}"),
    ("exercise", Kind.ADDED): lambda: _("{session}: “{title}” is new, {content}"),
    ("exercise", Kind.REMOVED): lambda: _("{session}: “{title}” is gone"),
    ("exercise", Kind.MOVED): lambda: _("{session}: “{title}” comes at place {after}"),
}


def _of_whole(one: Difference, names: _Names) -> str:
    """A whole stage, session or exercise that came, went or moved."""
    place = one.place
    level = "exercise" if place.exercise else "session" if place.session else "stage"
    title = names.exercise(place.exercise) if place.exercise else names.session(place)
    content = _exercise(one.after) if level == "exercise" and one.kind is Kind.ADDED else ""
    return _WHOLE[level, one.kind]().format(
        title=title,
        session=names.session(place),
        before=one.before,
        after=one.after,
        content=content,
    )


def _exercise(given: dict) -> str:
    words = _("dose {level}").format(level=given.get("level", "?"))
    if "up_to" in given:
        words = _("dose {level}, later up to {up_to}").format(level=given.get("level"), up_to=given["up_to"])
    return f"{words}, {WHEN[given['when']]}" if given.get("when") in WHEN else words


def _value(field: str, value: object, names: _Names) -> str:
    """One side of a difference; nothing at all is called so."""
    if value is None:
        return _("the usual value") if field.startswith("engine.") else _("nothing")
    last = field.rpartition(".")[2]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if last in ("run_walk", "intervals"):
        return _intervals(value)
    if isinstance(value, dict):
        return _mapping(value, names)
    if isinstance(value, list):
        return "; ".join(_value("", item, names) for item in value)
    return _word(last, value, names)


def _word(last: str, value: object, names: _Names) -> str:
    if last == "grade" and value in GRADES:
        return str(GRADES[value])
    if last == "kind" and value in tuple(StageKind):
        return str(KIND_WORDS[value])
    if last == "when" and value in WHEN:
        return str(WHEN[value])
    if isinstance(value, str):
        return names.stages.get(value) or said(value)
    return str(value)


def _mapping(value: dict, names: _Names) -> str:
    """A whole threshold by its number, whatever else by its fields."""
    if "value" in value:
        return _value("", value["value"], names)
    return ", ".join(
        f"{name_of(str(name))}: {_value(str(name), part, names)}" for name, part in value.items()
    )


def _intervals(value: object) -> str:
    parts = value.get("intervals") if isinstance(value, dict) else value
    try:
        return " ".join(interval_words(part) for part in parts)
    except (TypeError, KeyError, AttributeError, IndexError):
        # Somebody is still writing them.
        return str(value)
