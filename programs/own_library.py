"""Whose an exercise is: shipped and everybody's, or a clinic's own and nobody else's."""

import datetime
from dataclasses import dataclass

from accounts.models import Clinic, User
from accounts.selectors.clinic import clinic_of
from programs.adjusting.in_force import adjusted_column, adjustments_of
from programs.adjusting.sessions import listed_in
from programs.library.loader import EXERCISE
from programs.models import Enrolment, LibraryItem
from programs.shelf import shelf

#: Keys of clinics' own exercises begin with it, so that no shipped one is ever called alike.
OWN = "own_"


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


def names(enrolment: Enrolment, key: str) -> bool:
    """Does the runner's programme ask for the exercise, or what was changed of it for her?"""
    given = adjustments_of(enrolment)
    if key in given.by_key or given.stands_in(key):
        return True
    return any(listed_in(stage, key) for stage in enrolment.version.document["stages"])


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads; a runner with her enrolment."""

    user: User | None = None
    enrolment: Enrolment | None = None
    now: datetime.datetime | None = None


#: Whoever is shown what everybody is shown.
NOBODY = Reader()


def may_read(item: LibraryItem, reader: Reader) -> bool:
    """What is shipped is everybody's; a clinic's own is for its physiotherapists and who is given it.

    A physiotherapist also reads what a runner does whom she took over from another clinic.
    """
    if item.made_by_id is None:
        return True
    user = reader.user
    if user is None or not (user.is_runner or user.is_clinician):
        return False
    if user.is_runner:
        return reader.enrolment is not None and names(reader.enrolment, item.key)
    if is_hers(item, user, clinic_of(user)):
        return True
    hers = Enrolment.objects.visible_to(user, reader.now).select_related("version")
    return any(names(one, item.key) for one in hers.annotate(adjusted_rows=adjusted_column()))
