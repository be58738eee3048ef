"""The exact words of every rule, with numbers that differ from each other."""
# ruff: noqa: E501 - a row of a table is one line

from dataclasses import replace

import pytest

from programs.engine.decide import decide
from programs.engine.facts import Facts
from programs.engine.reasons import TEXTS, reason_of
from programs.engine.rules import CONFIRMED, RULES
from programs.engine.simulate import with_constants
from programs.engine.snapshot import Contacts
from programs.engine.values import Refer
from tests.unit.engine.build import (
    CONFIRMED_STEPS,
    PROGRAMME,
    S1,
    S2,
    S3,
    S4,
    S8,
    flags,
    ready,
    resting,
    session,
)

TWO_STOPS = {0: session("stopped_pain"), -1: session("stopped_pain")}
THREE_EASY_DAYS = with_constants(PROGRAMME, cooldown_days=3)
RED_AT_5 = with_constants(PROGRAMME, red_at=5)
EXERCISE_ABROAD = Contacts("112", "the out-of-hours doctor")


def abroad(snapshot):
    return replace(snapshot, contacts=EXERCISE_ABROAD)


def not_better(now: int, yesterday: int, before: int, intake: int):
    days = {0: {"rest": now}, -1: {"rest": yesterday}, -2: {"rest": before}}
    return ready(S1, days, programme_day=28, intake=intake)


