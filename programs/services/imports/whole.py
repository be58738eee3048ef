"""The whole of a person, or nothing of her."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts.models import Role, User
from programs.archive.check import rows_of
from programs.archive.faults import ArchiveRefused
from programs.archive.tables import TABLES
from programs.archive.unpacking import unpacked
from programs.services.imports import of_people, of_programmes
from programs.services.imports.building import Known


@dataclass(frozen=True, slots=True)
class Imported:
    """Who is here now; ``rows`` are table -> number of rows."""

    person: User
    rows: dict[str, int]


def import_person(*, content: bytes, role: str = Role.RUNNER) -> Imported:
    """Take over one person from the bytes of her archive. Raises ArchiveRefused.

    ``role`` is what the operator expects: a file must not make somebody a
    physiotherapist or a site manager by what it says of itself.
    """
    document = unpacked(content)
    if document["person"]["role"] != role:
        raise ArchiveRefused(
            f"person.role: the archive is that of a {document['person']['role']}, not of a {role}."
        )
    try:
        with transaction.atomic():
            person = _written(document)
    except IntegrityError as error:
        # What it checks at the end of a transaction only.
        raise ArchiveRefused(f"the database refuses it: {str(error).splitlines()[0]}") from None
    return Imported(person, {table.name: len(rows_of(document, table)) for table in TABLES})


def _written(document: dict) -> User:
    known = Known()
    person = of_people.take_person(document, known)
    of_people.take_others(document, known)
    of_people.take_clinics(document, known)
    of_people.take_access(document, known)
    of_programmes.take_versions(document, known)
    of_programmes.take_programmes(document, known)
    return person
