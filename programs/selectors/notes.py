"""Extra pain notes of one date: those in force, and the page that adds or corrects one."""

import datetime
import uuid
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from programs.diary_words import OCCASIONS, SITES
from programs.engine.calendar import local_date
from programs.models import Enrolment, PainNote
from programs.presentation import score_words
from programs.snapshots import notes_in_force

#: A note that was written on a later day stands at midday: nobody said when it was.
NO_TIME = datetime.time(12)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note in words; ``at`` is empty where nobody said what time it was."""

    key: uuid.UUID
    score: str
    occasion: str
    site: str
    words: str
    at: datetime.time | None


@dataclass(frozen=True, slots=True)
class NotePage:
    date: datetime.date
    is_today: bool
    is_closed: bool
    can_change: bool
    notes: tuple[NoteRow, ...]
    #: Of a note that is corrected: its key and what it says now.
    replaces: uuid.UUID | None
    initial: dict


def note_page(*, enrolment: Enrolment, date: datetime.date | None, now: datetime.datetime) -> NotePage:
    """The form for a new note of that date, by default of the runner's own today (one query)."""
    zone = enrolment.runner.zone
    date = date or local_date(now, zone)
    return _page(enrolment, date, now, notes=_notes_on(enrolment, date))


def note_page_of(
    *, enrolment: Enrolment, note: PainNote, now: datetime.datetime, sent: str = ""
) -> NotePage | None:
    """The form that corrects a note; None where it was changed or withdrawn already (one query).

    ``sent`` is the key of a form that comes in: the one that changed the note may come again.
    """
    notes = _notes_on(enrolment, note.entry.date)
    is_again = any(later.replaces_id == note.pk and str(later.key) == sent for later in notes)
    if note not in notes_in_force(notes) and not is_again:
        return None
    return _page(enrolment, note.entry.date, now, notes=notes, corrected=note)


def note_rows_of(notes: Iterable[PainNote], zone: zoneinfo.ZoneInfo) -> tuple[NoteRow, ...]:
    """Notes in force, in the order of the day."""
    return tuple(_row(note, zone) for note in notes_in_force(notes))


def _page(
    enrolment: Enrolment,
    date: datetime.date,
    now: datetime.datetime,
    *,
    notes: list[PainNote],
    corrected: PainNote | None = None,
) -> NotePage:
    zone = enrolment.runner.zone
    today = local_date(now, zone)
    names = ("occasion", "site", "score", "words")
    return NotePage(
        date=date,
        is_today=date == today,
        is_closed=date <= enrolment.decided_through,
        can_change=enrolment.oldest_correctable <= date <= today,
        notes=note_rows_of(notes, zone),
        replaces=corrected.key if corrected else None,
        initial={name: getattr(corrected, name) for name in names} if corrected else {},
    )


def _notes_on(enrolment: Enrolment, date: datetime.date) -> list[PainNote]:
    return list(PainNote.objects.filter(entry__enrolment=enrolment, entry__date=date))


def _row(note: PainNote, zone: zoneinfo.ZoneInfo) -> NoteRow:
    at = note.noted_at.astimezone(zone)
    return NoteRow(
        key=note.key,
        score=score_words(note.score),
        occasion=str(OCCASIONS.get(note.occasion, note.occasion)),
        site=str(SITES.get(note.site, note.site)),
        words=note.words,
        at=None if at.time() == NO_TIME and note.noted_at != note.recorded_at else at.time(),
    )
