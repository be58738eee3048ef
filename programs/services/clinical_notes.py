"""Private notes of physiotherapists: written, and corrected by a later one; never changed."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Act, User
from accounts.services.audit import record_access
from programs.models import ClinicalNote, Enrolment
from programs.models.clinical import LONGEST_NOTE
from programs.services.errors import NotLetIn, Refused
from programs.services.written import let_in, sent_before, sound_words


@transaction.atomic
def write_note(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    words: str,
    key: uuid.UUID,
    replaces: uuid.UUID | None = None,
    origin: str = "",
) -> ClinicalNote:
    """Write a note, or one in place of another of hers. A form that is sent twice is one note.

    Raises Refused, NotLetIn.
    """
    if not by.is_clinician:
        raise NotLetIn(_("Only a physiotherapist writes notes."))
    enrolment = let_in(enrolment, by, now)
    words = sound_words(words, LONGEST_NOTE)
    key, sent = sent_before(ClinicalNote, enrolment, by, key, words)
    if sent:
        return sent
    note = ClinicalNote.objects.create(
        enrolment=enrolment,
        key=key,
        words=words,
        replaces=_replaced(enrolment, by, replaces) if replaces else None,
        written_at=now,
        written_by=by,
    )
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=by,
        act=Act.OVERRIDE,
        detail="a private note about you",
        now=now,
        origin=origin,
    )
    return note


def _replaced(enrolment: Enrolment, by: User, key: uuid.UUID) -> ClinicalNote:
    """A note of her own that nothing has replaced yet. Raises Refused."""
    note = ClinicalNote.objects.filter(enrolment=enrolment, key=key, written_by=by).first()
    if note is None:
        raise Refused(_("You can correct your own notes only. Write a new one beside it."))
    if ClinicalNote.objects.filter(replaces=note).exists():
        raise Refused(_("This note was corrected already. Open it again to see what it says now."))
    return note
