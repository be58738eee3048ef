"""Corrections of closed days (INV-12): decide again, never undo what protects.

The corrected history is decided in order from the corrected date. Where an
outcome becomes less careful, what is in force stays; where it changes
otherwise, a superseding decision is appended. The stage becomes the more
conservative of what is in force and what the corrected history gives.
"""

import datetime
from dataclasses import dataclass, replace

from accounts.models import User
from programs.engine.calendar import local_date
from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.programme import Programme
from programs.engine.records import state_from_json
from programs.engine.snapshot import State
from programs.engine.transition import after, with_pause_cleared, with_stage_set
from programs.engine.values import FLOOR_HOLD, OUTCOME_RANK, REFER_RANK, Outcome, Refer, Trigger, worse_refer
from programs.models import SETS_STAGE, Decision, Enrolment, Override
from programs.services.ledger import STATE_FIELDS, ledger_row, set_state
from programs.services.messages import most_telling, owe_for_decisions
from programs.services.red_flag_cases import open_cases
from programs.snapshots import CLEARS, History, histories_of, hold_of, programmes_of, snapshot_of, state_of


@dataclass
class _Walk:
    """Where the corrected history stands: its state once it has left the recorded one."""

    written_on: int
    state: State | None = None
    #: The edition whose stages ``state`` counts.
    version_id: int | None = None

    @property
    def has_left(self) -> bool:
        return self.state is not None


def redecide(
    *, enrolment: Enrolment, since: datetime.date, by: User, now: datetime.datetime
) -> list[Decision]:
    """Decide the closed days from ``since`` again; inside the caller's transaction.

    Returns the superseding decisions in order. ``enrolment`` is locked.
    """
    history = histories_of([enrolment], first=since)[enrolment.pk]
    walk = _Walk(local_date(now, enrolment.runner.zone).toordinal())
    changed = []
    in_force = _closing_decisions(enrolment, since)
    # Each day by the edition that decided it: a physiotherapist may have moved her between.
    programmes = programmes_of([enrolment.version_id, *(row.version_id for row in in_force)])
    for recorded in in_force:
        programme = programmes[recorded.version_id]
        state = _state_for(walk, recorded, history)
        walk.version_id = recorded.version_id
        decided = decide(snapshot_of(enrolment, programme, history, recorded.date, state))
        if _stays(recorded, decided, walk):
            if walk.has_left:
                walk.state = _carried(state, recorded, programme)
            continue
        walk.state = after(decided, walk.written_on)
        if _same(recorded, decided):
            continue
        row = ledger_row(
            decided, enrolment, trigger=Trigger.CORRECTION, now=now, decided_by=by, supersedes=recorded
        )
        row.version_id = recorded.version_id
        row.save()
        changed.append(row)
    if walk.has_left:
        programme = programmes[enrolment.version_id]
        corrected = _with_acts_of_open_days(walk, enrolment, history, programme, changed)
        _take_over(enrolment, programme, history, corrected, changed, now)
    return changed


def _with_acts_of_open_days(
    walk: _Walk, enrolment: Enrolment, history: History, programme: Programme, changed: list[Decision]
) -> State:
    """What a person did since the last close stands; a pause that is new in the correction does too."""
    state = walk.state
    if walk.version_id != enrolment.version_id:
        # She was moved since the last close, and that put her on a stage: her present one.
        state = replace(
            state,
            stage=programme.positions[enrolment.stage],
            entered=enrolment.stage_entered_on.toordinal(),
            cooldown_until=None,
        )
    for act in history.overrides:
        if act.date <= enrolment.decided_through:
            continue
        if act.stage in programme.positions or act.kind not in SETS_STAGE:
            state = _with_act(act, state, programme.positions.get(act.stage))
    for row in changed:
        if row.decision == Outcome.PAUSE_AND_REFER and row.supersedes.decision != Outcome.PAUSE_AND_REFER:
            state = replace(state, refer=worse_refer(state.refer, Refer(row.refer)))
    return state


def _with_act(act: Override, state: State, stage: int | None) -> State:
    """A person's act in the corrected history; ``stage`` is where it put the runner."""
    day = act.date.toordinal()
    if act.kind in CLEARS:
        state = with_pause_cleared(state, day)
    return with_stage_set(state, day, stage) if act.kind in SETS_STAGE else state


def _closing_decisions(enrolment: Enrolment, since: datetime.date) -> list[Decision]:
    """The decision in force for each closed day, in order; acts and red flags of a day aside."""
    triggers = (Trigger.DAY_CLOSE, Trigger.CORRECTION)
    rows = Decision.objects.in_force().filter(
        enrolment=enrolment, date__gte=since, date__lte=enrolment.decided_through, trigger__in=triggers
    )
    return list(rows.order_by("date", "pk"))


