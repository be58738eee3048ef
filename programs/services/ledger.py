"""Writing decisions: the ledger row, the new state, the messages owed.

Everything here runs inside the caller's transaction, with the enrolment
locked.
"""

import datetime

from programs.engine import ENGINE_VERSION
from programs.engine.calendar import local_date
from programs.engine.criteria import Criterion
from programs.engine.decide import Decision as EngineDecision
from programs.engine.records import digest, snapshot_to_json
from programs.engine.snapshot import State
from programs.engine.transition import after
from programs.engine.values import Refer, Trigger
from programs.models import Decision, Enrolment

#: Columns of an enrolment that a decision may change, and no others.
STATE_FIELDS = (
    "stage",
    "stage_entered_on",
    "baseline_morning",
    "refer",
    "paused_at",
    "cooldown_until",
    "step_backs",
    "hold_until",
)


def to_date(day: int | None) -> datetime.date | None:
    return None if day is None else datetime.date.fromordinal(day)


def criterion_to_json(one: Criterion) -> dict:
    return {
        "code": one.code,
        "status": one.status.value,
        "text": one.text,
        "value": one.value,
        "limit": one.limit,
        "place": one.place,
    }


def criteria_to_json(decided: EngineDecision) -> list[dict]:
    return [criterion_to_json(one) for one in decided.criteria]


def ledger_row(
    decided: EngineDecision, enrolment: Enrolment, *, trigger: Trigger, now: datetime.datetime, **author
) -> Decision:
    """An unsaved ledger row of an engine decision. ``author``: decided_by or job, override, supersedes."""
    inputs = snapshot_to_json(decided.snapshot)
    written_on = local_date(now, enrolment.runner.zone)
    date = datetime.date.fromordinal(decided.snapshot.day)
    today = decided.facts.today
    return Decision(
        enrolment=enrolment,
        date=date,
        trigger=trigger,
        decision=decided.outcome,
        rule=decided.rule,
        refer=decided.refer,
        stage_before=decided.stage_before_key,
        stage_after=decided.stage_after_key,
        stage_change=decided.stage_after - decided.stage_before,
        takes_effect_on=max(date + datetime.timedelta(days=1), written_on),
        has_rest_score=today.rest is not None,
        reason=decided.reason,
        criteria=criteria_to_json(decided),
        inputs=inputs,
        inputs_hash=digest(inputs),
        version_id=enrolment.version_id,
        engine_version=ENGINE_VERSION,
        time_zone=enrolment.runner.time_zone,
        decided_at=now,
        **author,
    )


def set_state(enrolment: Enrolment, state: State, programme, now: datetime.datetime) -> None:
    """Copy an engine state onto the enrolment; the caller saves ``STATE_FIELDS``."""
    enrolment.stage = programme.stages[state.stage].key
    enrolment.stage_entered_on = to_date(state.entered)
    enrolment.baseline_morning = state.baseline
    if state.refer is Refer.NONE:
        enrolment.paused_at = None
    elif enrolment.paused_at is None:
        enrolment.paused_at = now
    enrolment.refer = state.refer
    enrolment.cooldown_until = to_date(state.cooldown_until)
    enrolment.step_backs = [to_date(day).isoformat() for day in state.step_backs]
    enrolment.hold_until = to_date(state.hold.until) if state.hold else None


def state_after(decided: EngineDecision, enrolment: Enrolment, now: datetime.datetime) -> State:
    """State after a decision that is written now, in the runner's local time."""
    return after(decided, local_date(now, enrolment.runner.zone).toordinal())
