"""The check of a whole library before any of it is stored: every message at once."""

from collections.abc import Iterator

from programs.engine.document import check_document
from programs.engine.document_values import Fault, Spot
from programs.library.items import check_for
from programs.library.loader import EXERCISE, PROGRAMME, SOURCE, Document, Library


def library_messages(library: Library, *, beside: Library | None = None) -> list[str]:
    """Return what is wrong, in plain words; an empty list is a sound library.

    ``beside`` is what a clinic's own files may refer to: the shipped library.
    """
    documents = (*(beside.documents if beside else ()), *library.documents)
    around = Library(documents=documents)
    faults = [fault for document in library.documents for fault in _faults(document, around)]
    return [*library.unreadable, *_twice(library), *(fault.message for fault in faults)]


def _faults(document: Document, around: Library) -> Iterator[Fault]:
    exercises = frozenset(around.of_kind(EXERCISE))
    sources = frozenset(around.of_kind(SOURCE))
    if document.kind != PROGRAMME:
        place = f"{document.path}, {document.key}" if document.kind == SOURCE else document.path
        check = check_for(document.kind, sources, exercises)
        spot = Spot(place) if "code" not in document.content else Spot(f"{place}, {document.key}")
        yield from check(spot, document.content)
        return
    found = check_document(document.content, known_exercises=exercises)
    found = found or [*_unknown_sources(document, sources), *_unknown_levels(document, around)]
    for fault in found:
        yield Fault(f"{document.path}, {fault.place}", fault.field, fault.value, fault.limit)


def _unknown_sources(document: Document, sources: frozenset[str]) -> Iterator[Fault]:
    for key in document.content["sources"]:
        if key not in sources:
            yield Spot("programme", "sources").fault(key, "a key of sources.yaml")


def _unknown_levels(document: Document, around: Library) -> Iterator[Fault]:
    """An exercise need not have every level, so a prescription may ask for one that is not there."""
    exercises = around.of_kind(EXERCISE)
    for stage in document.content["stages"]:
        for session in stage["sessions"]:
            for asked in session.get("exercises", ()):
                doses = exercises[asked["key"]].content.get("doses", {})
                for name in ("level", "up_to"):
                    if name in asked and asked[name] not in doses:
                        field = f"sessions.{session['key']}.{asked['key']}.{name}"
                        yield Spot(f"stage {stage['key']}", field).fault(
                            asked[name], f"one of: {', '.join(doses)}"
                        )


def _twice(library: Library) -> Iterator[str]:
    seen: dict[tuple[str, str], str] = {}
    for document in library.documents:
        name = (document.kind, document.key)
        if name in seen:
            yield f"{document.path}: key is {document.key!r}, as in {seen[name]}; it must be used once only."
        seen.setdefault(name, document.path)