# fmt: off
ROWS = [
    ("D1_EMERGENCY", ready(days={0: flags("FEVER_UNWELL", "CE_SADDLE", "CE_BOWEL")}), "Your answer “numbness or changed feeling between the legs” can be a sign of something that needs emergency care. Stop the programme and call 999 or go to A&E now. Do not drive yourself."),
    ("D1_EMERGENCY", abroad(ready(days={0: flags("CHEST_PAIN")})), "Your answer “chest pain with the back pain” can be a sign of something that needs emergency care. Stop the programme and call 112 or go to A&E now. Do not drive yourself."),
    ("D2_URGENT", ready(days={0: flags("FEVER_UNWELL")}), "Your answer “fever, chills, night sweats or feeling very unwell” should be checked soon. Please contact NHS 111 or your GP today. The programme is paused until a clinician clears you."),
    ("D2_URGENT", abroad(ready(days={0: flags("NEW_CODE")})), "Your answer “NEW_CODE” should be checked soon. Please contact the out-of-hours doctor today. The programme is paused until a clinician clears you."),
    ("D2_URGENT", ready(days={0: flags("THORACIC")}, cleared=True), "Your answer “the main pain is between the shoulder blades” should be checked soon. Please contact NHS 111 or your GP today. The programme is paused until a clinician clears you."),
    ("D3_PAUSED", ready(refer="routine"), "Your programme is paused (see a physiotherapist or your GP). A good day does not restart it; your physiotherapist or doctor does."),
    ("D3_PAUSED", ready(refer="urgent"), "Your programme is paused (urgent: be seen today). A good day does not restart it; your physiotherapist or doctor does."),
    ("D3_PAUSED", ready(refer="emergency"), "Your programme is paused (emergency: call now). A good day does not restart it; your physiotherapist or doctor does."),
    ("D4A_LEG_PAIN", ready(days={0: {"leg": "below_knee"}, -1: {"leg": "below_knee"}}), "Pain below the knee on more than one day needs an assessment. The programme is paused; please see a physiotherapist or your GP."),
    ("D4B_SEVERE", ready(days={0: {"rest": 8}, -1: {"rest": 8}}), "Pain at rest has been 8 out of 10 for two days. Please get advice before going on."),
    ("D4B_SEVERE", ready(days={0: {"rest": 7}, -1: {"rest": 9}}), "Pain at rest has been 7 out of 10 for two days. Please get advice before going on."),
    ("D4C_S0_SEVERE", resting(9, 2), "After two days of taking it easy your pain is still 9/10. More rest is unlikely to help; please get advice. Keep moving gently if you can."),
    ("D4D_THREE_STRIKES", ready(days={0: session(during=6)}, step_backs=(-9, -2)), "This is the third step back in three weeks. Something is not fitting; please see a physiotherapist before going on."),
    ("D5Z_FLOOR", ready(S1, {0: session(during=6)}), "Walking is the gentlest step, so you stay here. Two easy days, shorter walks, and please talk to a physiotherapist. Bed rest is not needed."),
    ("D5A_RED_PAIN", ready(S4, {0: session(during=7, after=6)}), "Pain reached 7/10 during the session, above the limit of 5. Two easy days, then back one step to Run 1, walk 4."),
    ("D5A_RED_PAIN", ready(S4, {0: session(during=6, after=8)}), "Pain reached 8/10 after the session, above the limit of 5. Two easy days, then back one step to Run 1, walk 4."),
    ("D5A_RED_PAIN", ready(S2, {0: session(during=6, after=6)}), "Pain reached 6/10 during the session, above the limit of 5. Two easy days, then back one step to Walking."),
    ("D5A_RED_PAIN", ready(S2, {0: session(during=None, after=6)}), "Pain reached 6/10 after the session, above the limit of 5. Two easy days, then back one step to Walking."),
    ("D5A_RED_PAIN", ready(S2, {0: session(during=6, after=None)}), "Pain reached 6/10 during the session, above the limit of 5. Two easy days, then back one step to Walking."),
    ("D5A_RED_PAIN", ready(S2, {0: session(during=5)}, programme=RED_AT_5), "Pain reached 5/10 during the session, above the limit of 4. Two easy days, then back one step to Walking."),
    ("D5B_RED_MORNING", ready(S3, {0: {"morning": 6}}), "You woke with 6/10 after yesterday's session. Two easy days, then back one step to Core and brisk walking."),
    ("D5C_TWO_FLARES", ready(days={0: {"morning": 4}, -2: {"morning": 4}}), "Two sessions in a row left you clearly worse the next morning. Two easy days, then back one step."),
    ("D5D_WARMUP", ready(days={0: session(warmup="persisted")}), "Soreness stayed, or came back, after the warm-up. Two easy days, then back one step."),
    ("D5E_LIMP", ready(days={0: session(limp=True)}), "Pain changed the way you moved. That is a clear sign to go back one step after two easy days."),
    ("D5F_TWO_STOPS", ready(days=TWO_STOPS), "You had to stop two sessions in a row. Let's go back one step after two easy days."),
    ("D5G_LONG_GAP", ready(S3, {-back: None for back in range(1, 18)}, stage_day=20), "Welcome back. After 17 days without entries we restart one step lower to be safe."),
    ("D6_NOT_BETTER", not_better(4, 4, 4, intake=5), "After four weeks your pain at rest has not clearly improved (5 then, 4 now). Please see a physiotherapist or GP. Keep the current step meanwhile."),
    ("D6_NOT_BETTER", not_better(3, 4, 3, intake=4), "After four weeks your pain at rest has not clearly improved (4 then, 3.3 now). Please see a physiotherapist or GP. Keep the current step meanwhile."),
    ("D6_NOT_BETTER", not_better(4, 3, 4, intake=5), "After four weeks your pain at rest has not clearly improved (5 then, 3.7 now). Please see a physiotherapist or GP. Keep the current step meanwhile."),
    ("D6_NOT_BETTER", not_better(10, 6, 10, intake=10), "After four weeks your pain at rest has not clearly improved (10 then, 8.7 now). Please see a physiotherapist or GP. Keep the current step meanwhile."),
    ("D7A_PHYSIO_HOLD", ready(hold_until=3), "Ana Ruiz asked you to stay at this step until 5 March 2026: “back from a cold”."),
    ("D7B_PHYSIO_SET", ready(stage_set=True), "Ana Ruiz moved you to Core and brisk walking: “we agreed on this step”."),
    ("D7C_PHYSIO_CLEAR", ready(cleared=True), "Ana Ruiz cleared you to continue: “seen in clinic”."),
    ("D7B_PHYSIO_SET", ready(stage_set=True, cleared=True, hold_until=3), "Ana Ruiz moved you to Core and brisk walking: “we agreed on this step”."),
    ("D7C_PHYSIO_CLEAR", ready(cleared=True, hold_until=3), "Ana Ruiz cleared you to continue: “seen in clinic”."),
    ("D8A_NO_LOG", ready(days={0: None}), "No pain score for 2 March 2026, so the step stays the same."),
    ("D8B_COOLDOWN", ready(easy_until=1), "Easy day 1 of 2. Walking and gentle mobility only."),
    ("D8B_COOLDOWN", ready(easy_until=0), "Easy day 2 of 2. Walking and gentle mobility only."),
    ("D8B_COOLDOWN", ready(easy_until=5), "Easy day 1 of 2. Walking and gentle mobility only."),
    ("D8B_COOLDOWN", ready(easy_until=0, programme=THREE_EASY_DAYS), "Easy day 3 of 3. Walking and gentle mobility only."),
    ("D8C_LEG_ONCE", ready(days={0: {"leg": "below_knee"}}), "Pain below the knee: we wait. If it comes again within two days we will ask you to be seen."),
    ("D8N_S0_REST", resting(5), "Take it easy today, change position often, walk a little indoors. Day 1 of at most 2."),
    ("D8N_S0_REST", resting(5, stage_day=-3), "Take it easy today, change position often, walk a little indoors. Day 0 of at most 2."),
    ("D9B_S0_EASED", resting(4), "Pain has eased enough. Tomorrow you start gentle walking."),
    ("D9C_S0_CAP", resting(5, 2), "Two days are enough rest. Tomorrow you start gentle walking."),
    ("D8D_WARMUP_RESOLVED", ready(days={0: session(warmup="resolved")}), "Soreness that goes away in the warm-up is fine; you repeat this step."),
    ("D8E_STOPPED", ready(days={0: session("stopped_pain")}), "Stopping was right. You repeat this step after a rest day."),
    ("D8F_FLARE", ready(days={0: {"morning": 5}}), "This morning was 3 points above your usual. You repeat this step; today is a rest day."),
    ("D8G_AMBER", ready(S1, {0: session(after=5)}), "Pain of 5/10 is acceptable but not yet quiet. You repeat this step."),
    ("D8G_AMBER", ready(S2, {0: session(during=3, after=4)}), "Pain of 4/10 is acceptable but not yet quiet. You repeat this step."),
    ("D8O_SCORE_MISSING", ready(days={0: session(after=None)}), "Please add the pain scores for today's session; without them it cannot count."),
    ("D8H_FINAL", ready(S8), "You are at the last step: 20-30 minutes, 3-4 times a week."),
    ("D8I_PENDING", ready(S3, {0: session()}), "Well done. Tomorrow morning's score decides whether this session counts."),
    ("D8J_MIN_DAYS", ready(S2, stage_day=5), "Day 5 of at least 7 on this step."),
    ("D8J_MIN_DAYS", ready(S2, stage_day=-5), "Day 0 of at least 7 on this step."),
    ("D8K_FEW_LOGS", ready(days={-3: None, -4: None, -5: None}), "4 of the last 7 days have a score; 5 are needed."),
    ("D8L_SESSIONS", ready(days={-5: {"session": "none"}}), "2 of 3 comfortable sessions done in a row."),
    ("D8L_SESSIONS", ready(days={-3: session("partial")}), "1 of 3 comfortable sessions done in a row."),
    ("D8M_QUIET_DAYS", ready(S1, {-2: {"rest": 5}}), "Three quiet days in a row (0-4) are needed first."),
    ("D8P_SIGN_OFF", ready(S2, programme=CONFIRMED_STEPS), "You are ready for the next step: Run 1, walk 4. Your physiotherapist has to confirm it first."),
    ("D9A_ADVANCE", ready(S3, stage_day=9), "3 comfortable sessions, quiet mornings, 9 days on this step: tomorrow you move to Run 2, walk 3."),
]
# fmt: on


