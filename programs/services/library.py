"""Storing the library: whole or not at all, and nothing twice.

Published rows never change, so a changed document becomes a new number.
Runners stay on the version they began with until their physiotherapist moves them.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max

from programs.library.checks import library_messages
from programs.library.loader import PROGRAMME, Document, Library, read_library, shipped_library
from programs.models import LibraryItem, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services.errors import Refused

JOB = "load_library"


class LibraryRefused(Refused):
    """Something is wrong, so nothing was stored; ``faults`` holds one message each."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Stored:
    """One document that became a row, under this number."""

    kind: str
    key: str
    number: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was stored, and how much was there already."""

    new: tuple[Stored, ...]
    unchanged: int


def check_library(*, paths: tuple[Path, ...] = ()) -> Library:
    """Read and check what would be stored; raise ``LibraryRefused`` with every fault."""
    library = read_library(*paths) if paths else shipped_library()
    faults = library_messages(library, beside=shipped_library() if paths else None)
    faults += _keys_of_clinics(library)
    if faults:
        raise LibraryRefused(faults)
    return library


def _keys_of_clinics(library: Library) -> list[str]:
    """A file must not become an edition of what somebody wrote on this site: it is hers alone to change."""
    programmes = ProgrammeTemplate.objects.filter(created_by__isnull=False).values_list("key", flat=True)
    items = LibraryItem.objects.filter(made_by__isnull=False).values_list("kind", "key")
    taken = {(PROGRAMME, key) for key in programmes} | set(items)
    return [
        f"{document.path}: the key {document.key} is that of a {document.kind} that a clinic wrote on this "
        "site; choose another key"
        for document in library.documents
        if (document.kind, document.key) in taken
    ]


def load_library(*, now: datetime.datetime, paths: tuple[Path, ...] = ()) -> LoadReport:
    """Store what is shipped, or what the given files and folders hold."""
    library = check_library(paths=paths)
    try:
        return _store(library, now)
    except IntegrityError:
        # Two processes that start together load together; the second finds all of it stored.
        return _store(library, now)


@transaction.atomic
def _store(library: Library, now: datetime.datetime) -> LoadReport:
    new = [*_store_items(library, now), *_store_programmes(library, now)]
    return LoadReport(new=tuple(new), unchanged=len(library.documents) - len(new))


def _store_items(library: Library, now: datetime.datetime) -> Iterator[Stored]:
    stored = {(item.kind, item.key): item for item in LibraryItem.objects.current()}
    rows = []
    for document in library.documents:
        if document.kind == PROGRAMME:
            continue
        newest = stored.get((document.kind, document.key))
        if newest is None or newest.content_hash != document.content_hash:
            rows.append(_item(document, number=newest.number + 1 if newest else 1, now=now))
    LibraryItem.objects.bulk_create(rows)
    return (Stored(row.kind, row.key, row.number) for row in rows)


def _item(document: Document, *, number: int, now: datetime.datetime) -> LibraryItem:
    return LibraryItem(
        kind=document.kind,
        key=document.key,
        number=number,
        document=document.content,
        content_hash=document.content_hash,
        published_at=now,
    )


def _store_programmes(library: Library, now: datetime.datetime) -> Iterator[Stored]:
    for document in library.of_kind(PROGRAMME).values():
        template, _ = ProgrammeTemplate.objects.get_or_create(
            key=document.key,
            defaults={"title": document.content["title"], "family": document.content["family"]},
        )
        if _newest_loaded_hash(template) != document.content_hash:
            yield Stored(PROGRAMME, document.key, _publish(template, document, now).number)


def _newest_loaded_hash(template: ProgrammeTemplate) -> str | None:
    """Hash of the last version that came from a file.

    A clinic may have published its own edition since; a restart with the same
    files must not publish the shipped one over it again.
    """
    loaded = template.versions.filter(published_job=JOB).order_by("-number")
    return loaded.values_list("content_hash", flat=True).first()


def _publish(template: ProgrammeTemplate, document: Document, now: datetime.datetime) -> ProgrammeVersion:
    newest = template.versions.aggregate(newest=Max("number"))["newest"] or 0
    template.title, template.family = document.content["title"], document.content["family"]
    template.save(update_fields=["title", "family"])
    return template.versions.create(
        number=newest + 1,
        status=VersionStatus.PUBLISHED,
        document=document.content,
        content_hash=document.content_hash,
        note=f"Loaded from {document.path}",
        created_at=now,
        published_at=now,
        published_job=JOB,
    )
