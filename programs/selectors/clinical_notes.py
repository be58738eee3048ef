"""Private notes of physiotherapists about a runner, the newest first. No page of a runner asks for them."""

import datetime
import uuid
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Exists, Q, QuerySet

from accounts.models import Consent, User
from accounts.models.consent import NOTES_SHARED_SINCE_TEXT
from programs.models import ClinicalNote, Enrolment

#: On the runner's page, and on each page of their own.
MOST = 10


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a note said before it was corrected."""

    words: str
    written_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class PrivateNote:
    """``written_at`` is what the reader's own clock showed; ``earlier`` the newest first."""

    key: uuid.UUID
    who: str
    words: str
    written_at: datetime.datetime
    is_mine: bool
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class NotesPage:
    public_id: uuid.UUID
    name: str
    notes: tuple[PrivateNote, ...]
    number: int
    pages: int

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def notes_for(enrolment: Enrolment, reader: User, now: datetime.datetime) -> tuple[PrivateNote, ...]:
    """All that this physiotherapist may read; the page shows the first few (one query)."""
    return _notes(list(_readable(enrolment, reader, now)), reader)


def notes_page(
    *, enrolment: Enrolment, reader: User, now: datetime.datetime, number: int | str = 1
) -> NotesPage:
    """One page of them (one query)."""
    notes = _notes(list(_readable(enrolment, reader, now)), reader)
    page = Paginator(notes, MOST).get_page(number)
    return NotesPage(
        public_id=enrolment.public_id,
        name=str(enrolment.runner),
        notes=tuple(page.object_list),
        number=page.number,
        pages=page.paginator.num_pages,
    )


def note_to_correct(enrolment: Enrolment, reader: User, key: str) -> ClinicalNote | None:
    """A note of her own that nothing has replaced (one query)."""
    try:
        mine = ClinicalNote.objects.filter(enrolment=enrolment, written_by=reader, key=uuid.UUID(key))
    except ValueError:
        return None
    return mine.filter(replaced_by__isnull=True).first()


def _readable(enrolment: Enrolment, reader: User, now: datetime.datetime) -> QuerySet[ClinicalNote]:
    """Her own; those of others only where the runner agreed to a wording that says so."""
    agreed = Consent.objects.in_force(now).filter(
        runner=enrolment.runner_id, clinician=reader, text_version__gte=NOTES_SHARED_SINCE_TEXT
    )
    rows = ClinicalNote.objects.filter(enrolment=enrolment).filter(Q(written_by=reader) | Exists(agreed))
    return rows.select_related("written_by")


def _notes(rows: list[ClinicalNote], reader: User) -> tuple[PrivateNote, ...]:
    """In the order in which they were first written, the newest first; a correction stays in its place."""
    by_pk = {row.pk: row for row in rows}
    replaced = {row.replaces_id for row in rows}
    in_force = [row for row in rows if row.pk not in replaced]
    chains = [(row, _before(row, by_pk)) for row in in_force]
    chains.sort(key=lambda chain: (_began(*chain), chain[0].pk), reverse=True)
    return tuple(_note(row, earlier, reader) for row, earlier in chains)


def _before(row: ClinicalNote, by_pk: dict[int, ClinicalNote]) -> list[ClinicalNote]:
    found = []
    while row.replaces_id in by_pk:
        row = by_pk[row.replaces_id]
        found.append(row)
    return found


def _began(row: ClinicalNote, earlier: list[ClinicalNote]) -> datetime.datetime:
    return (earlier[-1] if earlier else row).written_at


def _note(row: ClinicalNote, earlier: list[ClinicalNote], reader: User) -> PrivateNote:
    return PrivateNote(
        key=row.key,
        who=str(row.written_by),
        words=row.words,
        written_at=_clock(row, reader),
        is_mine=row.written_by_id == reader.pk,
        earlier=tuple(Earlier(before.words, _clock(before, reader)) for before in earlier),
    )


def _clock(row: ClinicalNote, reader: User) -> datetime.datetime:
    return row.written_at.astimezone(reader.zone).replace(tzinfo=None)
