"""One day of one enrolment, decided from plain columns by the one engine."""

import datetime
import json
from dataclasses import dataclass
from functools import lru_cache

from programs.clinic_defaults import close_hour
from programs.engine.decide import Decision as Decided
from programs.engine.decide import decide
from programs.engine.plan import plan_for
from programs.engine.programme import Programme
from programs.engine.snapshot import Hold, Snapshot, State
from programs.engine.transition import after
from programs.engine.values import Refer
from programs.engine.week import Wishes
from programs.models import OverrideKind
from programs.services.closing.dates import closes_at, written_on
from programs.services.closing.inputs import inputs_of, inputs_with_acts
from programs.services.closing.reading import Around, Row, windows
from programs.services.closing.windows import days_of, kept_days, reaches_back
from programs.snapshots import History, contacts_in, hold_of, snapshot_from, without_stage

#: More days than anybody has a diary of.
ALL_DAYS = 100_000
_contacts = lru_cache(maxsize=1024)(contacts_in)
_REFER = {level.value: level for level in Refer}
_NO_CHOICES: dict[int, bool] = {}


@dataclass(slots=True)
class Closed:
    """A decided day, not yet written; ``plan`` is the stage of the next day's session, if it has one."""

    row: Row
    decided: Decided
    state: State
    inputs: str
    inputs_hash: str
    closes_at: datetime.datetime
    written_on: int
    plan: str | None

    @property
    def has_moved(self) -> bool:
        """Does the enrolment stand elsewhere than before?"""
        hold = self.state.hold.until if self.state.hold else None
        return self.state != self.decided.snapshot.state or hold != self.row.hold_until


def close_one(row: Row, programme: Programme, known: Around, now: datetime.datetime) -> Closed:
    """Decide the open day and plan the next. Raises what the engine raises; nothing is changed."""
    acts = known.acts.get(row.pk)
    if acts:
        snapshot = _with_acts(row, programme, known, acts)
        inputs, hashed = inputs_with_acts(snapshot)
    else:
        snapshot, inputs, hashed = _without_acts(row, programme, known)
    decided = decide(snapshot)
    today = written_on(now, row.zone)
    state = after(decided, today)
    hour = close_hour(known.clinic_of(row.runner))
    return Closed(
        row,
        decided,
        state,
        inputs,
        hashed,
        closes_at(row.day + 1, row.zone, hour),
        today,
        _plan(row, snapshot, state, known),
    )


def _state(row: Row, programme: Programme, hold: Hold | None = None) -> State:
    steps = () if row.step_backs == "[]" else json.loads(row.step_backs)
    return State(
        programme.positions[row.stage],
        row.entered,
        row.started,
        row.baseline,
        row.intake,
        _REFER[row.refer],
        tuple([datetime.date.fromisoformat(day).toordinal() for day in steps]),
        row.cooldown_until,
        hold,
    )


def _without_acts(row: Row, programme: Programme, known: Around) -> tuple[Snapshot, str, str]:
    state, numbers = _state(row, programme), _contacts(row.country, known.clinic_of(row.runner))
    days = days_of(*known.said[row.pk])
    if reaches_back(days, row.day, state, row.stage):
        days = days_of(*windows([row.pk], ALL_DAYS)[row.pk])
    kept = kept_days(days, row.day, state, row.stage)
    entries = {one[0]: one[1] for one in kept}
    snapshot = Snapshot(programme, row.day, state, entries, row.started, contacts=numbers)
    return snapshot, *inputs_of(snapshot, kept)


def _with_acts(row: Row, programme: Programme, known: Around, acts: list) -> Snapshot:
    days = days_of(*windows([row.pk], ALL_DAYS)[row.pk])
    history = History(entries={one.day: one.entry for one in days}, overrides=acts)
    for act in acts:
        if act.kind == OverrideKind.MOVE_VERSION:
            without_stage(history.entries, act.date)
    date = datetime.date.fromordinal(row.day)
    numbers = _contacts(row.country, known.clinic_of(row.runner))
    return snapshot_from(
        programme, history, date, _state(row, programme, hold_of(acts)), row.started, numbers
    )


def _plan(row: Row, snapshot: Snapshot, state: State, known: Around) -> str | None:
    """The stage of the session that the next day asks for, from what is known at its beginning."""
    run_days = frozenset() if row.run_days == "[]" else frozenset(json.loads(row.run_days))
    wishes = Wishes(run_days, known.choices.get(row.pk, _NO_CHOICES))
    tomorrow = Snapshot(
        snapshot.programme, row.day + 1, state, snapshot.entries, row.started, contacts=snapshot.contacts
    )
    plan = plan_for(tomorrow, wishes)
    return snapshot.programme.stages[plan.stage].key if plan.has_session else None
