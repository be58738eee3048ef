"""One example table per rule: the limit, one below it, one above it.

A row is (what is special, snapshot, the rule that then decides). The builder's
runner advances, so a row shows exactly what its change does.
"""
# ruff: noqa: E501 - a row of a table is one line

import pytest

from programs.engine.rules import RULES
from programs.engine.simulate import with_constants
from tests.unit.engine.build import (
    CONFIRMED_STEPS,
    PROGRAMME,
    RUNNING_ONLY,
    S0,
    S1,
    S2,
    S3,
    S7,
    S8,
    decided,
    flags,
    missing,
    ready,
    resting,
    session,
)
from tests.unit.engine.contract import CONTRACT


def today(**said) -> dict:
    return {0: said}


def gap(days: int) -> dict:
    return {-back: None for back in range(1, days + 1)}


def rests(now: int | None, yesterday: int | None, before: int | None) -> dict:
    return {0: {"rest": now}, -1: {"rest": yesterday}, -2: {"rest": before}}


def moved_sessions(*offsets: int) -> dict:
    """Comfortable sessions on these days and on no others."""
    return {-5: {"session": "none"}, -3: {"session": "none"}, -1: {"session": "none"}} | {
        offset: session() for offset in offsets
    }


def aged(days: int, age: int) -> dict:
    """Constants of a programme that counts sessions of at most ``age`` days."""
    return {"programme": with_constants(PROGRAMME, session_max_age_days=age), "stage_day": days}


TWENTY_PERCENT = with_constants(PROGRAMME, not_better_percent=20)

