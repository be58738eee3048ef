"""The diary of a runner for her physiotherapist: every entry with its notes and what it said before."""

import datetime
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.engine.entry import InvalidEntry
from programs.models import DiaryEntry, Enrolment, EntryRevision, PainNote
from programs.presentation import FIELDS, value_words
from programs.selectors.editions_lived import Editions, title_in
from programs.selectors.entry_words import note_words
from programs.selectors.inputs import EntryRow, entry_row, wall_time
from programs.snapshots import History, entry_of, notes_in_force

DAYS_SHOWN = 28


@dataclass(frozen=True, slots=True)
class DiaryRow:
    """One entry with what it said before; ``corrections`` in words, newest first."""

    entry: EntryRow
    stage: str
    recorded_at: datetime.datetime
    corrections: tuple[str, ...]


def diary_rows(
    enrolment: Enrolment, history: History | None, today: datetime.date, editions: Editions
) -> tuple[DiaryRow, ...]:
    """Four weeks of what was read already, or all of it where nothing was (one query, or three)."""
    if history is None:
        rows = list(enrolment.entries.order_by("-date").prefetch_related("notes"))
        notes = {row.pk: list(row.notes.all()) for row in rows}
    else:
        # As far back as was read: from the first day that is not decided, where days are late.
        since = min(today, enrolment.open_date).toordinal() - DAYS_SHOWN
        days = sorted((day for day in history.rows if day > since), reverse=True)
        rows = [history.rows[day] for day in days]
        notes = {history.rows[day].pk: history.notes[day] for day in days}
    revisions = _revisions(rows)
    return tuple(_row(row, notes[row.pk], revisions.get(row.pk, []), enrolment, editions) for row in rows)


def _revisions(rows: list[DiaryEntry]) -> dict[int, list[EntryRevision]]:
    found: dict[int, list[EntryRevision]] = {}
    for revision in EntryRevision.objects.filter(entry__in=[row.pk for row in rows]).order_by("-replaced_at"):
        found.setdefault(revision.entry_id, []).append(revision)
    return found


def _row(
    row: DiaryEntry,
    notes: list[PainNote],
    revisions: list[EntryRevision],
    enrolment: Enrolment,
    editions: Editions,
) -> DiaryRow:
    return DiaryRow(
        entry=_with_notes(_readable_row(row, notes), notes),
        stage=title_in(editions.shown_on(row.date, row.stage_shown), row.stage_shown),
        recorded_at=wall_time(row.recorded_at, enrolment.runner.zone),
        corrections=tuple(_corrections(row, revisions, enrolment)),
    )


def _corrections(row: DiaryEntry, revisions: list[EntryRevision], enrolment: Enrolment):
    later = {name: getattr(row, name) for name in FIELDS}
    for revision in revisions:
        was = {name: revision.values[name] for name in FIELDS if name in revision.values}
        changed = [name for name in was if was[name] != later[name]]
        what = "; ".join(_was(name, was[name]) for name in changed)
        when = wall_time(revision.replaced_at, enrolment.runner.zone)
        words = (
            _("{when}, after the day was decided: {what}") if revision.after_close else _("{when}: {what}")
        )
        yield words.format(when=date_format(when, "j M, H:i"), what=what)
        later = later | revision.values


def _was(name: str, value) -> str:
    return _("{name} was {value}").format(name=FIELDS[name], value=value_words(name, value))


def _with_notes(entry: EntryRow, notes: list[PainNote]) -> EntryRow:
    """Scores are what the day counts as; beside them stand the notes that they may come from."""
    words = (_("note: {words}").format(words=note_words(note)) for note in notes_in_force(notes))
    return replace(entry, more="; ".join([*filter(None, [entry.more]), *words]))


def _readable_row(row: DiaryEntry, notes: list[PainNote]) -> EntryRow:
    """A row that the engine refuses is still shown, as far as it can be read."""
    try:
        return entry_row(row.date, entry_of(row, notes=notes))
    except (InvalidEntry, ValueError):
        morning, rest = ("–" if score is None else str(score) for score in (row.morning, row.rest))
        more = _("The engine refuses this entry.")
        return EntryRow(row.date, morning, rest, _("cannot be read"), "–", "–", more, is_missing=False)
