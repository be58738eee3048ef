"""What the letter to a clinician says: the pause, the warning signs, two weeks, the last decisions."""

import datetime
import logging
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from accounts.models import User
from programs.diary_words import OCCASIONS, SITES
from programs.engine.calendar import local_date
from programs.engine.entry import Entry, InvalidEntry
from programs.engine.redflags import label_of
from programs.engine.values import DONE_SOMETHING, STILL_PAUSED, Leg, Outcome, Refer
from programs.models import Decision, DiaryEntry, Enrolment, Override, PainNote
from programs.papers.letter import Day, Decided, Letter, Sender, Sign
from programs.papers.letter_parts import NOTED
from programs.presentation import LEGS, NOT_RECORDED, REFERS, SESSIONS, advice_for, score_words
from programs.rows import entries_and_notes
from programs.said import said
from programs.selectors.decisions import beginnings_of_pauses, newest_decisions
from programs.snapshots import CLEARS, contacts_of, entry_of, notes_in_force, says_nothing

logger = logging.getLogger(__name__)

DAYS = 14
DECISIONS = 5
#: Where there was no session there is nothing that could have been recorded of it.
NO_SESSION = "–"


@dataclass(frozen=True, slots=True)
class _Pause:
    since: datetime.date | None
    until: datetime.date | None
    refer: str
    reason: str


_NO_PAUSE = _Pause(None, None, Refer.NONE, "")


def letter_of(*, enrolment: Enrolment, now: datetime.datetime, by: User | None = None) -> Letter | None:
    """Of the open pause, or of the last one; None where there never was one. At most five queries.

    ``by`` is the physiotherapist who refers the runner on, in her own name: she may without a pause.
    One query more.
    """
    pause = _open_pause(enrolment) if enrolment.is_paused else _last_pause(enrolment)
    if pause is None and by is None:
        return None
    pause = pause or _NO_PAUSE
    today = local_date(now, enrolment.runner.zone)
    first = max(today - datetime.timedelta(days=DAYS - 1), enrolment.started_on)
    rows, notes = _entries(enrolment, min(first, pause.since or first))
    numbers = contacts_of(enrolment)
    return Letter(
        name=str(enrolment.runner),
        email=enrolment.runner.email,
        written_on=today,
        programme=said(enrolment.version.document["title"]),
        programme_day=max((today - enrolment.started_on).days + 1, 1),
        stage=said(enrolment.version.stage_title(enrolment.stage)),
        since=pause.since,
        until=pause.until,
        level=str(REFERS[pause.refer].label),
        reason=said(pause.reason),
        signs=_signs(rows),
        days=tuple(_day(date, rows.get(date), notes) for date in _dates(first, today)),
        decisions=_decisions(enrolment),
        advice=advice_for(pause.refer, numbers).steps if pause.since and pause.until is None else (),
        emergency_number=said(numbers.emergency_number),
        urgent_service=said(numbers.urgent_service),
        sender=_sender(by) if by else None,
        language=get_language() or "en-gb",
    )


def _sender(by: User) -> Sender:
    clinic = by.memberships.current().values_list("clinic__name", flat=True).first()
    return Sender(str(by), by.email, clinic or "")


def has_letter(enrolment: Enrolment) -> bool:
    """There is a pause to write of, open or over (one query where it is over)."""
    return enrolment.is_paused or Override.objects.filter(enrolment=enrolment, kind__in=CLEARS).exists()


def _open_pause(enrolment: Enrolment) -> _Pause:
    reason = beginnings_of_pauses([enrolment.pk]).values_list("reason", flat=True).first() or ""
    return _Pause(local_date(enrolment.paused_at, enrolment.runner.zone), None, enrolment.refer, reason)


