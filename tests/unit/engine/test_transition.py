"""What a decision, a clinician's act and a late day do to the state."""

from dataclasses import replace

import pytest

from programs.engine.decide import decide
from programs.engine.simulate import with_constants
from programs.engine.snapshot import Hold
from programs.engine.transition import after, lowered_baseline, with_hold, with_pause_cleared, with_stage_set
from programs.engine.values import Refer
from tests.unit.engine.build import (
    PROGRAMME,
    S0,
    S1,
    S2,
    S3,
    TODAY,
    entry,
    flags,
    ready,
    resting,
    rule_of,
    session,
)

RED = {0: session(during=6)}
EVERYTHING = {"step_backs": (-40,), "hold_until": -30, "easy_until": -10}


def mornings(*scores: int | None) -> dict:
    """Waking scores from the newest day back."""
    return {-back: {"morning": score} for back, score in enumerate(scores)}


# --- the frozen baseline -------------------------------------------------------------
@pytest.mark.parametrize(
    ("scores", "old", "new"),
    [
        ((3, 3, 3, 3, 3, 3, 3), 4, 3),
        ((3, 3, 3, 3, 3, 3, 3), 3, 3),
        ((3, 3, 3, 3, 3, 3, 3), 2, 2),
        ((1, 2, 3, 4, 5, 6, 7), 9, 4),
        ((7, 6, 5, 4, 3, 2, 1), 9, 4),
        ((1, 2, 3, 4, 5, 6, None), 9, 3),
        ((1, 2, None, None, None, None, None), 9, 1),
        ((5, None, None, None, None, None, None), 9, 5),
        ((1, 2, 3, 4, None, None, None), 9, 2),
        ((None,) * 7, 4, 4),
        ((None,) * 7, None, None),
        ((6, 5, 6, 5, 6, 5, 6), None, 6),
        ((0, 0, 0, 0, 9, 9, 9), 1, 0),
    ],
)
def test_baseline_is_the_lower_median_of_seven_mornings_and_never_rises(scores, old, new):
    assert lowered_baseline(ready(days=mornings(*scores), baseline=old)) == new


def test_the_seventh_morning_back_counts_and_the_eighth_does_not():
    six_missing = {-back: {"morning": None} for back in range(6)}
    assert lowered_baseline(ready(days=six_missing | {-6: {"morning": 7}}, baseline=9)) == 7
    six_missing |= {-6: {"morning": None}}
    assert lowered_baseline(ready(days=six_missing | {-7: {"morning": 7}}, baseline=9)) == 9


def test_tomorrows_morning_does_not_lower_the_baseline():
    entries = {TODAY: entry(morning=5), TODAY + 1: entry(morning=0)}
    assert lowered_baseline(replace(ready(baseline=9), entries=entries)) == 5


def test_days_without_an_entry_have_no_morning():
    nothing = {-back: None for back in range(7)}
    assert lowered_baseline(ready(days=nothing, baseline=9)) == 9


# --- advance and step back -------------------------------------------------------------
def test_an_advance_enters_the_next_stage_tomorrow():
    snapshot = ready(S2, **EVERYTHING, baseline=2)
    state = after(decide(snapshot))
    assert state == replace(snapshot.state, stage=S3, entered=TODAY + 1, baseline=1)


def test_a_step_back_enters_the_stage_below_tomorrow_with_two_easy_days():
    snapshot = ready(S3, RED, step_backs=(-40,), baseline=2)
    state = after(decide(snapshot))
    assert state == replace(
        snapshot.state,
        stage=S2,
        entered=TODAY + 1,
        baseline=1,
        step_backs=(TODAY - 40, TODAY),
        cooldown_until=TODAY + 2,
    )


def test_cool_down_is_as_long_as_the_programme_says():
    state = after(decide(ready(S3, RED, programme=with_constants(PROGRAMME, cooldown_days=3))))
    assert state.cooldown_until == TODAY + 3


@pytest.mark.parametrize("baseline", [0, 1, 2])
def test_no_change_of_stage_raises_the_baseline(baseline):
    high = mornings(5, 5, 5, 5, 5, 5, 5)
    for snapshot in (ready(S3, high | RED, baseline=baseline), resting(1, days=high, baseline=baseline)):
        assert after(decide(snapshot)).baseline == baseline


def test_leaving_the_rest_stage_gives_a_first_baseline():
    state = after(decide(resting(4, days={0: {"morning": 3}}, baseline=None, first=0)))
    assert (state.stage, state.baseline) == (S1, 3)


# --- what keeps the stage ----------------------------------------------------------------
def test_a_hold_changes_nothing():
    snapshot = ready(S3, {0: session()}, **EVERYTHING)
    assert after(decide(snapshot)) == snapshot.state


def test_a_floor_hold_brings_two_easy_days_and_is_no_step_back():
    snapshot = ready(S1, RED, step_backs=(-40,), baseline=2)
    state = after(decide(snapshot))
    assert state == replace(snapshot.state, cooldown_until=TODAY + 2)


