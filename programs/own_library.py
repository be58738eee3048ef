"""Whose an exercise is: shipped and everybody's, or a clinic's own and nobody else's."""

from accounts.models import Clinic, User
from programs.library.loader import EXERCISE
from programs.models import LibraryItem
from programs.shelf import shelf


def clinic_of(clinician: User) -> Clinic | None:
    """The clinic in which she works now, if any (one query)."""
    memberships = {"memberships__clinician": clinician, "memberships__left_at__isnull": True}
    return Clinic.objects.filter(**memberships).first()


def is_hers(item: LibraryItem, clinician: User, clinic: Clinic | None) -> bool:
    """Her clinic's own, or what she wrote while she was in none."""
    if item.made_by_id is None:
        return False
    if item.clinic_id is None:
        return item.made_by_id == clinician.pk
    return clinic is not None and item.clinic_id == clinic.pk


def own_items(clinician: User) -> list[LibraryItem]:
    """The newest number of every exercise of her own (three queries at most)."""
    clinic = clinic_of(clinician)
    return [row for row in shelf().of(EXERCISE) if is_hers(row, clinician, clinic)]


def items_for(clinician: User) -> list[LibraryItem]:
    """What is shipped and her own (three queries at most)."""
    clinic = clinic_of(clinician)
    rows = shelf().of(EXERCISE)
    return [row for row in rows if row.made_by_id is None or is_hers(row, clinician, clinic)]
