"""The library as it stands, kept in memory: one number says whether it is still the same.

The number is the newest item's id. The door of a runner's page reads it with
her enrolment, and the page then needs no query for the library.
"""

from dataclasses import dataclass

from django.db.models import Max, Subquery

from programs.models import LibraryItem


@dataclass(frozen=True, slots=True)
class Shelf:
    """Kind -> current items, as rows."""

    edition: int | None
    items: dict[str, tuple[LibraryItem, ...]]

    def of(self, kind: str) -> tuple[LibraryItem, ...]:
        return self.items.get(kind, ())


_kept: dict[str, Shelf] = {}


def shelf(edition: int | None = None) -> Shelf:
    """The current library; no query where ``edition`` is given and known here, else one or two."""
    if edition is None:
        edition = LibraryItem.objects.aggregate(newest=Max("pk"))["newest"]
    kept = _kept.get("current")
    if kept is None or kept.edition != edition:
        kept = _kept["current"] = _read(edition)
    return kept


def edition_column() -> Subquery:
    """For the query that reads something else anyway."""
    return Subquery(LibraryItem.objects.order_by("-pk").values("pk")[:1])


def forget() -> None:
    """For tests, which take items away again."""
    _kept.clear()


def _read(edition: int | None) -> Shelf:
    items: dict[str, list[LibraryItem]] = {}
    for row in LibraryItem.objects.current().order_by("kind", "key"):
        items.setdefault(row.kind, []).append(row)
    return Shelf(edition, {kind: tuple(rows) for kind, rows in items.items()})
