"""What the programme sheet says, in words and pictures, before it is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of an outing on a strip that is 1 wide; what is run stands higher and darker."""

    x: float
    width: float
    is_run: bool


@dataclass(frozen=True, slots=True)
class SheetExercise:
    """One exercise; without a drawing and cues where it was shown further up already."""

    title: str
    dose: str
    later_dose: str = ""
    caution: str = ""
    drawing: Path | None = None
    start: str = ""
    cues: tuple[str, ...] = ()
    stop_if: tuple[str, ...] = ()
    evidence: str = ""
    #: Who changed it for this runner, and why.
    changed: str = ""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One session of the step: an outing, a set of exercises or advice."""

    title: str
    note: str
    lines: tuple[str, ...]
    total: str
    bars: tuple[Bar, ...]
    exercises: tuple[SheetExercise, ...]
    left_out: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet; ``emergency`` is what to do first when something is badly wrong."""

    title: str
    version: str
    date: str
    step: str
    summary: str
    parts: tuple[SheetPart, ...]
    stop_if: tuple[str, ...]
    move_on: tuple[str, ...]
    emergency: tuple[str, ...]
    language: str
