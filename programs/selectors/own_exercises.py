"""A clinic's own exercises, and which exercises a physiotherapist may put in a programme."""

from accounts.models import Clinic, User
from programs.library.loader import EXERCISE
from programs.models import LibraryItem
from programs.said import said_document
from programs.shelf import shelf


def clinics_of(clinician: User) -> frozenset[int]:
    """The clinic in which she works now, if any (one query)."""
    hers = Clinic.objects.filter(memberships__clinician=clinician, memberships__left_at__isnull=True)
    return frozenset(hers.values_list("pk", flat=True))


def is_hers(item: LibraryItem, clinician: User, clinics: frozenset[int]) -> bool:
    """Her clinic's own, or what she wrote while she was in none."""
    if item.made_by_id is None:
        return False
    return item.clinic_id in clinics if item.clinic_id else item.made_by_id == clinician.pk


def own_items(clinician: User) -> tuple[LibraryItem, ...]:
    """The newest number of every exercise of her own, by title (three queries at most)."""
    clinics = clinics_of(clinician)
    found = [row for row in shelf().of(EXERCISE) if is_hers(row, clinician, clinics)]
    return tuple(sorted(found, key=lambda row: row.document["title"].casefold()))


def exercises_for(clinician: User) -> dict[str, dict]:
    """Key -> document, by title: what is shipped and her clinic's own, nobody else's (three queries at most)."""
    clinics = clinics_of(clinician)
    rows = [row for row in shelf().of(EXERCISE) if row.made_by_id is None or is_hers(row, clinician, clinics)]
    documents = {row.key: said_document(row.document) for row in rows}
    return dict(sorted(documents.items(), key=lambda pair: pair[1]["title"].casefold()))