@pytest.mark.parametrize(("code", "snapshot", "text"), ROWS)
def test_reason_says_why_with_its_numbers(code, snapshot, text):
    decision = decide(snapshot)
    assert (decision.rule, decision.reason) == (code, text)


def test_every_rule_has_words_and_an_example():
    codes = {rule.code for rule in RULES}
    assert set(TEXTS) == codes | {CONFIRMED.code}
    assert {code for code, _snapshot, _text in ROWS} == codes


def test_a_confirmation_says_by_whom_and_why():
    facts = Facts(ready(signed_off=True, programme=CONFIRMED_STEPS))
    reason = reason_of(CONFIRMED, facts, Refer.NONE)
    assert reason == "Ana Ruiz confirmed that you may go on from Core and brisk walking: “looks steady”."


def test_braces_in_a_clinicians_words_are_left_alone():
    snapshot = ready(stage_set=True)
    snapshot = replace(snapshot, stage_set=replace(snapshot.stage_set, reason="{stage} {0}"))
    assert decide(snapshot).reason == "Ana Ruiz moved you to Core and brisk walking: “{stage} {0}”."


@pytest.mark.parametrize(
    ("goal", "text"),
    [
        ("30 minutes, 3 times a week", "You are at the last step: 30 minutes, 3 times a week."),
        ("", "You are at the last step."),
    ],
)
def test_the_last_step_is_told_in_the_words_of_its_own_programme(goal, text):
    stages = (*PROGRAMME.stages[:-1], replace(PROGRAMME.stages[-1], goal=goal))
    snapshot = replace(ready(S8), programme=replace(PROGRAMME, stages=stages))
    assert decide(snapshot).reason == text