def _state_for(walk: _Walk, recorded: Decision, history: History) -> State:
    """State at the start of a day: as recorded, or as the corrected history has it."""
    if not walk.has_left:
        return state_from_json(recorded.inputs["state"])
    state = walk.state
    recorded_state = state_from_json(recorded.inputs["state"])
    if walk.version_id != recorded.version_id:
        # Moved to another edition by a person: where that put her is what was recorded.
        state = replace(state, stage=recorded_state.stage, entered=recorded_state.entered)
    for act in history.overrides:
        if act.date != recorded.date:
            continue
        state = _with_act(act, state, recorded_state.stage)
    # A pause that was in force stays, also where its red flag was unticked since.
    refer = worse_refer(state.refer, recorded_state.refer)
    return replace(state, refer=refer, hold=recorded_state.hold)


def _care(outcome: str, refer: str, rule: str) -> tuple[int, int, bool]:
    """How careful an outcome is; a floor hold is more than a plain hold."""
    return OUTCOME_RANK[Outcome(outcome)], REFER_RANK[Refer(refer)], rule == FLOOR_HOLD


def _same(recorded: Decision, decided: EngineDecision) -> bool:
    return (
        recorded.decision,
        recorded.rule,
        recorded.refer,
        recorded.stage_before,
        recorded.stage_after,
    ) == (
        decided.outcome,
        decided.rule,
        decided.refer,
        decided.stage_before_key,
        decided.stage_after_key,
    )


def _stays(recorded: Decision, decided: EngineDecision, walk: _Walk) -> bool:
    """True where the recorded decision stands: unchanged, or the correction would undo care.

    A correction never creates an advance; tonight's close does, if it is earned.
    """
    if walk.has_left:
        creates_advance = decided.outcome is Outcome.ADVANCE and recorded.decision != Outcome.ADVANCE
        return creates_advance or _would_undo(recorded, decided)
    if _same(recorded, decided):
        return True
    return _care(decided.outcome, decided.refer, decided.rule) < _care(
        recorded.decision, recorded.refer, recorded.rule
    )


def _would_undo(recorded: Decision, decided: EngineDecision) -> bool:
    """A pause stays in any case; a step back where both histories have the same stage.

    Elsewhere the corrected history is at a lower stage already, and the strike
    and the easy days are kept when both states are merged.
    """
    if OUTCOME_RANK[decided.outcome] >= OUTCOME_RANK[Outcome(recorded.decision)]:
        return False
    if recorded.decision == Outcome.PAUSE_AND_REFER:
        return True
    same_stage = recorded.stage_before == decided.stage_before_key
    return recorded.decision == Outcome.STEP_BACK and same_stage


def _carried(state: State, recorded: Decision, programme: Programme) -> State:
    """The corrected state after a recorded decision that stands."""
    if recorded.decision == Outcome.PAUSE_AND_REFER:
        return replace(state, refer=worse_refer(state.refer, Refer(recorded.refer)))
    if recorded.decision != Outcome.STEP_BACK:
        return state
    shown_from = recorded.takes_effect_on.toordinal()
    easy_until = shown_from + programme.constants.cooldown_days - 1
    return replace(
        state,
        stage=programme.positions[recorded.stage_after],
        entered=shown_from,
        step_backs=(*state.step_backs, recorded.date.toordinal()),
        cooldown_until=max(state.cooldown_until or 0, easy_until),
    )


def _take_over(enrolment: Enrolment, programme, history: History, corrected: State, changed, now) -> None:
    """Put the more conservative of both states in force and tell the runner of a change."""
    present = state_of(enrolment, programme, hold_of(history.overrides))
    stage = min(present.stage, corrected.stage)
    baselines = [b for b in (present.baseline, corrected.baseline) if b is not None]
    easy = [day for day in (present.cooldown_until, corrected.cooldown_until) if day is not None]
    merged = replace(
        present,
        stage=stage,
        entered=present.entered if stage == present.stage else corrected.entered,
        baseline=min(baselines, default=None),
        refer=worse_refer(present.refer, corrected.refer),
        step_backs=tuple(sorted({*present.step_backs, *corrected.step_backs})),
        cooldown_until=max(easy, default=None),
    )
    before = enrolment.refer
    set_state(enrolment, merged, programme, now)
    enrolment.save(update_fields=STATE_FIELDS)
    owe_for_decisions([(row, enrolment, before) for row in most_telling(changed)], now)
    if enrolment.refer != before:
        open_cases([enrolment], now)
