"""Rows -> engine snapshots, for one enrolment or a batch, in a fixed number of queries.

The window that is kept is a function of the decided day alone, so that the
stored inputs do not depend on who else was in the batch.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter

from django.conf import settings
from django.db.models import QuerySet

from accounts.among import Among, given_ids
from accounts.models import User
from accounts.selectors.clinic_defaults import AS_THE_SITE, ClinicDefaults
from accounts.statements import ObjectStatement
from programs.acted import CLEARS, SETS, act_on, hold_of, signed_off
from programs.clinic_defaults import clinic_defaults_of, clinic_defaults_of_runner
from programs.engine.daily import Note, daily_value
from programs.engine.document import programme_from_document
from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.snapshot import Contacts, Hold, Snapshot, State
from programs.engine.values import Leg, Occasion, Refer, SessionKind, Site, Warmup
from programs.engine.week import Wishes
from programs.library.contacts import numbers_in
from programs.models import (
    DiaryEntry,
    Enrolment,
    Override,
    OverrideKind,
    PainNote,
    ProgrammeVersion,
)
from programs.rows import OLDER_SESSIONS, dates_of, entries_and_notes, entries_and_notes_now

#: Longest look-back of a rule over days (the strikes window); sessions of the
#: stage and the last logged day may be older and are fetched one by one.
WINDOW_DAYS = 21
#: What ``_checked_in`` makes an entry of.
_answers = attrgetter(
    *("morning", "rest", "session", "during", "after", "warmup", "limp", "leg", "stage_shown")
)
# Published documents never change, so their parsed form may outlive a request.
# The key is the content, not the row: the same document is parsed once.
_programmes: dict[tuple[str, int], Programme] = {}


@dataclass
class History:
    """What rows say about one enrolment: day ordinal -> what the day counts as, and clinicians' acts."""

    entries: dict[int, Entry] = field(default_factory=dict)
    #: Day ordinal -> the row behind an entry, and its extra notes: what was said.
    rows: dict[int, DiaryEntry] = field(default_factory=dict)
    notes: dict[int, list[PainNote]] = field(default_factory=dict)
    overrides: list[Override] = field(default_factory=list)
    #: Day ordinal -> the runner wants a session, by her own choice for that date.
    choices: dict[int, bool] = field(default_factory=dict)


def programmes_of(version_ids: Iterable[int]) -> dict[int, Programme]:
    """Version id -> parsed programme; one query, and one more for content not yet known here."""
    versions = ProgrammeVersion.objects.filter(pk__in=set(version_ids))
    keys = {
        pk: (content, number) for pk, content, number in versions.values_list("pk", "content_hash", "number")
    }
    unknown = [pk for pk, key in keys.items() if key not in _programmes]
    if unknown:
        for version in ProgrammeVersion.objects.filter(pk__in=unknown):
            programme_of(version)
    return {pk: _programmes[key] for pk, key in keys.items()}


def programme_of(version: ProgrammeVersion) -> Programme:
    """A version that was read already, parsed; no query."""
    key = (version.content_hash, version.number)
    if key not in _programmes:
        _programmes[key] = programme_from_document(version.document, version=version.number)
    return _programmes[key]


def entry_of(row: DiaryEntry, planned: bool = False, notes: Iterable[PainNote] | None = None) -> Entry:
    """What the day counts as: the check-in of a row with its notes. Raises InvalidEntry on a contradiction.

    The notes are those of the row, unless they are given; a row that is not saved has none.
    """
    if notes is None:
        notes = row.notes.all() if row.pk else ()
    counted = notes_in_force(notes)
    noted = [Note(Occasion(note.occasion), Site(note.site), note.score) for note in counted]
    return daily_value(check_in_of(row, planned), noted)


def check_in_of(row: DiaryEntry, planned: bool = False) -> Entry:
    """What the check-in itself says, without the notes; a row that only holds notes is a missing day."""
    if says_nothing(row):
        return Entry(missing=True, session=None, planned=planned)
    # One object for all days on which the same was said; a red flag stands for itself.
    make = _checked_in if row.red_flags else _as_others
    return make(planned, tuple(row.red_flags), *_answers(row))


