"""Of two rules that both apply the earlier one decides."""
# ruff: noqa: E501 - a row of a table is one line

import pytest

from programs.engine.rules import RULES
from tests.unit.engine.build import S1, S3, S8, flags, ready, resting, rule_applies, rule_of, session
from tests.unit.engine.contract import CONTRACT

LEG = {"leg": "below_knee"}
STOP_TWICE = {-1: session("stopped_pain")}
LONG_GAP = {-back: None for back in range(1, 16)}
STRIKES = {"step_backs": (-9, -2)}
NOT_BETTER = {"programme_day": 28, "intake": 4}
PAIN_4 = {-1: {"rest": 4}, -2: {"rest": 4}}

# fmt: off
PAIRS = [
    ("D1_EMERGENCY", "D2_URGENT", ready(days={0: flags("FEVER_UNWELL", "CE_BOWEL")})),
    ("D1_EMERGENCY", "D3_PAUSED", ready(days={0: flags("CE_BOWEL")}, refer="routine")),
    ("D2_URGENT", "D3_PAUSED", ready(days={0: flags("FEVER_UNWELL")}, refer="routine")),
    ("D3_PAUSED", "D4A_LEG_PAIN", ready(days={0: LEG, -1: LEG}, refer="routine")),
    ("D3_PAUSED", "D5A_RED_PAIN", ready(days={0: session(during=6)}, refer="routine")),
    ("D3_PAUSED", "D7B_PHYSIO_SET", ready(refer="routine", stage_set=True)),
    ("D4A_LEG_PAIN", "D4B_SEVERE", ready(days={0: {**LEG, "rest": 7}, -1: {**LEG, "rest": 7}})),
    ("D4A_LEG_PAIN", "D4C_S0_SEVERE", resting(7, 2, days={0: LEG, -1: LEG})),
    ("D4A_LEG_PAIN", "D5A_RED_PAIN", ready(days={0: session(during=6, **LEG), -1: LEG})),
    ("D4B_SEVERE", "D4D_THREE_STRIKES", ready(days={0: session(during=6, rest=7), -1: {"rest": 7}}, **STRIKES)),
    ("D4B_SEVERE", "D5A_RED_PAIN", ready(days={0: session(during=6, rest=7), -1: {"rest": 7}})),
    ("D4B_SEVERE", "D6_NOT_BETTER", ready(days={0: {"rest": 7}, -1: {"rest": 7}, -2: {"rest": 7}}, **NOT_BETTER)),
    ("D4C_S0_SEVERE", "D7B_PHYSIO_SET", resting(7, 2, stage_set=True)),
    ("D4C_S0_SEVERE", "D8C_LEG_ONCE", resting(7, 2, days={0: LEG})),
    ("D4D_THREE_STRIKES", "D5Z_FLOOR", ready(S1, {0: session(during=6)}, **STRIKES)),
    ("D4D_THREE_STRIKES", "D5A_RED_PAIN", ready(days={0: session(during=6)}, **STRIKES)),
    ("D5Z_FLOOR", "D5A_RED_PAIN", ready(S1, {0: session(during=6)})),
    ("D5A_RED_PAIN", "D5B_RED_MORNING", ready(days={0: session(during=6, morning=6)})),
    ("D5B_RED_MORNING", "D5C_TWO_FLARES", ready(days={0: {"morning": 6}, -2: {"morning": 4}})),
    ("D5C_TWO_FLARES", "D5D_WARMUP", ready(days={0: session(morning=4, warmup="persisted"), -2: {"morning": 4}})),
    ("D5D_WARMUP", "D5E_LIMP", ready(days={0: session(warmup="persisted", limp=True)})),
    ("D5E_LIMP", "D5F_TWO_STOPS", ready(days={0: session("stopped_pain", limp=True), **STOP_TWICE})),
    ("D5E_LIMP", "D5G_LONG_GAP", ready(S3, {0: session(limp=True), **LONG_GAP}, stage_day=20)),
    ("D5F_TWO_STOPS", "D5G_LONG_GAP", ready(S3, {0: session("stopped_pain"), **LONG_GAP, -16: session("stopped_pain")}, stage_day=20)),
    ("D5F_TWO_STOPS", "D6_NOT_BETTER", ready(days={0: session("stopped_pain", rest=4), -1: session("stopped_pain", rest=4), -2: {"rest": 4}}, **NOT_BETTER)),
    ("D5G_LONG_GAP", "D7B_PHYSIO_SET", ready(S3, LONG_GAP, stage_day=20, stage_set=True)),
    ("D5G_LONG_GAP", "D8A_NO_LOG", ready(S3, {0: {"rest": None}, **LONG_GAP}, stage_day=20)),
    ("D5G_LONG_GAP", "D8B_COOLDOWN", ready(S3, LONG_GAP, stage_day=20, easy_until=0)),
    ("D6_NOT_BETTER", "D7B_PHYSIO_SET", ready(days={0: {"rest": 4}, **PAIN_4}, stage_set=True, **NOT_BETTER)),
    ("D6_NOT_BETTER", "D7A_PHYSIO_HOLD", ready(days={0: {"rest": 4}, **PAIN_4}, hold_until=0, **NOT_BETTER)),
    ("D6_NOT_BETTER", "D8B_COOLDOWN", ready(days={0: {"rest": 4}, **PAIN_4}, easy_until=0, **NOT_BETTER)),
    ("D7B_PHYSIO_SET", "D7C_PHYSIO_CLEAR", ready(stage_set=True, cleared=True)),
    ("D7B_PHYSIO_SET", "D7A_PHYSIO_HOLD", ready(stage_set=True, hold_until=0)),
    ("D7C_PHYSIO_CLEAR", "D7A_PHYSIO_HOLD", ready(cleared=True, hold_until=0)),
    ("D7C_PHYSIO_CLEAR", "D8A_NO_LOG", ready(days={0: None}, cleared=True)),
    ("D7A_PHYSIO_HOLD", "D8A_NO_LOG", ready(days={0: None}, hold_until=0)),
    ("D8A_NO_LOG", "D8B_COOLDOWN", ready(days={0: None}, easy_until=0)),
    ("D8B_COOLDOWN", "D8C_LEG_ONCE", ready(days={0: LEG}, easy_until=0)),
    ("D8B_COOLDOWN", "D9B_S0_EASED", resting(1, easy_until=0)),
    ("D8C_LEG_ONCE", "D9B_S0_EASED", resting(1, days={0: LEG})),
    ("D8C_LEG_ONCE", "D8D_WARMUP_RESOLVED", ready(days={0: session(warmup="resolved", **LEG)})),
    ("D9B_S0_EASED", "D9C_S0_CAP", resting(4, 2)),
    ("D9C_S0_CAP", "D8N_S0_REST", resting(6, 2)),
    ("D8N_S0_REST", "D8D_WARMUP_RESOLVED", resting(6, days={0: session(warmup="resolved")})),
    ("D8N_S0_REST", "D8J_MIN_DAYS", resting(6, -1)),
    ("D8D_WARMUP_RESOLVED", "D8E_STOPPED", ready(days={0: session("stopped_pain", warmup="resolved")})),
    ("D8E_STOPPED", "D8F_FLARE", ready(days={0: session("stopped_pain", morning=4)})),
    ("D8D_WARMUP_RESOLVED", "D8F_FLARE", ready(days={0: session(warmup="resolved", morning=4)})),
    ("D8F_FLARE", "D8G_AMBER", ready(days={0: session(during=3, morning=4)})),
    ("D8G_AMBER", "D8O_SCORE_MISSING", ready(days={0: session(during=3, after=None)})),
    ("D8O_SCORE_MISSING", "D8H_FINAL", ready(S8, {0: session(after=None)})),
    ("D8O_SCORE_MISSING", "D8I_PENDING", ready(S3, {0: session(after=None)})),
    ("D8H_FINAL", "D8M_QUIET_DAYS", ready(S8, {0: {"rest": 3}})),
    ("D8F_FLARE", "D8H_FINAL", ready(S8, {0: {"morning": 4}})),
    ("D8I_PENDING", "D8J_MIN_DAYS", ready(S3, {0: session()}, stage_day=6)),
    ("D8J_MIN_DAYS", "D8K_FEW_LOGS", ready(stage_day=4)),
    ("D8K_FEW_LOGS", "D8L_SESSIONS", ready(days={-3: None, -4: None, -5: None})),
    ("D8L_SESSIONS", "D8M_QUIET_DAYS", ready(days={-1: session("partial", rest=3)})),
    ("D8M_QUIET_DAYS", "D9A_ADVANCE", ready(days={-1: {"rest": 3}})),
]
# fmt: on


@pytest.mark.parametrize(
    ("first", "second", "snapshot"),
    [pytest.param(*pair, id=f"{pair[0]} before {pair[1]}") for pair in PAIRS],
)
def test_the_earlier_rule_decides(first, second, snapshot):
    assert rule_applies(first, snapshot)
    assert rule_applies(second, snapshot)
    assert rule_of(snapshot) == first


def test_the_rows_stand_in_the_order_of_the_contract():
    assert [rule.code for rule in RULES] == list(CONTRACT)


def test_every_row_has_the_outcome_and_level_of_the_contract():
    for rule in RULES:
        outcome, refer, _moved = CONTRACT[rule.code]
        assert (rule.outcome.value, rule.refer.value) == (outcome, "none" if refer == "as set" else refer)


def test_every_row_has_a_grade_and_a_source():
    grades = {"strong", "moderate", "weak", "convention", "own_choice"}
    assert all(rule.grade in grades and rule.source for rule in RULES)
