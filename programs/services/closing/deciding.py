"""One day of one enrolment, decided from plain columns by the one engine.

What is left of it is text and few numbers: what the engine worked with is
forgotten at once. To keep it until the batch is written costs more than the
rules, in memory that is never near the processor when it is wanted again.
"""

import datetime
import json
from dataclasses import dataclass
from typing import NamedTuple

from programs.engine.decide import Decision as Decided
from programs.engine.decide import decide
from programs.engine.entry import Entry
from programs.engine.plan import plan_for
from programs.engine.programme import Programme
from programs.engine.snapshot import Contacts, Hold, Snapshot, State
from programs.engine.transition import after
from programs.engine.values import Outcome, Refer
from programs.engine.week import ANY_DAY, Wishes
from programs.models import Override, OverrideKind
from programs.services.closing.dates import closes_at, written_on
from programs.services.closing.inputs import inputs_of, inputs_with_acts
from programs.services.closing.lines import line_of
from programs.services.closing.places import Place
from programs.services.closing.reading import Around, Row, windows
from programs.services.closing.windows import Window, needed, needed_of_all, window_of
from programs.snapshots import History, hold_of, snapshot_from, without_stage

#: More days than anybody has a diary of.
ALL_DAYS = 100_000
_REFER = {level.value: level for level in Refer}
_NO_CHOICES: dict[int, bool] = {}


class ClosedDay(NamedTuple):
    """What became of a day, for whoever reports it; the row is in the ledger."""

    enrolment_id: int
    date: datetime.date
    decision: Outcome
    rule: str
    stage_before: str
    stage_after: str
    reason: str

    @property
    def stage_change(self) -> bool:
        return self.stage_before != self.stage_after


@dataclass(slots=True)
class Closed:
    """A decided day, not yet written; ``plan`` is the stage of the next day's session, if it has one.

    ``moved`` is the new state of whoever stands elsewhere than before, ``refer``
    the level after the day.
    """

    row: Row
    day: ClosedDay
    refer: str
    moved: State | None
    closes_at: datetime.datetime
    plan: str | None


class AsksAgainError(Exception):
    """Days that were not read are needed, or a person acted: a statement in between, or none is allowed."""


def close_one(
    row: Row, programme: Programme, known: Around, now: datetime.datetime, job: str
) -> tuple[Closed, str]:
    """Decide the open day and plan the next; nothing is changed. With it goes its row of the ledger.

    Raises what the engine raises, and AsksAgainError where it would have to
    ask the database and ``known.may_ask`` is off.
    """
    acts, place = known.acts.get(row.pk), known.places.of(row.runner, row.country)
    if acts:
        snapshot = _with_acts(row, programme, place.contacts, acts, known)
        inputs = inputs_with_acts(snapshot)
    else:
        snapshot, inputs = _without_acts(row, programme, place, known)
    decided, today = decide(snapshot), written_on(now, row.zone)
    state = after(decided, today)
    line = line_of(row, decided, inputs, today, now, job)
    closed = Closed(
        row,
        _reported(row, decided),
        state.refer.value,
        state if _has_moved(state, snapshot.state, row) else None,
        closes_at(row.day + 1, row.zone, place.close_hour),
        _plan(row, snapshot, state, known.choices.get(row.pk, _NO_CHOICES)),
    )
    return closed, line


def _reported(row: Row, decided: Decided) -> ClosedDay:
    date, rule = datetime.date.fromordinal(row.day), decided.row
    return ClosedDay(
        row.pk, date, rule.outcome, rule.code, row.stage, decided.stage_after_key, decided.reason
    )


def _has_moved(state: State, before: State, row: Row) -> bool:
    """Does the enrolment stand elsewhere than before?"""
    hold = state.hold.until if state.hold else None
    return hold != row.hold_until or (state is not before and state != before)


def _state(row: Row, programme: Programme, hold: Hold | None = None) -> State:
    steps = () if row.step_backs == "[]" else json.loads(row.step_backs)
    return State(
        programme.positions[row.stage],
        row.entered,
        row.started,
        row.baseline,
        row.intake,
        _REFER[row.refer],
        tuple([datetime.date.fromisoformat(day).toordinal() for day in steps]) if steps else (),
        row.cooldown_until,
        hold,
    )


def _without_acts(
    row: Row, programme: Programme, place: Place, known: Around
) -> tuple[Snapshot, tuple[str, str]]:
    state = _state(row, programme)
    kept = needed(window_of(*known.said[row.pk]), row.day, state, row.stage)
    if kept is None:
        kept = needed_of_all(_all_days(row, known), row.day, state, row.stage)
    snapshot = Snapshot(programme, row.day, state, _entries(kept), row.started, contacts=place.contacts)
    return snapshot, inputs_of(snapshot, kept, place.contacts_json)


def _all_days(row: Row, known: Around) -> Window:
    if not known.may_ask:
        raise AsksAgainError
    return window_of(*windows([row.pk], ALL_DAYS)[row.pk])


def _entries(found: Window) -> dict[int, Entry]:
    return dict(zip(found.days, [one[0] for one in found.answers], strict=True))


def _with_acts(
    row: Row, programme: Programme, numbers: Contacts, acts: list[Override], known: Around
) -> Snapshot:
    history = History(entries=_entries(_all_days(row, known)), overrides=acts)
    for act in acts:
        if act.kind == OverrideKind.MOVE_VERSION:
            without_stage(history.entries, act.date)
    date = datetime.date.fromordinal(row.day)
    return snapshot_from(
        programme, history, date, _state(row, programme, hold_of(acts)), row.started, numbers
    )


def _plan(row: Row, snapshot: Snapshot, state: State, choices: dict[int, bool]) -> str | None:
    """The stage of the session that the next day asks for, from what is known at its beginning."""
    wishes = ANY_DAY
    if choices or row.run_days != "[]":
        wishes = Wishes(frozenset(json.loads(row.run_days)), choices)
    tomorrow = Snapshot(
        snapshot.programme, row.day + 1, state, snapshot.entries, row.started, contacts=snapshot.contacts
    )
    plan = plan_for(tomorrow, wishes)
    return snapshot.programme.stages[plan.stage].key if plan.has_session else None
