"""What every act of a person on a programme shares: its locks, its row, its place in the ledger.

An act is a ledger row of its own. Days that are due are closed first, so that
the ledger stays in order and the act rests on what was decided before it. Only
an enrolment that is set aside after an error keeps its open days meanwhile,
and every one while the site is held after a restore (``holds``): nothing is
decided for it, and that must not keep a person from acting.
"""

import datetime
from dataclasses import replace

from accounts.models import Act
from accounts.services.audit import record_access
from accounts.services.consents import lock_person
from programs.engine.calendar import local_date
from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.facts import Facts
from programs.engine.programme import Programme
from programs.engine.records import digest, snapshot_to_json
from programs.engine.rules import RULES_BY_CODE
from programs.engine.snapshot import Snapshot, State
from programs.engine.transition import with_hold, with_pause_cleared, with_stage_set
from programs.engine.values import PRESSING, Refer, Trigger
from programs.models import SETS_STAGE, Decision, DiaryEntry, Enrolment, Override, OverrideKind
from programs.services.days import close_due
from programs.services.holds import held_because
from programs.services.ledger import STATE_FIELDS, criteria_to_json, ledger_row, set_state
from programs.services.red_flag_cases import close_cases
from programs.snapshots import History, histories_of, hold_of, programmes_of, snapshot_of, state_of

JOB = "before a person's act"


def opened(enrolment: Enrolment, now: datetime.datetime) -> tuple[Enrolment, datetime.date]:
    """Lock the enrolment and close what is due; with it, the runner's local date."""
    # Consent that is being given or ended meanwhile is waited for: an act never lands after it.
    lock_person(enrolment.runner)
    # Wait for a worker that is at it, or its later days would be left out here.
    Enrolment.objects.locked(enrolment.pk)
    if not held_because():
        close_due(now=now, job=JOB, first=enrolment.pk, last=enrolment.pk)
    locked = Enrolment.objects.locked(enrolment.pk)
    return locked, local_date(now, locked.runner.zone)


def has_open_flag(enrolment: Enrolment) -> bool:
    """A day with a red flag ends in a pause whatever else is true (INV-02)."""
    open_entries = DiaryEntry.objects.filter(enrolment=enrolment, date__gt=enrolment.decided_through)
    return any(entry.red_flags for entry in open_entries)


def record(
    act: Override, enrolment: Enrolment, *, rule: str, trigger: Trigger, now: datetime.datetime, origin: str
) -> Decision:
    """Apply an act to the state, append its ledger row and write down who did it."""
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=act.made_by,
        act=Act.OVERRIDE,
        detail=act.get_kind_display(),
        now=now,
        origin=origin,
    )
    # A move ends in another programme than it began in.
    ends_in = act.version_id or enrolment.version_id
    programmes = programmes_of([enrolment.version_id, ends_in])
    programme, target = programmes[enrolment.version_id], programmes[ends_in]
    history = histories_of([enrolment], first=act.date)[enrolment.pk]
    earlier = [other for other in history.overrides if other.pk != act.pk]
    before = state_of(enrolment, programme, hold_of(earlier))
    state = state_with(act, before, target, history)
    snapshot = snapshot_of(enrolment, target, history, act.date, state)
    as_it_was = snapshot_of(enrolment, programme, replace(history, overrides=earlier), act.date, before)
    without = replace(as_it_was, stage_set=None, cleared=None)
    row = _row_of_act(snapshot, without, enrolment, act, rule, trigger, now)
    set_state(enrolment, state, target, now)
    row.save()
    if act.version_id:
        enrolment.version, enrolment.family = act.version, act.version.template.family
    enrolment.save(update_fields=(*STATE_FIELDS, "version", "family"))
    if before.refer in PRESSING and not enrolment.is_paused:
        close_cases(enrolment, act.made_by, now)
    return row


def state_with(act: Override, state: State, programme: Programme, history: History) -> State:
    """The state after an act of a person, on the day of the act; ``programme`` is the one it ends in."""
    day = act.date.toordinal()
    if act.kind == OverrideKind.HOLD_UNTIL:
        return with_hold(state, hold_of(history.overrides))
    if act.kind in (OverrideKind.CLEAR_PAUSE, OverrideKind.SELF_CLEAR):
        state = with_pause_cleared(state, day)
    return with_stage_set(state, day, programme.positions[act.stage]) if act.kind in SETS_STAGE else state


def _row_of_act(
    snapshot: Snapshot, without: Snapshot, enrolment: Enrolment, act: Override, rule: str, trigger, now
) -> Decision:
    """The act as a decision: a hold by a person, with the words of its rule.

    Inputs and criteria are those in which she acted, and the shadow is what
    the engine would have said to them without her.
    """
    shadow = decide(without)
    # Positions of two programmes cannot be compared: a move counts as no step.
    stage = snapshot.state.stage if act.version_id else without.state.stage
    by_person = EngineDecision(Facts(snapshot), RULES_BY_CODE[rule], Refer.NONE, stage, snapshot.state.stage)
    row = ledger_row(by_person, enrolment, trigger=trigger, now=now, decided_by=act.made_by, override=act)
    row.takes_effect_on = act.date
    row.stage_before = without.programme.stages[without.state.stage].key
    row.refer = snapshot.state.refer
    row.criteria = criteria_to_json(shadow)
    said = {"rule": shadow.rule, "decision": shadow.outcome.value}
    row.inputs = {**snapshot_to_json(without), "shadow": said}
    row.inputs_hash = digest(row.inputs)
    return row
