"""A diary entry in words: what was said, what the day counts as where notes differ, what was corrected."""

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.diary_words import OCCASIONS, SITES
from programs.engine.calendar import local_date
from programs.engine.entry import Entry
from programs.engine.values import Leg, Warmup
from programs.models import DiaryEntry, EntryRevision, PainNote
from programs.presentation import FIELDS, score_words, value_words
from programs.snapshots import check_in_of

#: Values that extra notes may change.
NOTED = ("rest", "during", "after", "leg")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One fact of an entry in words; ``is_missing`` where it was not recorded."""

    name: str
    value: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was changed later."""

    name: str
    was: str
    now: str
    changed_on: datetime.date


def entry_lines(entry: Entry) -> tuple[EntryLine, ...]:
    """What a day counts as, in the order of the form; empty where nothing was logged.

    What nobody ticked is left out: "none" would look like an answer. Nor is a
    session missing on a day that planned none.
    """
    if entry.missing:
        return ()
    leg = [_line("leg", entry.leg)] if entry.leg != Leg.NONE else []
    return (*_first_lines(entry), *leg, *_flag_lines(entry))


def check_in_lines(row: DiaryEntry, *, planned: bool) -> tuple[EntryLine, ...]:
    """What the check-in itself said, with places and minutes; empty where there was none."""
    said = check_in_of(row, planned)
    if said.missing:
        return ()
    if not (row.sites or row.run_minutes is not None):
        return entry_lines(said)
    minutes = [_line("run_minutes", row.run_minutes)] if row.run_minutes is not None else []
    where = _line("sites", row.sites) if row.sites else _line("leg", said.leg)
    has_place = bool(row.sites) or said.leg != Leg.NONE
    return (*_first_lines(said), *minutes, *([where] if has_place else []), *_flag_lines(said))


def counted_lines(row: DiaryEntry, counted: Entry) -> tuple[EntryLine, ...]:
    """Where notes make the day count as more than its check-in said."""
    said = check_in_of(row)
    return tuple(
        _line(name, getattr(counted, name)) for name in NOTED if getattr(counted, name) != getattr(said, name)
    )


def _first_lines(entry: Entry) -> list[EntryLine]:
    lines = [_score("morning", entry.morning), _score("rest", entry.rest)]
    if entry.session or entry.planned:
        lines.append(_line("session", entry.session, is_missing=entry.session is None))
    if entry.has_session:
        lines += [_score("during", entry.during), _score("after", entry.after)]
        lines += [_line("warmup", entry.warmup)] if entry.warmup != Warmup.NONE else []
        lines += [_line("limp", entry.limp)] if entry.limp else []
    return lines


def _flag_lines(entry: Entry) -> list[EntryLine]:
    return [_line("red_flags", entry.red_flags)] if entry.red_flags else []


def _score(name: str, score: int | None) -> EntryLine:
    return _line(name, score, is_missing=score is None)


def _line(name: str, value, *, is_missing: bool = False) -> EntryLine:
    return EntryLine(FIELDS[name], value_words(name, value), is_missing)


def values_of(row: DiaryEntry) -> dict:
    return {name: getattr(row, name) for name in FIELDS}


def saved_meanwhile(
    row: DiaryEntry, kept: Iterable[str], replaced: Iterable[tuple[str, object]]
) -> Iterable[str]:
    """What became of answers that were saved while the form of others stood open."""
    for name in kept:
        yield _("Saved while this form was open, and it stays: %(name)s – %(value)s.") % {
            "name": FIELDS[name],
            "value": value_words(name, getattr(row, name)),
        }
    for name, was in replaced:
        yield _("Saved while this form was open: %(name)s – %(was)s. Now it is: %(value)s.") % {
            "name": FIELDS[name],
            "was": value_words(name, was),
            "value": value_words(name, getattr(row, name)),
        }


def note_words(note: PainNote) -> str:
    """A note in a few words; without a score it is one that was withdrawn."""
    if note.score is None:
        return _("withdrawn")
    where, when = SITES.get(note.site, note.site), OCCASIONS.get(note.occasion, note.occasion)
    return f"{score_words(note.score)} {when}, {where}"


def changes_of(row: DiaryEntry, notes: Iterable[PainNote], zone: zoneinfo.ZoneInfo) -> tuple[Change, ...]:
    """Changes made after the day was decided, and of its notes at any time, newest first (one query)."""
    changes = [*_changes_of_check_in(row, zone), *_changes_of_notes(notes, zone)]
    return tuple(sorted(changes, key=lambda change: change.changed_on, reverse=True))


def _changes_of_check_in(row: DiaryEntry, zone: zoneinfo.ZoneInfo) -> Iterable[Change]:
    revisions = EntryRevision.objects.filter(entry=row, after_close=True).order_by("-replaced_at")
    later = values_of(row)
    for revision in revisions:
        changed = {
            name: was for name, was in revision.values.items() if name in FIELDS and was != later[name]
        }
        if "sites" in changed:
            changed.pop("leg", None)  # It follows from the places.
        changed_on = local_date(revision.replaced_at, zone)
        for name, was in changed.items():
            yield Change(FIELDS[name], value_words(name, was), value_words(name, later[name]), changed_on)
        later = later | revision.values


def _changes_of_notes(notes: Iterable[PainNote], zone: zoneinfo.ZoneInfo) -> Iterable[Change]:
    by_id = {note.pk: note for note in notes}
    for note in sorted(by_id.values(), key=lambda note: (note.recorded_at, note.pk), reverse=True):
        if old := by_id.get(note.replaces_id):
            changed_on = local_date(note.recorded_at, zone)
            yield Change(_("Pain note"), note_words(old), note_words(note), changed_on)
