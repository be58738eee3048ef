"""Extra pain notes of a day: added, corrected by a later note, withdrawn; never changed."""

import datetime
import uuid
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.engine.calendar import instant_of, local_date
from programs.engine.values import HIGHEST_SCORE, LOWEST_SCORE, Occasion, Site
from programs.models import Decision, DiaryEntry, Enrolment, PainNote
from programs.models.diary import MOST_WORDS
from programs.services.corrections import redecide
from programs.services.diary import check_allowed, stage_shown_on
from programs.services.errors import Refused
from programs.services.sound import check_sound

#: A day that is over has no "now": its notes carry this wall time, and pages show none.
MIDDAY = datetime.time(12)


@dataclass(frozen=True, slots=True)
class NoteValues:
    """``key`` is that of the form, so that a note sent twice is one; ``replaces`` of the note it corrects."""

    key: uuid.UUID
    occasion: str
    site: str
    score: int
    words: str = ""
    replaces: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The note, and the decisions that changed where its day was closed."""

    note: PainNote
    changed: tuple[Decision, ...] = ()


@transaction.atomic
def add_note(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, date: datetime.date, values: NoteValues
) -> Noted:
    """Write a note beside the check-in of that date, or before there is one. Raises Refused.

    A form that is sent twice is one note. One that comes again with other
    answers, by the way back of a browser, corrects what it said before.
    """
    enrolment = Enrolment.objects.locked(enrolment.pk)
    check_allowed(enrolment, by, now, date)
    _check(values)
    sent_before = _sent_before(enrolment, date, values)
    if sent_before:
        last = _last_of(sent_before)
        if _says(last, values):
            return Noted(last)
        if _says(sent_before, values):
            # Late by the network, or on purpose: it neither counts nor is lost unseen.
            raise Refused(_("This note was changed or withdrawn already."))
        values = replace(values, key=uuid.uuid4(), replaces=last.key)
    old = _in_force(enrolment, values.replaces) if values.replaces else None
    if old and old.entry.date != date:
        raise Refused(_("A note stays on its day. Withdraw it there, and add another one here."), "date")
    note = PainNote(
        entry=old.entry if old else _entry_on(enrolment, by, now, date),
        key=values.key,
        noted_at=old.noted_at if old else _noted_at(enrolment, now, date),
        occasion=values.occasion,
        site=values.site,
        score=values.score,
        words=values.words.strip(),
        replaces=old,
        recorded_at=now,
        recorded_by=by,
    )
    return _stored(note, enrolment, by, now)


@transaction.atomic
def withdraw_note(*, enrolment: Enrolment, by: User, now: datetime.datetime, key: uuid.UUID) -> Noted:
    """Take a note back. Twice is once. Raises Refused."""
    enrolment = Enrolment.objects.locked(enrolment.pk)
    done = PainNote.objects.filter(replaces__key=key, entry__enrolment=enrolment, score__isnull=True).first()
    if done:
        return Noted(done)
    old = _in_force(enrolment, key)
    check_allowed(enrolment, by, now, old.entry.date)
    note = PainNote(
        entry=old.entry,
        key=uuid.uuid4(),
        noted_at=old.noted_at,
        occasion=old.occasion,
        site=old.site,
        score=None,
        replaces=old,
        recorded_at=now,
        recorded_by=by,
    )
    return _stored(note, enrolment, by, now)


def _sent_before(enrolment: Enrolment, date: datetime.date, values: NoteValues) -> PainNote | None:
    """The note that this form has made already. Raises Refused where it was a form for something else."""
    note = PainNote.objects.filter(key=values.key).select_related("entry", "replaces").first()
    if note is None:
        return None
    corrected = note.replaces.key if note.replaces else None
    if (note.entry.enrolment_id, note.entry.date, corrected) != (enrolment.pk, date, values.replaces):
        raise Refused(_("This form is out of date. Open it again."))
    return note


def _last_of(note: PainNote) -> PainNote:
    """What the note has become by corrections."""
    while later := PainNote.objects.filter(replaces=note).select_related("entry").first():
        note = later
    return note


def _says(note: PainNote, values: NoteValues) -> bool:
    said = (note.occasion, note.site, note.score, note.words)
    return said == (values.occasion, values.site, values.score, values.words.strip())


def _check(values: NoteValues) -> None:
    score = values.score
    if not isinstance(score, int) or not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise Refused(_("Choose a number from 0 to 10."), "score")
    if values.occasion not in {occasion.value for occasion in Occasion}:
        raise Refused(_("Choose when it hurt."), "occasion")
    if values.site not in {site.value for site in Site}:
        raise Refused(_("Choose where it hurt."), "site")
    if len(values.words.strip()) > MOST_WORDS:
        raise Refused(_("At most %(most)s letters.") % {"most": MOST_WORDS}, "words")


def _in_force(enrolment: Enrolment, key: uuid.UUID) -> PainNote:
    """A note of this runner that nothing has replaced yet."""
    notes = PainNote.objects.filter(entry__enrolment=enrolment, score__isnull=False).select_related("entry")
    note = notes.filter(key=key, replaced_by__isnull=True).first()
    if note is None:
        raise Refused(_("This note was changed or withdrawn already."))
    return note


def _entry_on(enrolment: Enrolment, by: User, now: datetime.datetime, date: datetime.date) -> DiaryEntry:
    """The day's entry; without a check-in one in which nothing is recorded, which counts as a missing day."""
    entry = DiaryEntry.objects.filter(enrolment=enrolment, date=date).first()
    return entry or DiaryEntry.objects.create(
        enrolment=enrolment,
        date=date,
        stage_shown=stage_shown_on(enrolment, date),
        recorded_at=now,
        recorded_by=by,
    )


def _noted_at(enrolment: Enrolment, now: datetime.datetime, date: datetime.date) -> datetime.datetime:
    zone = enrolment.runner.zone
    return now if date == local_date(now, zone) else instant_of(date, MIDDAY, zone)


def _stored(note: PainNote, enrolment: Enrolment, by: User, now: datetime.datetime) -> Noted:
    """Save it, hold the day to its rules, and decide a closed day again."""
    note.save()
    try:
        # To withdraw is the way out of a contradiction: another note must not bar it.
        if note.score is not None:
            check_sound(note.entry)
    except Refused as refusal:
        # The same contradiction, seen from the note.
        raise Refused(refusal.message, "occasion") from None
    if note.entry.date > enrolment.decided_through:
        return Noted(note)
    return Noted(note, tuple(redecide(enrolment=enrolment, since=note.entry.date, by=by, now=now)))
