"""What is wrong with a draft, each fault with its part, its field and its name in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.builder.parts import list_at, mapping_of, words_of
from programs.builder.places import Part, Place, place_of
from programs.builder.soundness import faults_of
from programs.library.loader import SOURCE
from programs.selectors.builder_limits import wrong_words
from programs.selectors.difference_names import name_of
from programs.shelf import shelf

#: Fields that only a draft shows by themselves -> their names.
_NAMES = {
    "key": gettext_lazy("short name"),
    "sessions": gettext_lazy("sessions"),
    "stages": gettext_lazy("stages"),
    "criteria": gettext_lazy("criteria"),
    "limits": gettext_lazy("limits"),
    "engine": gettext_lazy("rules"),
    "run_seconds": gettext_lazy("run for"),
    "walk_seconds": gettext_lazy("then walk for"),
    "repeats": gettext_lazy("times"),
    "repeats_from": gettext_lazy("begin with so many times"),
    "document": gettext_lazy("whole draft"),
}


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One fault. ``field`` is the path as the form names its fields: ``criteria-q-value``."""

    part: Part
    field: str
    label: str
    words: str


def faults_in(document: object, exercises: Mapping[str, dict]) -> tuple[FaultLine, ...]:
    """All of them, in the order of the check; the same one is said once."""
    sources = {row.key for row in shelf().of(SOURCE)}
    found = faults_of(document, exercises=exercises, sources=sources)
    lines = (_line(place_of(fault, document), wrong_words(fault)) for fault in found)
    return tuple(dict.fromkeys(lines))


def fault_heading(count: int) -> str:
    if not count:
        return _("Nothing is wrong on this page.")
    words = ngettext("{count} thing is not right yet", "{count} things are not right yet", count)
    return words.format(count=count)


def field_label(path: tuple[str | int, ...]) -> str:
    """The name of a field; an item of a list is called by its number."""
    names = [step for step in path if isinstance(step, str)]
    number = next((step + 1 for step in path if isinstance(step, int)), None)
    label = capfirst(_name(names))
    if number is None:
        return label
    return _("{name}, number {number}").format(name=label, number=number)


def stage_name(document: object, stage: int) -> str:
    """What a page calls a stage: its title, or its number where it has none yet."""
    content = mapping_of(list_at(document, "stages")[stage])
    return words_of(content.get("title")).strip() or _("Stage {number}").format(number=stage + 1)


def session_name(document: object, stage: int, session: int) -> str:
    content = mapping_of(list_at(list_at(document, "stages")[stage], "sessions")[session])
    return words_of(content.get("title")).strip() or _("Session {number}").format(number=session + 1)


def _line(place: Place, words: str) -> FaultLine:
    field = "-".join(str(step) for step in place.path)
    return FaultLine(place.part, field, field_label(place.path), words)


def _name(names: list[str]) -> str:
    dotted = ".".join(names)
    for candidate in (dotted, names[-1] if names else ""):
        if candidate in _NAMES:
            return str(_NAMES[candidate])
        known = name_of(candidate)
        if known != candidate:
            return known
    return dotted