def _last_pause(enrolment: Enrolment) -> _Pause | None:
    """The decision that began it, or made it more pressing, and the act that ended it.

    It counts from the date on which it was said to her, as on every page: a day
    that pauses is decided in the night after it.
    """
    ends = Override.objects.filter(enrolment=enrolment, kind__in=CLEARS).order_by("-made_at", "-pk")[:2]
    if not ends:
        return None
    pauses = Decision.objects.filter(
        enrolment=enrolment, decision=Outcome.PAUSE_AND_REFER, decided_at__lte=ends[0].made_at
    )
    begun = pauses.exclude(rule=STILL_PAUSED).select_related("superseded_by").newest_first().defer("inputs")
    rows = [row for row in begun if len(ends) == 1 or row.decided_at > ends[1].made_at]
    counted = next((row for row in rows if not hasattr(row, "superseded_by")), None)
    if counted is None:
        return None
    since = local_date(min(row.decided_at for row in rows), enrolment.runner.zone)
    return _Pause(since, ends[0].date, counted.refer, counted.reason)


def _entries(
    enrolment: Enrolment, first: datetime.date
) -> tuple[dict[datetime.date, DiaryEntry], dict[int, list[PainNote]]]:
    """Rows by date, and their notes (one query)."""
    rows, notes = entries_and_notes([enrolment.pk], first)
    return {row.date: row for row in rows if row.date >= first}, notes


def _signs(entries: dict[datetime.date, DiaryEntry]) -> tuple[Sign, ...]:
    """Newest first: what is cut where there are many is the oldest."""
    days = sorted(entries.items(), reverse=True)
    return tuple(Sign(date, said(label_of(code))) for date, row in days for code in row.red_flags)


def _dates(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]


def _day(date: datetime.date, row: DiaryEntry | None, notes: dict[int, list[PainNote]]) -> Day:
    """What the day counts as, as the decision read it: the check-in with the extra notes beside it."""
    missing = str(NOT_RECORDED)
    if row is None:
        return Day(date, missing, missing, gettext("no entry"), NO_SESSION, NO_SESSION, missing)
    counted = notes_in_force(notes.get(row.pk, ()))
    value = _value(row, counted)
    was_done = row.session in DONE_SOMETHING
    return Day(
        date=date,
        morning=score_words(value.morning),
        rest=_marked(score_words(value.rest), row.rest != value.rest),
        session=gettext("only pain notes") if says_nothing(row) else str(SESSIONS[row.session or None]),
        during=_marked(score_words(value.during), row.during != value.during) if was_done else NO_SESSION,
        after=_marked(score_words(value.after), row.after != value.after) if was_done else NO_SESSION,
        leg=_leg(row, value.leg),
        notes=_noted(counted),
    )


def _leg(row: DiaryEntry, leg: str) -> str:
    """Where no check-in was made, no leg pain in the notes is no answer to the question."""
    if says_nothing(row) and leg == Leg.NONE:
        return str(NOT_RECORDED)
    return _marked(str(LEGS.get(leg, LEGS[Leg.NONE])), row.leg != leg)


def _value(row: DiaryEntry, notes: list[PainNote]) -> Entry | DiaryEntry:
    """A day that contradicts itself must not cost a paused runner her letter: then what was said."""
    try:
        return entry_of(row, notes=notes)
    except (InvalidEntry, ValueError):
        logger.warning("Entry %s contradicts its notes; the letter shows the check-in", row.pk)
        return row


def _marked(words: str, by_notes: bool) -> str:
    return f"{words}{NOTED}" if by_notes else words


def _noted(notes: list[PainNote]) -> str:
    """The scores themselves, as they were noted."""
    by_time = sorted(notes, key=lambda note: (note.noted_at, note.pk or 0))
    return "; ".join(
        f"{OCCASIONS[note.occasion]}, {SITES[note.site]} {score_words(note.score)}" for note in by_time
    )


def _decisions(enrolment: Enrolment) -> tuple[Decided, ...]:
    """Those in force; a correction takes the place of what it corrected."""
    rows = [row for row in newest_decisions(enrolment, limit=2 * DECISIONS) if not row.is_superseded]
    return tuple(Decided(row.date, str(row.tag.label), row.rule, row.reason) for row in rows[:DECISIONS])