@pytest.mark.parametrize(
    ("days", "level"), [(flags("CE_SADDLE"), "emergency"), (flags("THORACIC"), "urgent"), ({}, "routine")]
)
def test_a_pause_keeps_the_stage_and_opens_its_level(days, level):
    leg = {0: {"leg": "below_knee", **days}, -1: {"leg": "below_knee"}}
    snapshot = ready(S3, leg, **EVERYTHING)
    assert after(decide(snapshot)) == replace(snapshot.state, refer=Refer(level))


def test_a_third_strike_pauses_and_steps_nobody_back():
    snapshot = ready(S3, RED, step_backs=(-9, -2))
    assert after(decide(snapshot)) == replace(snapshot.state, refer=Refer.ROUTINE)


# --- escalation -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("open_level", "said", "rule", "level"),
    [
        ("routine", {}, "D3_PAUSED", "routine"),
        ("urgent", {}, "D3_PAUSED", "urgent"),
        ("emergency", {}, "D3_PAUSED", "emergency"),
        ("routine", flags("THORACIC"), "D2_URGENT", "urgent"),
        ("urgent", flags("THORACIC"), "D2_URGENT", "urgent"),
        ("emergency", flags("THORACIC"), "D2_URGENT", "emergency"),
        ("routine", flags("CE_SADDLE"), "D1_EMERGENCY", "emergency"),
        ("urgent", flags("CE_SADDLE"), "D1_EMERGENCY", "emergency"),
        ("emergency", flags("CE_SADDLE"), "D1_EMERGENCY", "emergency"),
    ],
)
def test_a_pause_escalates_and_never_comes_down_by_itself(open_level, said, rule, level):
    decision = decide(ready(days={0: said}, refer=open_level))
    assert (decision.rule, decision.refer.value) == (rule, level)
    assert after(decision).refer.value == level


# --- late days (INV-22) -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written_on", "entered"), [(None, 1), (-1, 1), (0, 1), (1, 1), (2, 2), (3, 3), (30, 30)]
)
def test_a_stage_is_entered_on_the_day_it_was_really_shown(written_on, entered):
    written_on = None if written_on is None else TODAY + written_on
    advanced = after(decide(ready(S2)), written_on)
    stepped = after(decide(ready(S3, RED)), written_on)
    held = after(decide(ready(S1, RED)), written_on)
    assert advanced.entered == stepped.entered == TODAY + entered
    assert stepped.cooldown_until == held.cooldown_until == TODAY + entered + 1
    assert stepped.step_backs == (TODAY,)


@pytest.mark.parametrize("missed", [-1, -2, -5])
def test_missed_days_before_the_stage_was_shown_never_advance(missed):
    snapshot = ready(S2, stage_day=missed)
    assert rule_of(snapshot) == "D8J_MIN_DAYS"


def test_missed_days_can_still_step_back_or_pause():
    assert rule_of(ready(S2, RED, stage_day=-3)) == "D5A_RED_PAIN"
    assert rule_of(ready(S2, {0: flags("THORACIC")}, stage_day=-3)) == "D2_URGENT"


# --- clinicians ---------------------------------------------------------------------------------
STATE = ready(S3, refer="urgent", **EVERYTHING).state


def test_setting_a_stage_restarts_its_days_and_ends_easy_days_but_no_pause():
    assert with_stage_set(STATE, TODAY, S2) == replace(
        STATE, stage=S2, entered=TODAY, cooldown_until=None, refer=Refer.URGENT
    )


def test_clearing_ends_the_pause_and_restarts_the_days_of_the_stage():
    assert with_pause_cleared(STATE, TODAY) == replace(
        STATE, entered=TODAY, cooldown_until=None, refer=Refer.NONE
    )


def test_a_newer_hold_replaces_an_older_one():
    hold = Hold(TODAY + 4, "Ana Ruiz", "a cold")
    assert with_hold(STATE, hold) == replace(STATE, hold=hold)


def test_a_stage_set_today_is_held_today_and_counts_from_today():
    state = with_stage_set(ready(S2).state, TODAY, S3)
    snapshot = replace(ready(stage_set=True), state=state)
    decision = decide(snapshot)
    assert (decision.rule, decision.facts.stage_day) == ("D7B_PHYSIO_SET", 1)
    assert after(decision) == state


def test_the_rest_stage_is_never_entered_by_a_step_back():
    red = decide(ready(S1, RED))
    assert (red.stage_before, red.stage_after) == (S1, S1)
    assert S0 not in {decide(ready(stage, RED)).stage_after for stage in range(S1, 9)}


# --- the decision ----------------------------------------------------------------------------------
def test_a_decision_names_its_stages():
    decision = decide(ready(S2))
    assert (decision.stage_before_key, decision.stage_after_key) == ("S2_core", "S3_run1_walk4")
    assert (decision.stage_before, decision.stage_after) == (S2, S3)
    assert decision.snapshot.day == TODAY
