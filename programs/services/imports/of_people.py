"""The account, the people around it, and who was let in."""

import secrets

from allauth.account.models import EmailAddress

from accounts.models import Clinic, Role, User
from accounts.models.base import digest_of
from accounts.models.user import clean_name
from programs.archive import of_people as tables
from programs.archive.check import place_of, rows_of
from programs.archive.faults import ArchiveRefused
from programs.services.imports.building import Known, built, save_new, take_over
from programs.services.nobody import is_nobody, stand_in

SOMEBODY = "Somebody of another site"


def take_person(document: dict, known: Known) -> User:
    """The account, with which nobody can sign in until its password is reset by mail."""
    written = document["person"]
    _refuse_who_is_here(written)
    person = built(tables.PERSON, 0, written, known)
    person.set_unusable_password()
    save_new(person, place_of(tables.PERSON, 0))
    known.people[0] = person
    return person


def _refuse_who_is_here(written: dict) -> None:
    email, name = written["email"], written["name"]
    if is_nobody(email):
        raise ArchiveRefused(
            "person.email: this is what was kept of somebody who was erased; it is only read."
        )
    if email != email.strip().lower():
        raise ArchiveRefused("person.email: must be in small letters.")
    if name != clean_name(name):
        raise ArchiveRefused("person.name: holds characters that no name has.")
    if User.objects.filter(public_id=written["public_id"]).exists():
        raise ArchiveRefused("person.public_id: this person is here already.")
    if User.objects.filter(email__iexact=email).exists():
        raise ArchiveRefused("person.email: somebody here has this address.")


def take_addresses(document: dict, known: Known) -> None:
    """Her addresses; one that somebody here has proved to be hers is refused."""
    for index, written in enumerate(rows_of(document, tables.ADDRESSES)):
        taken = EmailAddress.objects.filter(email__iexact=written["email"], verified=True)
        if taken.exists() or User.objects.exclude(pk=known.people[0].pk).filter(
            email__iexact=written["email"]
        ):
            raise ArchiveRefused(f"addresses[{index}].email: somebody here has this address.")
    take_over(tables.ADDRESSES, document, known, user=known.people[0])


def take_others(document: dict, known: Known) -> None:
    """Stand-ins for everybody else: names that nobody can sign in with."""
    longest = User._meta.get_field("name").max_length
    for index, written in enumerate(rows_of(document, tables.PEOPLE)):
        name = written["name"]
        if not name or name != clean_name(name) or len(name) > longest:
            raise ArchiveRefused(f"people[{index}].name: is no name.")
        known.people[written["number"]] = stand_in(name=name, role=written["role"])


def take_clinics(document: dict, known: Known) -> None:
    """Clinics that are here already are the same ones; others are made."""
    for index, written in enumerate(rows_of(document, tables.CLINICS)):
        clinic = Clinic.objects.filter(public_id=written["public_id"]).first()
        if clinic is None:
            is_hers = written["made_by_me"]
            creator = known.people[0] if is_hers else stand_in(name=SOMEBODY, role=Role.MANAGER)
            clinic = built(tables.CLINICS, index, written, known, created_by=creator)
            save_new(clinic, place_of(tables.CLINICS, index))
        known.add(tables.CLINICS, written, clinic)
    take_over(tables.MEMBERSHIPS, document, known, clinician=known.people[0])


def take_access(document: dict, known: Known) -> None:
    """Consents, invitations, hand-overs, and who saw what."""
    person = known.people[0]
    take_over(tables.CONSENTS, document, known, runner=person)
    for index, written in enumerate(rows_of(document, tables.INVITATIONS)):
        # A secret that nobody was given: the old one stays behind, and opens nothing here.
        digest = digest_of(secrets.token_urlsafe(32), purpose="invitation.imported")
        invitation = built(tables.INVITATIONS, index, written, known, secret_digest=digest)
        save_new(invitation, place_of(tables.INVITATIONS, index))
    take_over(tables.ACCOUNT_MAILS, document, known, recipient=person)
    take_over(tables.HAND_OVERS, document, known)
    take_over(tables.ACCESS_RECORDS, document, known, runner=person)
