"""How a decision or a clinician's act changes the state (``docs/engine.md`` section 4)."""

from dataclasses import replace

from programs.engine.decide import Decision
from programs.engine.entry import NOTHING
from programs.engine.snapshot import Hold, Snapshot, State
from programs.engine.values import FLOOR_HOLD, Outcome, Refer

MEDIAN_WINDOW_DAYS = 7


def lowered_baseline(snapshot: Snapshot) -> int | None:
    """min(old, lower median of the mornings of the last seven days): never rises (INV-17)."""
    days = range(snapshot.day - MEDIAN_WINDOW_DAYS + 1, snapshot.day + 1)
    mornings = sorted(
        entry.morning for day in days if (entry := snapshot.entries.get(day, NOTHING)).morning is not None
    )
    old = snapshot.state.baseline
    if not mornings:
        return old
    median = mornings[(len(mornings) - 1) // 2]
    return median if old is None else min(old, median)


def after(decision: Decision, written_on: int | None = None) -> State:
    """Return the state at the start of the next day.

    ``written_on`` is the runner's local date when the decision was written. A
    stage that is written late is entered on the day it was really shown, the
    later of the next day and that date: the days between can hold, step back
    or pause, never advance (INV-22). An easy spell is counted the same way.
    """
    snapshot, state = decision.snapshot, decision.snapshot.state
    shown_from = max(snapshot.day + 1, written_on or 0)
    easy_until = shown_from + snapshot.programme.constants.cooldown_days - 1
    if decision.outcome is Outcome.PAUSE_AND_REFER:
        return replace(state, refer=decision.refer)
    if decision.outcome is Outcome.ADVANCE:
        return replace(
            state, stage=decision.stage_after, entered=shown_from, baseline=lowered_baseline(snapshot)
        )
    if decision.outcome is Outcome.STEP_BACK:
        return replace(
            state,
            stage=decision.stage_after,
            entered=shown_from,
            baseline=lowered_baseline(snapshot),
            step_backs=(*state.step_backs, snapshot.day),
            cooldown_until=easy_until,
        )
    if decision.rule == FLOOR_HOLD:
        return replace(state, cooldown_until=easy_until)
    return state


def with_stage_set(state: State, day: int, stage: int) -> State:
    """A clinician moved the runner: stage-day 1 is this day. Does not end a pause."""
    return replace(state, stage=stage, entered=day, cooldown_until=None)


def with_pause_cleared(state: State, day: int) -> State:
    """A clinician ended the pause: the stage starts again on this day."""
    return replace(state, refer=Refer.NONE, entered=day, cooldown_until=None)


def with_hold(state: State, hold: Hold) -> State:
    """A clinician holds the runner; a newer hold replaces an older one."""
    return replace(state, hold=hold)