def _checked_in(planned, red_flags, morning, rest, session, during, after, warmup, limp, leg, stage) -> Entry:
    session = SessionKind(session) if session else None
    hurts = {"warmup": Warmup(warmup), "limp": limp, "leg": Leg(leg), "red_flags": red_flags}
    return Entry(morning, rest, session, during, after, **hurts, planned=planned, stage_shown=stage)


_as_others = lru_cache(maxsize=4096, typed=True)(_checked_in)


def says_nothing(row: DiaryEntry) -> bool:
    """No check-in was made of that day: the row is there for its notes."""
    said = (row.morning, row.rest, row.session, row.during, row.after)
    marked = row.leg != Leg.NONE or row.warmup != Warmup.NONE or row.limp or row.sites or row.red_flags
    return all(answer is None for answer in said) and not marked


def notes_in_force(notes: Iterable[PainNote]) -> list[PainNote]:
    """Without those that were replaced or withdrawn since."""
    notes = list(notes)
    replaced = {note.replaces_id for note in notes}
    return [note for note in notes if note.score is not None and note.pk not in replaced]


def state_of(enrolment: Enrolment, programme: Programme, hold: Hold | None = None) -> State:
    """The engine's state of an enrolment as it stands now."""
    cooldown = enrolment.cooldown_until
    return State(
        stage=programme.positions[enrolment.stage],
        entered=enrolment.stage_entered_on.toordinal(),
        started=enrolment.started_on.toordinal(),
        baseline=enrolment.baseline_morning,
        intake=enrolment.intake_pain,
        refer=Refer(enrolment.refer),
        step_backs=tuple(datetime.date.fromisoformat(day).toordinal() for day in enrolment.step_backs),
        cooldown_until=None if cooldown is None else cooldown.toordinal(),
        hold=hold,
    )


def histories_of(
    enrolments: list[Enrolment],
    first: datetime.date | None = None,
    days_back: int = WINDOW_DAYS,
    *,
    as_it_stands: bool = False,
) -> dict[int, History]:
    """Enrolment id -> history that its next decisions need. At most seven queries, three for one enrolment.

    ``first`` is the earliest date that will be decided, by default each
    enrolment's open date; the window reaches back from it, for a page further
    than a decision needs. ``as_it_stands``: of one enrolment, from its present
    state on; nothing is decided again, so that no long past is read.
    """
    earliest = first or min(e.open_date for e in enrolments)
    since = earliest - datetime.timedelta(days=days_back)
    ids = [e.pk for e in enrolments]
    dates = dates_of(ids, since)
    histories = {pk: History(choices=dates[pk].choices) for pk in ids}
    for pk, history in histories.items():
        for date in dates[pk].planned:
            history.entries[date.toordinal()] = Entry(missing=True, session=None, planned=True)
    if as_it_stands:
        (one,) = enrolments
        rows, notes = entries_and_notes_now(one.pk, since, one.stage, one.stage_entered_on)
    else:
        rows, notes = entries_and_notes(ids, since)
    for row in rows:
        history, day = histories[row.enrolment_id], row.date.toordinal()
        is_planned = row.date in dates[row.enrolment_id].planned
        history.entries[day] = entry_of(row, is_planned, notes[row.pk])
        history.rows[day], history.notes[day] = row, notes[row.pk]
    for act in _acts.all(ids=ids):
        histories[act.enrolment_id].overrides.append(act)
        if act.kind == OverrideKind.MOVE_VERSION:
            without_stage(histories[act.enrolment_id].entries, act.date)
    return histories


@ObjectStatement
def _acts() -> QuerySet[Override]:
    """Of persons, in the order in which they acted."""
    acts = Override.objects.filter(Among("enrolment", given_ids()))
    return acts.select_related("made_by").order_by("made_at", "pk")


