"""The library as it stands, kept in memory: one number says whether it is still the same.

The number is how many items there are: none ever goes, so an equal number is
the same library, also where two loads were committed out of order. The door of
a runner's page reads it with her enrolment, and needs no other query for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Subquery, Value

from programs.models import LibraryItem, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class Shelf:
    """Kind -> current items, as rows."""

    edition: int | None
    items: dict[str, tuple[LibraryItem, ...]]

    def of(self, kind: str) -> tuple[LibraryItem, ...]:
        return self.items.get(kind, ())


_kept: dict[str, Shelf] = {}
#: Editions of programmes that somebody has left; what is published never changes.
_editions: dict[int, ProgrammeVersion] = {}


def shelf(edition: int | None = None) -> Shelf:
    """The current library; no query where ``edition`` is given and known here, else one or two."""
    if edition is None:
        edition = LibraryItem.objects.count()
    kept = _kept.get("current")
    if kept is None or kept.edition != edition:
        kept = _kept["current"] = _read(edition)
    return kept


def edition_column() -> Subquery:
    """For the query that reads something else anyway."""
    every = LibraryItem.objects.order_by().annotate(every=Value(1)).values("every")
    return Subquery(every.annotate(items=Count("pk")).values("items"))


def editions(ids: Iterable[int]) -> dict[int, ProgrammeVersion]:
    """Published versions of programmes by their ids; one query for those that are not known here yet."""
    ids = set(ids)
    unknown = ids - _editions.keys()
    if unknown:
        for version in ProgrammeVersion.objects.filter(pk__in=unknown):
            _editions[version.pk] = version
    return {pk: _editions[pk] for pk in ids if pk in _editions}


def forget() -> None:
    """For tests, which take items away again."""
    _kept.clear()
    _editions.clear()


def _read(edition: int | None) -> Shelf:
    items: dict[str, list[LibraryItem]] = {}
    for row in LibraryItem.objects.current().order_by("kind", "key"):
        items.setdefault(row.kind, []).append(row)
    return Shelf(edition, {kind: tuple(rows) for kind, rows in items.items()})