# fmt: off
TABLES = {
    "D1_EMERGENCY": [
        ("no code", ready(), "D9A_ADVANCE"),
        ("an urgent code", ready(days=today(**flags("LEG_WEAK_ONE"))), "D2_URGENT"),
        ("an emergency code", ready(days=today(**flags("CE_SADDLE"))), "D1_EMERGENCY"),
        ("an emergency code named last", ready(days=today(**flags("THORACIC", "CE_BOWEL"))), "D1_EMERGENCY"),
        ("in the rest stage", resting(1, days=today(**flags("CE_SADDLE"))), "D1_EMERGENCY"),
        ("yesterday's code was decided yesterday", ready(days={-1: flags("CE_SADDLE")}), "D9A_ADVANCE"),
        ("inside a hold", ready(days=today(**flags("CE_SADDLE")), hold_until=9), "D1_EMERGENCY"),
    ],
    "D2_URGENT": [
        ("no code", ready(), "D9A_ADVANCE"),
        ("an urgent code", ready(days=today(**flags("FEVER_UNWELL"))), "D2_URGENT"),
        ("two urgent codes", ready(days=today(**flags("FEVER_UNWELL", "THORACIC"))), "D2_URGENT"),
        ("a code that nobody knows", ready(days=today(**flags("NEW_IN_2031"))), "D2_URGENT"),
        ("an empty code", ready(days=today(**flags(""))), "D2_URGENT"),
        ("in the rest stage", resting(1, days=today(**flags("FEVER_UNWELL"))), "D2_URGENT"),
        ("without a score", ready(days=today(rest=None, **flags("FEVER_UNWELL"))), "D2_URGENT"),
    ],
    "D3_PAUSED": [
        ("not paused", ready(refer="none"), "D9A_ADVANCE"),
        ("paused, routine", ready(refer="routine"), "D3_PAUSED"),
        ("paused, urgent", ready(refer="urgent"), "D3_PAUSED"),
        ("paused, emergency", ready(refer="emergency"), "D3_PAUSED"),
        ("paused and silent", ready(days={0: None}, refer="routine"), "D3_PAUSED"),
        ("paused in the rest stage", resting(1, refer="routine"), "D3_PAUSED"),
        ("paused inside a hold", ready(refer="routine", hold_until=9), "D3_PAUSED"),
        ("set to a stage while paused", ready(refer="routine", stage_set=True), "D3_PAUSED"),
    ],
    "D4A_LEG_PAIN": [
        ("today and yesterday", ready(days={0: {"leg": "below_knee"}, -1: {"leg": "below_knee"}}), "D4A_LEG_PAIN"),
        ("today and two days ago", ready(days={0: {"leg": "below_knee"}, -2: {"leg": "below_knee"}}), "D4A_LEG_PAIN"),
        ("today and three days ago", ready(days={0: {"leg": "below_knee"}, -3: {"leg": "below_knee"}}), "D8C_LEG_ONCE"),
        ("not today", ready(days={-1: {"leg": "below_knee"}, -2: {"leg": "below_knee"}}), "D8C_LEG_ONCE"),
        ("today above the knee", ready(days={0: {"leg": "above_knee"}, -1: {"leg": "below_knee"}}), "D8C_LEG_ONCE"),
        ("yesterday above the knee", ready(days={0: {"leg": "below_knee"}, -1: {"leg": "above_knee"}}), "D8C_LEG_ONCE"),
        ("in the rest stage", resting(1, days={0: {"leg": "below_knee"}, -1: {"leg": "below_knee"}}), "D4A_LEG_PAIN"),
    ],
    "D4B_SEVERE": [
        ("6 and 7", ready(days=rests(6, 7, 1)), "D8M_QUIET_DAYS"),
        ("7 and 6", ready(days=rests(7, 6, 1)), "D8M_QUIET_DAYS"),
        ("7 and 7", ready(days=rests(7, 7, 1)), "D4B_SEVERE"),
        ("8 and 8", ready(days=rests(8, 8, 1)), "D4B_SEVERE"),
        ("7 and not recorded", ready(days=rests(7, None, 7)), "D8M_QUIET_DAYS"),
        ("not recorded and 7", ready(days=rests(None, 7, 7)), "D8A_NO_LOG"),
        ("at the floor", ready(S1, rests(7, 7, 1)), "D4B_SEVERE"),
        ("in the rest stage", resting(7, days={-1: {"rest": 7}}), "D8N_S0_REST"),
    ],
    "D4C_S0_SEVERE": [
        ("7 on day 1", resting(7, stage_day=1), "D8N_S0_REST"),
        ("6 on day 2", resting(6, stage_day=2), "D9C_S0_CAP"),
        ("7 on day 2", resting(7, stage_day=2), "D4C_S0_SEVERE"),
        ("8 on day 2", resting(8, stage_day=2), "D4C_S0_SEVERE"),
        ("7 on day 3", resting(7, stage_day=3), "D4C_S0_SEVERE"),
        ("not recorded on day 2", resting(None, stage_day=2), "D8A_NO_LOG"),
        ("7 on day 2 of walking", ready(S1, {0: {"rest": 7}}, stage_day=2), "D8J_MIN_DAYS"),
    ],
    "D5A_RED_PAIN": [
        ("during 5", ready(days=today(**session(during=5))), "D8G_AMBER"),
        ("during 6", ready(days=today(**session(during=6))), "D5A_RED_PAIN"),
        ("during 7", ready(days=today(**session(during=7))), "D5A_RED_PAIN"),
        ("after 5", ready(days=today(**session(after=5))), "D8G_AMBER"),
        ("after 6", ready(days=today(**session(after=6))), "D5A_RED_PAIN"),
        ("after 7", ready(days=today(**session(after=7))), "D5A_RED_PAIN"),
        ("during 6, after not recorded", ready(days=today(**session(during=6, after=None))), "D5A_RED_PAIN"),
        ("after 6, during not recorded", ready(days=today(**session(during=None, after=6))), "D5A_RED_PAIN"),
        ("6 in half a session", ready(days=today(**session("partial", during=6))), "D5A_RED_PAIN"),
        ("6 in a stopped session", ready(days=today(**session("stopped_pain", during=6))), "D5A_RED_PAIN"),
        ("6 without a score at rest", ready(days=today(rest=None, **session(during=6))), "D5A_RED_PAIN"),
        ("6 yesterday", ready(days={-1: session(during=6)}), "D8L_SESSIONS"),
        ("6 inside a hold", ready(days=today(**session(during=6)), hold_until=9), "D5A_RED_PAIN"),
        ("6 in the rest stage", resting(4, days=today(**session(during=6))), "D9B_S0_EASED"),
        (
            "5 where the programme says red at 5",
            ready(days=today(**session(during=5)), programme=with_constants(PROGRAMME, red_at=5)),
            "D5A_RED_PAIN",
        ),
    ],
    "D5B_RED_MORNING": [
        ("5", ready(days=today(morning=5)), "D8F_FLARE"),
        ("6", ready(days=today(morning=6)), "D5B_RED_MORNING"),
        ("7", ready(days=today(morning=7)), "D5B_RED_MORNING"),
        ("6 after half a session", ready(days={0: {"morning": 6}, -1: session("partial")}), "D5B_RED_MORNING"),
        ("6 after a stopped one", ready(days={0: {"morning": 6}, -1: session("stopped_pain")}), "D5B_RED_MORNING"),
        ("6 after a skipped one", ready(days={0: {"morning": 6}, -1: {"session": "skipped"}}), "D8L_SESSIONS"),
        ("6, no session yesterday", ready(days={0: {"morning": 6}, **moved_sessions(-4, -3, -2)}), "D8M_QUIET_DAYS"),
        ("6, but a step back yesterday", ready(days=today(morning=6), step_backs=(-1,)), "D8F_FLARE"),
        ("6, a step back two days ago", ready(days=today(morning=6), step_backs=(-2,)), "D5B_RED_MORNING"),
        ("6, nothing else recorded", ready(days=today(morning=6, rest=None)), "D5B_RED_MORNING"),
        ("6, no baseline", ready(days=today(morning=6), baseline=None), "D5B_RED_MORNING"),
        ("6, in the rest stage", resting(4, days=today(morning=6)), "D9B_S0_EASED"),
    ],
    "D5C_TWO_FLARES": [
        ("3 and 4 with baseline 2", ready(days={0: {"morning": 3}, -2: {"morning": 4}}), "D8L_SESSIONS"),
        ("4 and 3", ready(days={0: {"morning": 4}, -2: {"morning": 3}}), "D8F_FLARE"),
        ("4 and 4", ready(days={0: {"morning": 4}, -2: {"morning": 4}}), "D5C_TWO_FLARES"),
        ("5 and 5", ready(days={0: {"morning": 5}, -2: {"morning": 5}}), "D5C_TWO_FLARES"),
        ("4 and 4 with baseline 3", ready(days={0: {"morning": 4}, -2: {"morning": 4}}, baseline=3), "D8L_SESSIONS"),
        ("4 and 4 without a baseline", ready(days={0: {"morning": 4}, -2: {"morning": 4}}, baseline=None), "D8L_SESSIONS"),
        ("the earlier morning not recorded", ready(days={0: {"morning": 4}, -2: {"morning": None}}), "D8F_FLARE"),
        ("the earlier morning not logged", ready(days={0: {"morning": 4}, -2: None}), "D8F_FLARE"),
        ("a quiet session between", ready(days={0: {"morning": 4}, -2: session(morning=4)}), "D8F_FLARE"),
        ("a skipped one between", ready(days={0: {"morning": 4}, -2: {"morning": 4, "session": "skipped"}}), "D5C_TWO_FLARES"),
        ("the earlier one on the first stage-day", ready(days={0: {"morning": 4}, -2: {"morning": 4}}, stage_day=4), "D5C_TWO_FLARES"),
        ("the earlier one before this stage", ready(days={0: {"morning": 4}, -2: {"morning": 4}}, stage_day=3), "D8F_FLARE"),
        ("yesterday's on the first stage-day", ready(days={0: {"morning": 4}, -2: {"morning": 4}}, stage_day=2), "D8F_FLARE"),
        ("both before this stage", ready(days={0: {"morning": 4}, -2: {"morning": 4}}, stage_day=1), "D8F_FLARE"),
        (
            "yesterday's was done under another stage",
            ready(days={0: {"morning": 4}, -1: session(stage_shown="S1_walking"), -2: {"morning": 4}}),
            "D8F_FLARE",
        ),
        (
            "the earlier one was done under another stage",
            ready(days={0: {"morning": 4}, -2: {"morning": 4}, -3: session(stage_shown="S1_walking")}),
            "D8F_FLARE",
        ),
        ("no earlier session at all", ready(days={0: {"morning": 4}, **moved_sessions(-1)}), "D8F_FLARE"),
        ("no session yesterday", ready(days={0: {"morning": 4}, -2: {"morning": 4}, -1: {"session": "skipped"}}), "D8L_SESSIONS"),
    ],
    "D5D_WARMUP": [
        ("no soreness", ready(days=today(**session(warmup="none"))), "D9A_ADVANCE"),
        ("resolved", ready(days=today(**session(warmup="resolved"))), "D8D_WARMUP_RESOLVED"),
        ("persisted", ready(days=today(**session(warmup="persisted"))), "D5D_WARMUP"),
        ("came back", ready(days=today(**session(warmup="resolved_returned"))), "D5D_WARMUP"),
        ("persisted yesterday", ready(days={-1: session(warmup="persisted")}), "D8L_SESSIONS"),
        ("in the rest stage", resting(4, days=today(**session(warmup="persisted"))), "D9B_S0_EASED"),
    ],
    "D5E_LIMP": [
        ("no limp", ready(days=today(**session(limp=False))), "D9A_ADVANCE"),
        ("limp", ready(days=today(**session(limp=True))), "D5E_LIMP"),
        ("limp yesterday", ready(days={-1: session(limp=True)}), "D8L_SESSIONS"),
        ("in the rest stage", resting(4, days=today(**session(limp=True))), "D9B_S0_EASED"),
    ],
    "D5F_TWO_STOPS": [
        ("stopped today only", ready(days=today(**session("stopped_pain"))), "D8E_STOPPED"),
        ("stopped yesterday only", ready(days={0: session(), -1: session("stopped_pain")}), "D8L_SESSIONS"),
        ("stopped twice", ready(days={0: session("stopped_pain"), -1: session("stopped_pain")}), "D5F_TWO_STOPS"),
        ("stopped, half a session, stopped", ready(days={0: session("stopped_pain"), -1: session("partial"), -3: session("stopped_pain")}), "D8E_STOPPED"),
        ("stopped, skipped, stopped", ready(days={0: session("stopped_pain"), -1: {"session": "skipped_pain"}, -3: session("stopped_pain")}), "D5F_TWO_STOPS"),
        ("first stop on the first stage-day", ready(days={0: session("stopped_pain"), -1: session("stopped_pain")}, stage_day=2), "D5F_TWO_STOPS"),
        ("first stop before this stage", ready(days={0: session("stopped_pain"), -1: session("stopped_pain")}, stage_day=1), "D8E_STOPPED"),
        ("in the rest stage", resting(4, 2, days={0: session("stopped_pain"), -1: session("stopped_pain")}), "D9B_S0_EASED"),
    ],
    "D5G_LONG_GAP": [
        ("13 days", ready(S3, gap(13), stage_day=20), "D8K_FEW_LOGS"),
        ("14 days", ready(S3, gap(14), stage_day=20), "D5G_LONG_GAP"),
        ("15 days", ready(S3, gap(15), stage_day=20), "D5G_LONG_GAP"),
        ("14 days, all planned", ready(S3, {-back: missing(planned=True) for back in range(1, 15)}, stage_day=20), "D5G_LONG_GAP"),
        ("14 days with an entry that says little", ready(S3, gap(14) | {-7: {"morning": None, "rest": None, "session": None}}, stage_day=20), "D8K_FEW_LOGS"),
        ("14 days, of which the first could not be logged", ready(S3, gap(60), stage_day=9, first=-13), "D8K_FEW_LOGS"),
        ("14 days, all could be logged", ready(S3, gap(60), stage_day=9, first=-14), "D5G_LONG_GAP"),
        ("14 days before the final step", ready(S8, gap(14), stage_day=20), "D5G_LONG_GAP"),
        ("14 days on the core step", ready(S2, gap(14), stage_day=20), "D8K_FEW_LOGS"),
        ("still silent", ready(S3, gap(14) | {0: None}, stage_day=20), "D8A_NO_LOG"),
        ("back without a score", ready(S3, gap(14) | {0: {"rest": None}}, stage_day=20), "D5G_LONG_GAP"),
    ],
    "D5Z_FLOOR": [
        ("during 5", ready(S1, today(**session(during=5))), "D8G_AMBER"),
        ("during 6", ready(S1, today(**session(during=6))), "D5Z_FLOOR"),
        ("during 7", ready(S1, today(**session(during=7))), "D5Z_FLOOR"),
        ("during 6 one step higher", ready(S2, today(**session(during=6))), "D5A_RED_PAIN"),
        ("during 6 one step lower", resting(4, days=today(**session(during=6))), "D9B_S0_EASED"),
        ("a red morning", ready(S1, today(morning=6)), "D5Z_FLOOR"),
        ("two flares", ready(S1, {0: {"morning": 4}, -2: {"morning": 4}}), "D5Z_FLOOR"),
        ("soreness", ready(S1, today(**session(warmup="persisted"))), "D5Z_FLOOR"),
        ("limp", ready(S1, today(**session(limp=True))), "D5Z_FLOOR"),
        ("two stops", ready(S1, {0: session("stopped_pain"), -1: session("stopped_pain")}), "D5Z_FLOOR"),
        ("a gap where the gentlest step is a run", ready(0, gap(14), stage_day=20, programme=RUNNING_ONLY), "D5Z_FLOOR"),
        ("a gap one step above it", ready(1, gap(14), stage_day=20, programme=RUNNING_ONLY), "D5G_LONG_GAP"),
    ],
    "D4D_THREE_STRIKES": [
        ("no step back before", ready(days=today(**session(during=6))), "D5A_RED_PAIN"),
        ("one before", ready(days=today(**session(during=6)), step_backs=(-9,)), "D5A_RED_PAIN"),
        ("two before", ready(days=today(**session(during=6)), step_backs=(-9, -2)), "D4D_THREE_STRIKES"),
        ("three before", ready(days=today(**session(during=6)), step_backs=(-12, -9, -2)), "D4D_THREE_STRIKES"),
        ("the first 19 days ago", ready(days=today(**session(during=6)), step_backs=(-19, -1)), "D4D_THREE_STRIKES"),
        ("the first 20 days ago", ready(days=today(**session(during=6)), step_backs=(-20, -1)), "D4D_THREE_STRIKES"),
        ("the first 21 days ago", ready(days=today(**session(during=6)), step_backs=(-21, -1)), "D5A_RED_PAIN"),
        ("the second today does not count", ready(days=today(**session(during=6)), step_backs=(-9, 0)), "D5A_RED_PAIN"),
        ("two before, but no trigger", ready(step_backs=(-9, -2)), "D9A_ADVANCE"),
        ("at the floor", ready(S1, today(**session(during=6)), step_backs=(-9, -2)), "D4D_THREE_STRIKES"),
        ("by soreness", ready(days=today(**session(warmup="persisted")), step_backs=(-9, -2)), "D4D_THREE_STRIKES"),
    ],
    "D6_NOT_BETTER": [
        ("programme day 27", ready(S1, rests(3, 3, 3), programme_day=27), "D9A_ADVANCE"),
        ("programme day 28", ready(S1, rests(3, 3, 3), programme_day=28, intake=4), "D6_NOT_BETTER"),
        ("programme day 29", ready(S1, rests(3, 3, 3), programme_day=29, intake=4), "D6_NOT_BETTER"),
        ("mean 2.7", ready(S1, rests(3, 3, 2), programme_day=28, intake=3), "D9A_ADVANCE"),
        ("mean 3", ready(S1, rests(3, 3, 3), programme_day=28, intake=3), "D6_NOT_BETTER"),
        ("mean 3.3", ready(S1, rests(3, 3, 4), programme_day=28, intake=3), "D6_NOT_BETTER"),
        ("intake 2", ready(S1, rests(3, 3, 3), programme_day=28, intake=2), "D9A_ADVANCE"),
        ("intake never recorded", ready(S1, rests(3, 3, 3), programme_day=28, intake=None), "D9A_ADVANCE"),
        ("1.7 points better of 10", ready(S1, rests(10, 6, 9), programme_day=28, intake=10), "D6_NOT_BETTER"),
        ("2 points better of 10", ready(S1, rests(10, 6, 8), programme_day=28, intake=10), "D8M_QUIET_DAYS"),
        ("2.3 points better of 10", ready(S1, rests(10, 6, 7), programme_day=28, intake=10), "D8M_QUIET_DAYS"),
        ("27 % better of 5", ready(S1, rests(4, 4, 3), programme_day=28, intake=5), "D6_NOT_BETTER"),
        ("33 % better of 5", ready(S1, rests(3, 4, 3), programme_day=28, intake=5), "D9A_ADVANCE"),
        ("20 % where 20 % is the limit", ready(S1, rests(4, 4, 4), programme_day=28, intake=5, programme=TWENTY_PERCENT), "D9A_ADVANCE"),
        ("13 % where 20 % is the limit", ready(S1, rests(5, 4, 4), programme_day=28, intake=5, programme=TWENTY_PERCENT), "D6_NOT_BETTER"),
        ("worse than at intake", ready(S1, rests(5, 5, 5), programme_day=28, intake=4), "D6_NOT_BETTER"),
        ("not recorded yesterday", ready(S1, rests(4, None, 4), programme_day=28, intake=4), "D8M_QUIET_DAYS"),
        ("not recorded two days ago", ready(S1, rests(4, 4, None), programme_day=28, intake=4), "D8M_QUIET_DAYS"),
        ("not recorded today", ready(S1, rests(None, 4, 4), programme_day=28, intake=4), "D8A_NO_LOG"),
        ("three days ago does not matter", ready(S1, rests(2, 2, 2) | {-3: {"rest": 9}}, programme_day=28, intake=4), "D9A_ADVANCE"),
        ("at the last step", ready(S8, rests(3, 3, 3), programme_day=90, intake=4), "D6_NOT_BETTER"),
        ("in the rest stage", ready(S0, rests(4, 4, 4), stage_day=1, programme_day=28, intake=4), "D9B_S0_EASED"),
    ],
    "D7B_PHYSIO_SET": [
        ("set today", ready(stage_set=True), "D7B_PHYSIO_SET"),
        ("not set", ready(), "D9A_ADVANCE"),
        ("set and silent", ready(days={0: None}, stage_set=True), "D7B_PHYSIO_SET"),
        ("set does not hide a red pain", ready(days=today(**session(during=6)), stage_set=True), "D5A_RED_PAIN"),
    ],
    "D7C_PHYSIO_CLEAR": [
        ("cleared today", ready(cleared=True), "D7C_PHYSIO_CLEAR"),
        ("not cleared", ready(), "D9A_ADVANCE"),
        ("cleared and silent", ready(days={0: None}, cleared=True), "D7C_PHYSIO_CLEAR"),
        ("cleared in the rest stage", resting(1, cleared=True), "D7C_PHYSIO_CLEAR"),
        ("cleared, but a new red flag", ready(days=today(**flags("THORACIC")), cleared=True), "D2_URGENT"),
    ],
    "D7A_PHYSIO_HOLD": [
        ("until yesterday", ready(hold_until=-1), "D9A_ADVANCE"),
        ("until today", ready(hold_until=0), "D7A_PHYSIO_HOLD"),
        ("until tomorrow", ready(hold_until=1), "D7A_PHYSIO_HOLD"),
        ("in the rest stage", resting(1, hold_until=0), "D7A_PHYSIO_HOLD"),
    ],
    "D8A_NO_LOG": [
        ("no entry", ready(days={0: None}), "D8A_NO_LOG"),
        ("a missing day that was planned", ready(days={0: missing(planned=True)}), "D8A_NO_LOG"),
        ("no score at rest", ready(days=today(rest=None)), "D8A_NO_LOG"),
        ("a score of 0", ready(days=today(rest=0)), "D9A_ADVANCE"),
        ("in the rest stage", resting(None), "D8A_NO_LOG"),
    ],
    "D8B_COOLDOWN": [
        ("until yesterday", ready(easy_until=-1), "D9A_ADVANCE"),
        ("until today", ready(easy_until=0), "D8B_COOLDOWN"),
        ("until tomorrow", ready(easy_until=1), "D8B_COOLDOWN"),
        ("does not hide a red pain", ready(days=today(**session(during=6)), easy_until=1), "D5A_RED_PAIN"),
    ],
    "D8C_LEG_ONCE": [
        ("today", ready(days=today(leg="below_knee")), "D8C_LEG_ONCE"),
        ("yesterday", ready(days={-1: {"leg": "below_knee"}}), "D8C_LEG_ONCE"),
        ("two days ago", ready(days={-2: {"leg": "below_knee"}}), "D8C_LEG_ONCE"),
        ("three days ago", ready(days={-3: {"leg": "below_knee"}}), "D9A_ADVANCE"),
        ("above the knee", ready(days=today(leg="above_knee")), "D9A_ADVANCE"),
        ("today in the rest stage", resting(1, days=today(leg="below_knee")), "D8C_LEG_ONCE"),
        ("yesterday in the rest stage", resting(1, days={-1: {"leg": "below_knee"}}), "D9B_S0_EASED"),
        ("two days ago in the rest stage", resting(1, 2, days={-2: {"leg": "below_knee"}}), "D9B_S0_EASED"),
    ],
    "D9B_S0_EASED": [
        ("3 on day 1", resting(3), "D9B_S0_EASED"),
        ("4 on day 1", resting(4), "D9B_S0_EASED"),
        ("5 on day 1", resting(5), "D8N_S0_REST"),
        ("4 on day 2", resting(4, stage_day=2), "D9B_S0_EASED"),
        ("4 before the stage was shown", resting(4, stage_day=0), "D8N_S0_REST"),
    ],
    "D9C_S0_CAP": [
        ("6 on day 1", resting(6, stage_day=1), "D8N_S0_REST"),
        ("5 on day 2", resting(5, stage_day=2), "D9C_S0_CAP"),
        ("6 on day 2", resting(6, stage_day=2), "D9C_S0_CAP"),
        ("7 on day 2", resting(7, stage_day=2), "D4C_S0_SEVERE"),
        ("6 on day 3", resting(6, stage_day=3), "D9C_S0_CAP"),
    ],
    "D8N_S0_REST": [
        ("4 on day 1", resting(4), "D9B_S0_EASED"),
        ("5 on day 1", resting(5), "D8N_S0_REST"),
        ("10 on day 1", resting(10), "D8N_S0_REST"),
        ("5 on day 2", resting(5, stage_day=2), "D9C_S0_CAP"),
        ("not in the walking stage", ready(S1, {0: {"rest": 5}}, stage_day=1), "D8J_MIN_DAYS"),
    ],
    "D8D_WARMUP_RESOLVED": [
        ("no soreness", ready(days=today(**session(warmup="none"))), "D9A_ADVANCE"),
        ("resolved", ready(days=today(**session(warmup="resolved"))), "D8D_WARMUP_RESOLVED"),
        ("resolved in half a session", ready(days=today(**session("partial", warmup="resolved"))), "D8D_WARMUP_RESOLVED"),
        ("resolved yesterday", ready(days={-1: session(warmup="resolved")}), "D8L_SESSIONS"),
    ],
    "D8E_STOPPED": [
        ("half a session", ready(days=today(**session("partial"))), "D9A_ADVANCE"),
        ("stopped", ready(days=today(**session("stopped_pain"))), "D8E_STOPPED"),
        ("stopped yesterday", ready(days={-1: session("stopped_pain")}), "D8L_SESSIONS"),
    ],
    "D8F_FLARE": [
        ("baseline + 1", ready(S1, today(morning=3)), "D9A_ADVANCE"),
        ("baseline + 2", ready(S1, today(morning=4)), "D8F_FLARE"),
        ("baseline + 3", ready(S1, today(morning=5)), "D8F_FLARE"),
        ("baseline 1", ready(S1, today(morning=3), baseline=1), "D8F_FLARE"),
        ("no session yesterday", ready(S1, {0: {"morning": 4}, **moved_sessions(-4, -3, -2)}), "D9A_ADVANCE"),
        ("after half a session", ready(S1, {0: {"morning": 4}, -1: session("partial")}), "D8F_FLARE"),
        ("yesterday's session belongs to the step before", ready(S1, today(morning=4), stage_day=1), "D8F_FLARE"),
        ("no baseline", ready(S1, today(morning=4), baseline=None), "D8L_SESSIONS"),
        ("flare at + 1 in a stricter programme", ready(S1, today(morning=3), programme=with_constants(PROGRAMME, flare_delta=1)), "D8F_FLARE"),
    ],
    "D8G_AMBER": [
        ("during at q", ready(S1, today(**session(during=4))), "D9A_ADVANCE"),
        ("during q + 1", ready(S1, today(**session(during=5))), "D8G_AMBER"),
        ("during 6", ready(S1, today(**session(during=6))), "D5Z_FLOOR"),
        ("after at q", ready(S2, today(**session(after=2))), "D9A_ADVANCE"),
        ("after q + 1", ready(S2, today(**session(after=3))), "D8G_AMBER"),
        ("after 5", ready(S2, today(**session(after=5))), "D8G_AMBER"),
        ("after 6", ready(S2, today(**session(after=6))), "D5A_RED_PAIN"),
        ("after q + 1, during not recorded", ready(S2, today(**session(during=None, after=3))), "D8G_AMBER"),
        ("during q + 1, after not recorded", ready(S2, today(**session(during=3, after=None))), "D8G_AMBER"),
    ],
    "D8O_SCORE_MISSING": [
        ("both recorded", ready(days=today(**session())), "D9A_ADVANCE"),
        ("both 0", ready(days=today(**session(during=0, after=0))), "D9A_ADVANCE"),
        ("during not recorded", ready(days=today(**session(during=None))), "D8O_SCORE_MISSING"),
        ("after not recorded", ready(days=today(**session(after=None))), "D8O_SCORE_MISSING"),
        ("neither recorded", ready(days=today(**session(during=None, after=None))), "D8O_SCORE_MISSING"),
        ("half a session", ready(days=today(**session("partial", after=None))), "D8O_SCORE_MISSING"),
        ("no session", ready(days=today(session="skipped")), "D9A_ADVANCE"),
    ],
    "D8H_FINAL": [
        ("one step before the last", ready(S7), "D9A_ADVANCE"),
        ("the last step", ready(S8), "D8H_FINAL"),
        ("the last step, first day", ready(S8, stage_day=1), "D8H_FINAL"),
    ],
    "D8I_PENDING": [
        ("no session today", ready(S3), "D9A_ADVANCE"),
        ("a session today", ready(S3, today(**session())), "D8I_PENDING"),
        ("half a session today", ready(S3, today(**session("partial"))), "D8I_PENDING"),
        ("skipped today", ready(S3, today(session="skipped")), "D9A_ADVANCE"),
        ("skipped because of pain", ready(S3, today(session="skipped_pain")), "D9A_ADVANCE"),
        ("not said", ready(S3, today(session=None, planned=True)), "D9A_ADVANCE"),
        ("a daily step", ready(S2, today(**session())), "D9A_ADVANCE"),
    ],
    "D8J_MIN_DAYS": [
        ("day 6 of 7", ready(S2, stage_day=6), "D8J_MIN_DAYS"),
        ("day 7 of 7", ready(S2, stage_day=7), "D9A_ADVANCE"),
        ("day 8 of 7", ready(S2, stage_day=8), "D9A_ADVANCE"),
        ("day 3 of 4", ready(S1, {-2: session()}, stage_day=3), "D8J_MIN_DAYS"),
        ("day 4 of 4", ready(S1, {-2: session()}, stage_day=4), "D9A_ADVANCE"),
        ("before the step was shown", ready(S2, stage_day=-3), "D8J_MIN_DAYS"),
    ],
    "D8K_FEW_LOGS": [
        ("4 of 5", ready(days={offset: {"rest": None} for offset in (-3, -4, -5)}), "D8K_FEW_LOGS"),
        ("5 of 5", ready(days={offset: {"rest": None} for offset in (-3, -4)}), "D9A_ADVANCE"),
        ("6 of 5", ready(days={-3: {"rest": None}}), "D9A_ADVANCE"),
        ("the seventh day back counts", ready(days={offset: {"rest": None} for offset in (-4, -5)}), "D9A_ADVANCE"),
        ("the eighth does not", ready(days={offset: {"rest": None} for offset in (-4, -5, -6)}), "D8K_FEW_LOGS"),
        ("days without an entry", ready(days={-4: None, -6: None, -2: None}), "D8K_FEW_LOGS"),
        ("days of the stage before do not count", ready(S1, {-3: {"rest": None}, -2: session(rest=None)}, stage_day=4), "D8K_FEW_LOGS"),
        ("days of this stage do", ready(S1, {-3: {"rest": None}, -2: session(rest=None)}, stage_day=5), "D8M_QUIET_DAYS"),
    ],
    "D8L_SESSIONS": [
        ("2 of 3", ready(days=moved_sessions(-3, -1)), "D8L_SESSIONS"),
        ("3 of 3", ready(days=moved_sessions(-5, -3, -1)), "D9A_ADVANCE"),
        ("4 of 3", ready(days=moved_sessions(-7, -5, -3, -1)), "D9A_ADVANCE"),
        ("the fourth last need not qualify", ready(days={-7: session(during=5)}), "D9A_ADVANCE"),
        ("today's does not count", ready(days=moved_sessions(-3, -1, 0)), "D8L_SESSIONS"),
        ("10 days old", ready(days=moved_sessions(-10, -3, -1)), "D9A_ADVANCE"),
        ("11 days old", ready(days=moved_sessions(-11, -3, -1), stage_day=20), "D8L_SESSIONS"),
        ("9 days old where 8 is the limit", ready(days=moved_sessions(-9, -3, -1), **aged(20, 8)), "D8L_SESSIONS"),
        ("on the first stage-day", ready(days=moved_sessions(-6, -3, -1), stage_day=7), "D9A_ADVANCE"),
        ("on the day before the stage", ready(days=moved_sessions(-7, -3, -1), stage_day=7), "D8L_SESSIONS"),
        ("shown under this stage", ready(days={-3: session(stage_shown="S2_core")}), "D9A_ADVANCE"),
        ("shown under another stage", ready(days={-3: session(stage_shown="S1_walking")}), "D8L_SESSIONS"),
        ("a bad one shown under another stage", ready(days={-4: session("partial", stage_shown="S1_walking")}), "D9A_ADVANCE"),
        ("half a session", ready(days={-3: session("partial")}), "D8L_SESSIONS"),
        ("stopped", ready(days={-3: session("stopped_pain")}), "D8L_SESSIONS"),
        ("during at q", ready(days={-3: session(during=2)}), "D9A_ADVANCE"),
        ("during q + 1", ready(days={-3: session(during=3)}), "D8L_SESSIONS"),
        ("during not recorded", ready(days={-3: session(during=None)}), "D8L_SESSIONS"),
        ("after at q", ready(days={-3: session(after=2)}), "D9A_ADVANCE"),
        ("after q + 1", ready(days={-3: session(after=3)}), "D8L_SESSIONS"),
        ("after not recorded", ready(days={-3: session(after=None)}), "D8L_SESSIONS"),
        ("next morning at q", ready(days={-4: {"morning": 2}}), "D9A_ADVANCE"),
        ("next morning q + 1", ready(days={-4: {"morning": 3}}), "D8L_SESSIONS"),
        ("next morning not recorded", ready(days={-4: {"morning": None}}), "D8L_SESSIONS"),
        ("next morning without an entry", ready(days={-4: None}), "D8L_SESSIONS"),
        ("next morning baseline + 1", ready(days={-4: {"morning": 1}}, baseline=0), "D9A_ADVANCE"),
        ("next morning baseline + 2", ready(days={-4: {"morning": 2}}, baseline=0), "D8L_SESSIONS"),
        ("no baseline", ready(baseline=None), "D8L_SESSIONS"),
        ("warm-up soreness", ready(days={-3: session(warmup="resolved")}), "D8L_SESSIONS"),
        ("limp", ready(days={-3: session(limp=True)}), "D8L_SESSIONS"),
        ("skipped for another reason", ready(days={-2: {"session": "skipped"}}), "D9A_ADVANCE"),
        ("skipped because of pain", ready(days={-2: {"session": "skipped_pain"}}), "D8L_SESSIONS"),
        ("missing, nothing planned", ready(days={-6: missing()}), "D9A_ADVANCE"),
        ("missing, a session planned", ready(days=moved_sessions(-7, -3, -1) | {-5: missing(planned=True)}), "D8L_SESSIONS"),
        ("missing without a plan between", ready(days=moved_sessions(-7, -3, -1) | {-5: missing()}), "D9A_ADVANCE"),
        ("not said on a planned day", ready(days={-2: {"session": None, "planned": True}}), "D8L_SESSIONS"),
        ("not said on a free day", ready(days={-2: {"session": None}}), "D9A_ADVANCE"),
        ("said none on a planned day", ready(days={-2: {"session": "none", "planned": True}}), "D9A_ADVANCE"),
    ],
    "D8M_QUIET_DAYS": [
        (f"{name} of day {day} {what}", ready(days=moved_sessions(-8, -6, -4) | {day: {name: score}}), rule)
        for name in ("rest", "morning")
        for day in (0, -1, -2)
        for what, score, rule in (
            ("at q", 2, "D9A_ADVANCE"),
            ("q + 1", 3, "D8M_QUIET_DAYS"),
            ("not recorded", None, "D8A_NO_LOG" if (name, day) == ("rest", 0) else "D8M_QUIET_DAYS"),
        )
    ]
    + [
        ("three days ago", ready(days=moved_sessions(-8, -6, -5) | {-3: {"rest": 3, "morning": 3}}), "D9A_ADVANCE"),
        ("no entry yesterday", ready(days=moved_sessions(-8, -6, -4) | {-1: None}), "D8M_QUIET_DAYS"),
    ],
    "D8P_SIGN_OFF": [
        *((f"stage {stage} waits", ready(stage, programme=CONFIRMED_STEPS), "D8P_SIGN_OFF") for stage in range(S1, S8)),
        ("confirmed", ready(programme=CONFIRMED_STEPS, signed_off=True), "D9A_ADVANCE"),
        ("not asked for", ready(), "D9A_ADVANCE"),
        ("confirmed, but too early", ready(stage_day=6, programme=CONFIRMED_STEPS, signed_off=True), "D8J_MIN_DAYS"),
        ("confirmed, but without a score", ready(days=today(rest=None), programme=CONFIRMED_STEPS, signed_off=True), "D8A_NO_LOG"),
        ("confirmed, but held", ready(hold_until=0, programme=CONFIRMED_STEPS, signed_off=True), "D7A_PHYSIO_HOLD"),
        ("confirmed, but red pain", ready(days=today(**session(during=6)), programme=CONFIRMED_STEPS, signed_off=True), "D5A_RED_PAIN"),
        ("the last stage stays", ready(S8, programme=CONFIRMED_STEPS), "D8H_FINAL"),
    ],
    "D9A_ADVANCE": [
        *((f"from stage {stage}", ready(stage), "D9A_ADVANCE") for stage in range(S1, S8)),
        ("every score 0", ready(days={day: {"morning": 0, "rest": 0} for day in (-2, -1, 0)}, baseline=0), "D9A_ADVANCE"),
    ],
}
# fmt: on
ROWS = [
    pytest.param(snapshot, expected, id=f"{code}: {name}")
    for code, rows in TABLES.items()
    for name, snapshot, expected in rows
]


@pytest.mark.parametrize(("snapshot", "expected"), ROWS)
def test_limit(snapshot, expected):
    outcome, refer, moved = CONTRACT[expected]
    refer = snapshot.state.refer.value if refer == "as set" else refer
    assert decided(snapshot) == (expected, outcome, refer, moved)


def test_every_rule_has_a_table_with_rows_on_both_sides_of_its_limit():
    assert set(TABLES) == {rule.code for rule in RULES}
    for code, rows in TABLES.items():
        decided_by = [expected for _name, _snapshot, expected in rows]
        assert code in decided_by
        assert code == "D9A_ADVANCE" or set(decided_by) > {code}