def without_stage(entries: dict[int, Entry], moved_on: datetime.date) -> None:
    """A session of the day of a move is no step on: another edition may call its stage by the same key.

    One that was stopped stays what it is, because that only holds her back.
    """
    entry = entries.get(moved_on.toordinal())
    if entry is not None and entry.session is SessionKind.DONE:
        entries[moved_on.toordinal()] = replace(entry, stage_shown="")


def kept_entries(entries: Mapping[int, Entry], day: int, state: State, stage: str) -> dict[int, Entry]:
    """The part of a history that a decision of ``day`` can read, and nothing later."""
    since = day - WINDOW_DAYS + 1
    kept = {k: entry for k, entry in entries.items() if since <= k <= day}
    older = sorted((k for k in entries if k < since), reverse=True)
    logged = next((k for k in older if entries[k].logged), None)
    shown = (None, stage)
    done = [k for k in older if entries[k].has_session and entries[k].stage_shown in shown]
    sessions = [k for k in done if k >= state.entered][:OLDER_SESSIONS]
    for k in (logged, *sessions, *(k + 1 for k in sessions)):
        if k is not None and k in entries:
            # No rule asks what was planned so long ago, and a batch may know more of it than a page.
            kept.setdefault(k, replace(entries[k], planned=False) if entries[k].planned else entries[k])
    return kept


def wishes_of(enrolment: Enrolment, history: History) -> Wishes:
    """The days on which she likes to run; the plan takes them into account, the decision does not."""
    return Wishes(frozenset(enrolment.run_days), history.choices)


def contacts_of(enrolment: Enrolment) -> Contacts:
    """Whom the runner of a programme calls; a query only where her clinic is not known yet."""
    return contacts(enrolment.runner, clinic_defaults_of(enrolment))


def contacts(runner: User | None = None, of_clinic: ClinicDefaults | None = None) -> Contacts:
    """Whom a runner calls: in the country that she chose, else as her clinic says, else as the site does.

    The clinic of somebody with an account is looked up (one query), unless it is given.
    """
    country = (runner.country if runner else "") or settings.REHAB_COUNTRY
    abroad = country != settings.REHAB_COUNTRY
    return contacts_in(country, AS_THE_SITE if abroad else of_clinic or _clinic_of(runner))


def contacts_in(country: str, clinic: ClinicDefaults) -> Contacts:
    """The same of somebody whose country (or else the site's) and clinic are known."""
    country = country or settings.REHAB_COUNTRY
    numbers = numbers_in(country)
    if country != settings.REHAB_COUNTRY:
        return Contacts(numbers.emergency, numbers.urgent)
    return Contacts(
        clinic.emergency_number or settings.REHAB_EMERGENCY_NUMBER or numbers.emergency,
        clinic.urgent_service or settings.REHAB_URGENT_SERVICE or numbers.urgent,
    )


def _clinic_of(runner: User | None) -> ClinicDefaults:
    if runner is None or runner.pk is None or not runner.is_runner:
        return AS_THE_SITE
    return clinic_defaults_of_runner(runner.pk)


def snapshot_of(
    enrolment: Enrolment,
    programme: Programme,
    history: History,
    date: datetime.date,
    state: State | None = None,
) -> Snapshot:
    """The snapshot of one enrolment and date, by default with its present state."""
    state = state or state_of(enrolment, programme, hold_of(history.overrides))
    first_day = enrolment.started_on.toordinal()
    return snapshot_from(programme, history, date, state, first_day, contacts_of(enrolment))


def snapshot_from(
    programme: Programme,
    history: History,
    date: datetime.date,
    state: State,
    first_day: int,
    numbers: Contacts,
) -> Snapshot:
    """The same of a state that is known, for whoever has no enrolment at hand."""
    day, stage = date.toordinal(), programme.stages[state.stage].key
    return Snapshot(
        programme=programme,
        day=day,
        state=state,
        entries=kept_entries(history.entries, day, state, stage),
        first_day=first_day,
        stage_set=act_on(history.overrides, SETS, date),
        cleared=act_on(history.overrides, CLEARS, date),
        signed_off=signed_off(history.overrides, stage, state.entered, date),
        contacts=numbers,
    )
