"""Where a fault belongs: the part of a draft that one form edits, and the field in it."""

from dataclasses import dataclass

from programs.builder.parts import list_at, mapping_of
from programs.engine.document_values import Fault

ABOUT, RULES, LADDER, STAGE, SESSION = "about", "rules", "ladder", "stage", "session"


@dataclass(frozen=True, slots=True)
class Part:
    """What one page edits. ``stage`` and ``session`` count from 0; -1 where there is none."""

    name: str
    stage: int = -1
    session: int = -1

    @property
    def code(self) -> str:
        """As a form sends it: ``session:2:0``."""
        numbers = [str(number) for number in (self.stage, self.session) if number >= 0]
        return ":".join([self.name, *numbers])


@dataclass(frozen=True, slots=True)
class Place:
    """A part, and the path of a field in it; numbers count from 0."""

    part: Part
    path: tuple[str | int, ...]


def part_of(code: str) -> Part | None:
    """The part that a form says it is; None for anything else."""
    name, *numbers = code.split(":")
    wanted = {ABOUT: 0, RULES: 0, STAGE: 1, SESSION: 2}.get(name)
    if wanted != len(numbers) or not all(number.isdecimal() and len(number) < 5 for number in numbers):
        return None
    return Part(name, *(int(number) for number in numbers))


def place_of(fault: Fault, document: object) -> Place:
    """A fault names its stage by key or by number, a session by key or by number."""
    path = tuple(_step(step) for step in fault.field.split("."))
    stage = _stage_number(fault.place, document)
    if stage >= 0:
        return _in_stage(stage, path, list_at(document, "stages")[stage])
    if path[0] == "engine":
        return Place(Part(RULES), path)
    return Place(Part(LADDER if path[0] in ("stages", "document") else ABOUT), path)


def _step(step: str) -> str | int:
    return int(step) - 1 if step.isdecimal() else step


def _stage_number(place: str, document: object) -> int:
    stages = list_at(document, "stages")
    if place.startswith("stage number "):
        number = int(place.removeprefix("stage number ")) - 1
        return number if number < len(stages) else -1
    if not place.startswith("stage "):
        return -1
    key = place.removeprefix("stage ")
    return next((at for at, stage in enumerate(stages) if mapping_of(stage).get("key") == key), -1)


def _in_stage(stage: int, path: tuple[str | int, ...], content: object) -> Place:
    if path[0] != "sessions" or len(path) == 1:
        return Place(Part(STAGE, stage), path)
    session = _session_number(path[1], list_at(content, "sessions"))
    if session < 0:
        return Place(Part(STAGE, stage), path[:1])
    return Place(Part(SESSION, stage, session), path[2:])


def _session_number(step: str | int, sessions: list) -> int:
    if isinstance(step, int):
        return step if step < len(sessions) else -1
    return next((at for at, session in enumerate(sessions) if mapping_of(session).get("key") == step), -1)
