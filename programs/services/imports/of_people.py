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
    """The account, with which nobody can sign in until its password is reset by mail.

    That mail proves the address: what a file says of it is no proof.
    """
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
    proved = EmailAddress.objects.filter(email__iexact=email, verified=True)
    if proved.exists() or User.objects.filter(email__iexact=email).exists():
        raise ArchiveRefused("person.email: somebody here has this address.")


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
    _refuse_who_is_no_physiotherapist(document)
    for index, written in enumerate(rows_of(document, tables.CLINICS)):
        clinic = Clinic.objects.filter(public_id=written["public_id"]).first()
        if clinic is not None:
            _refuse_to_let_in(document, written["public_id"])
        else:
            is_hers = written["made_by_me"]
            creator = known.people[0] if is_hers else stand_in(name=SOMEBODY, role=Role.MANAGER)
            clinic = built(tables.CLINICS, index, written, known, created_by=creator)
            save_new(clinic, place_of(tables.CLINICS, index))
        known.add(tables.CLINICS, written, clinic)
    take_over(tables.MEMBERSHIPS, document, known, clinician=known.people[0])


def _refuse_to_let_in(document: dict, clinic: str) -> None:
    """A file lets nobody into a clinic that is here, and makes nobody its lead: its lead invites her."""
    for index, written in enumerate(rows_of(document, tables.MEMBERSHIPS)):
        if written["clinic"] == clinic and written["left_at"] is None:
            raise ArchiveRefused(
                f"memberships[{index}].left_at: the clinic is here already, and only its own people let "
                "somebody in. Let her leave the clinic where she comes from, and invite her here."
            )


def _refuse_who_is_no_physiotherapist(document: dict) -> None:
    if document["person"]["role"] == Role.CLINICIAN:
        return
    for index, written in enumerate(rows_of(document, tables.MEMBERSHIPS)):
        if written["left_at"] is None:
            raise ArchiveRefused(f"memberships[{index}]: only a physiotherapist is in a clinic.")


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
    take_over(tables.ZONE_CHANGES, document, known, person=person)
    take_over(tables.MAIL_CHOICES, document, known, person=person)
    take_over(tables.CALENDAR_FEEDS, document, known, runner=person)
