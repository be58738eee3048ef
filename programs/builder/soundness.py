"""Everything that is wrong with a document, with the library in which it stands: what publishing refuses."""

from collections.abc import Collection, Iterator, Mapping

from programs.builder.parts import list_at, mapping_of
from programs.engine.document import check_document
from programs.engine.document_values import Fault, Spot


def faults_of(
    document: object, *, exercises: Mapping[str, dict], sources: Collection[str] | None = None
) -> list[Fault]:
    """Every fault at once. ``exercises``: those its writer may use, by key; ``sources``: all there are."""
    faults = check_document(document, known_exercises=frozenset(exercises))
    if not isinstance(document, dict):
        return faults
    if sources is not None:
        faults += _unknown_sources(document, frozenset(sources))
    return faults + list(_unknown_levels(document, exercises))


def _unknown_sources(document: dict, sources: frozenset[str]) -> Iterator[Fault]:
    for number, key in enumerate(list_at(document, "sources"), start=1):
        if isinstance(key, str) and key not in sources:
            yield Spot("programme", f"sources.{number}").fault(key, "a source of the library")


def _unknown_levels(document: dict, exercises: Mapping[str, dict]) -> Iterator[Fault]:
    """An exercise need not have every level, so a session may ask for one that is not there."""
    for number, stage in enumerate(list_at(document, "stages"), start=1):
        for place, session in enumerate(list_at(stage, "sessions"), start=1):
            for row, asked in enumerate(list_at(session, "exercises"), start=1):
                spot = Spot(f"stage number {number}", f"sessions.{place}.exercises.{row}")
                yield from _levels(spot, mapping_of(asked), exercises)


def _levels(spot: Spot, asked: dict, exercises: Mapping[str, dict]) -> Iterator[Fault]:
    key = asked.get("key")
    doses = exercises[key].get("doses", {}) if isinstance(key, str) and key in exercises else None
    for name in ("level", "up_to"):
        level = asked.get(name)
        if doses is not None and isinstance(level, str) and level in ("A", "B", "C") and level not in doses:
            yield spot.into(name).fault(level, f"one of: {', '.join(doses)}")
