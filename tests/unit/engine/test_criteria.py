"""Every criterion as met, not met or no data, with its value and its limit."""
# ruff: noqa: E501 - a row of a table is one line

import pytest

from programs.engine.decide import decide
from programs.engine.simulate import with_constants
from tests.unit.engine.build import (
    CONFIRMED_STEPS,
    PROGRAMME,
    S1,
    S2,
    S3,
    S8,
    flags,
    missing,
    ready,
    resting,
    session,
)

MET, NOT_MET, NO_DATA = "met", "not_met", "no_data"
SAFETY = ["no_pause", "no_leg_pain", "no_easy_days", "no_hold"]
ONE_DAY_CAP = with_constants(PROGRAMME, rest_cap_days=1)

# fmt: off
WAITING = "2 in a row, and yesterday's waits for this morning's score"
ROWS = [
    ("score_today", ready(), MET, "1/10", "recorded"),
    ("score_today", ready(days={0: {"rest": 0}}), MET, "0/10", "recorded"),
    ("score_today", ready(days={0: {"rest": None}}), NO_DATA, "not recorded", "recorded"),
    ("score_today", ready(days={0: None}), NO_DATA, "not recorded", "recorded"),
    ("stage_days", ready(S2, stage_day=6), NOT_MET, "day 6", "7 days"),
    ("stage_days", ready(S2, stage_day=7), MET, "day 7", "7 days"),
    ("stage_days", ready(S2, stage_day=8), MET, "day 8", "7 days"),
    ("stage_days", ready(S1, stage_day=-2), NOT_MET, "day 0", "4 days"),
    ("logged_days", ready(days={-3: None, -4: None, -5: None}), NOT_MET, "4 days", "5 days"),
    ("logged_days", ready(days={-3: None, -4: None}), MET, "5 days", "5 days"),
    ("logged_days", ready(days={-3: None}), MET, "6 days", "5 days"),
    ("logged_days", ready(S1), MET, "7 days", "3 days"),
    ("sessions", ready(), MET, "3 in a row", "3 in a row"),
    ("sessions", ready(days={-7: session()}), MET, "3 in a row", "3 in a row"),
    ("sessions", ready(days={-5: {"session": "none"}}), NOT_MET, "2 in a row", "3 in a row"),
    ("sessions", ready(days={-1: session("partial")}), NOT_MET, "0 in a row", "3 in a row"),
    ("sessions", ready(days={-1: session(during=3)}), NOT_MET, "0 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session(during=None)}), NO_DATA, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session(after=None)}), NO_DATA, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-4: {"morning": None}}), NO_DATA, "2 in a row", "3 in a row"),
    ("sessions", ready(days={0: None}), NO_DATA, WAITING, "3 in a row"),
    ("sessions", ready(days={-3: session(during=3, after=None)}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session(during=None, after=3)}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session(during=None), -2: {"morning": 3}}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session("partial", during=None)}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session(during=None, limp=True)}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: session(during=None, warmup="resolved")}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: {"session": "skipped_pain"}, -2: {"morning": None}}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-3: missing(planned=True)}), NOT_MET, "1 in a row", "3 in a row"),
    ("sessions", ready(days={-1: session("partial"), -3: session(during=None)}), NOT_MET, "0 in a row", "3 in a row"),
    ("quiet_days", ready(), MET, "highest 1/10", "0-2"),
    ("quiet_days", ready(days={-2: {"rest": 2}}), MET, "highest 2/10", "0-2"),
    ("quiet_days", ready(days={-2: {"rest": 3}}), NOT_MET, "highest 3/10", "0-2"),
    ("quiet_days", ready(days={-2: {"rest": None}}), NO_DATA, "highest 1/10, 1 of 6 scores not recorded", "0-2"),
    ("quiet_days", ready(days={-2: {"rest": None}, -1: {"rest": 2}}), NO_DATA, "highest 2/10, 1 of 6 scores not recorded", "0-2"),
    ("quiet_days", ready(days={-2: {"rest": None}, -1: {"morning": 3}}), NOT_MET, "highest 3/10, 1 of 6 scores not recorded", "0-2"),
    ("quiet_days", ready(days={-2: None, -1: None, 0: None}), NO_DATA, "not recorded, 6 of 6 scores not recorded", "0-2"),
    ("quiet_days", ready(S1, {-2: {"rest": 4}}), MET, "highest 4/10", "0-4"),
    ("next_morning", ready(S3), MET, "known", "known"),
    ("next_morning", ready(S3, {0: session()}), NO_DATA, "known tomorrow", "known"),
    ("next_morning", ready(S3, {0: {"morning": None}, -1: session()}), NO_DATA, "not recorded", "known"),
    ("next_morning", ready(S3, {0: {"morning": None}, -1: {"session": "none"}}), MET, "known", "known"),
    ("rest_eased", resting(4), MET, "4/10", "4/10"),
    ("rest_eased", resting(5), NOT_MET, "5/10", "4/10"),
    ("rest_eased", resting(6, 2), MET, "6/10", "6/10"),
    ("rest_eased", resting(7, 2), NOT_MET, "7/10", "6/10"),
    ("rest_eased", resting(6, 3), MET, "6/10", "6/10"),
    ("rest_eased", resting(None), NO_DATA, "not recorded", "4/10"),
    ("rest_eased", resting(6, programme=ONE_DAY_CAP), MET, "6/10", "6/10"),
    ("no_pause", ready(), MET, "none", "none"),
    ("no_pause", ready(refer="routine"), NOT_MET, "paused", "none"),
    ("no_pause", ready(days={0: flags("THORACIC")}), NOT_MET, "answered today", "none"),
    ("no_leg_pain", ready(), MET, "none reported", "none"),
    ("no_leg_pain", ready(days={0: {"leg": "above_knee"}}), MET, "none reported", "none"),
    ("no_leg_pain", ready(days={0: {"leg": "below_knee"}}), NOT_MET, "reported", "none"),
    ("no_leg_pain", ready(days={-2: {"leg": "below_knee"}}), NOT_MET, "reported", "none"),
    ("no_leg_pain", resting(4, days={-1: {"leg": "below_knee"}}), MET, "none reported", "none"),
    ("no_leg_pain", resting(4, days={0: {"leg": "below_knee"}}), NOT_MET, "reported", "none"),
    ("no_leg_pain", ready(days={-3: {"leg": "below_knee"}}), MET, "none reported", "none"),
    ("no_easy_days", ready(easy_until=-1), MET, "none", "none"),
    ("no_easy_days", ready(easy_until=0), NOT_MET, "easy days", "none"),
    ("signed_off", ready(programme=CONFIRMED_STEPS), NOT_MET, "not yet", "confirmed"),
    ("signed_off", ready(programme=CONFIRMED_STEPS, signed_off=True), MET, "confirmed", "confirmed"),
    ("no_hold", ready(), MET, "none", "none"),
    ("no_hold", ready(hold_until=-1), MET, "none", "none"),
    ("no_hold", ready(hold_until=0), NOT_MET, "held", "none"),
]
# fmt: on


def criterion(snapshot, code):
    return next(made for made in decide(snapshot).criteria if made.code == code)


@pytest.mark.parametrize(("code", "snapshot", "status", "value", "limit"), ROWS)
def test_status_value_and_limit(code, snapshot, status, value, limit):
    made = criterion(snapshot, code)
    assert (made.status.value, made.value, made.limit) == (status, value, limit)


@pytest.mark.parametrize(
    ("snapshot", "own"),
    [
        (resting(4), ["score_today", "rest_eased"]),
        (ready(S2), ["score_today", "stage_days", "logged_days", "sessions", "quiet_days"]),
        (ready(S3), ["score_today", "stage_days", "logged_days", "sessions", "quiet_days", "next_morning"]),
        (ready(S8), ["score_today"]),
    ],
)
def test_a_stage_shows_its_own_criteria_and_then_those_of_safety(snapshot, own):
    assert [made.code for made in decide(snapshot).criteria] == own + SAFETY


@pytest.mark.parametrize("snapshot", [ready(S1), ready(S2), ready(S3), resting(4), resting(6, 2)])
def test_who_advances_has_met_every_criterion(snapshot):
    decision = decide(snapshot)
    assert decision.outcome.value == "advance"
    assert {made.status.value for made in decision.criteria} == {MET}


@pytest.mark.parametrize(
    ("code", "snapshot", "text", "place"),
    [
        ("score_today", ready(), "Pain at rest is recorded today", ""),
        ("stage_days", ready(), "At least 7 days on this step", "min_days"),
        ("logged_days", ready(), "A pain score on 5 of the last 7 days of this step", "min_logged"),
        (
            "sessions",
            ready(S1),
            "3 comfortable sessions in a row (pain 0-4 during, after and next morning)",
            "need_sessions",
        ),
        ("quiet_days", ready(), "Three quiet days in a row (0-2)", "q"),
        ("next_morning", ready(S3), "The morning after the last session is known", ""),
        ("rest_eased", resting(4), "Pain at rest is at most 4/10 (day 1 of at most 2)", "engine.s0_eased_at"),
        (
            "rest_eased",
            resting(4, 2),
            "Pain at rest is at most 6/10 (day 2 of at most 2)",
            "engine.s0_cap_max",
        ),
        (
            "rest_eased",
            resting(4, -1),
            "Pain at rest is at most 4/10 (day 0 of at most 2)",
            "engine.s0_eased_at",
        ),
        ("no_pause", ready(), "No pause and no red flag", ""),
        ("no_leg_pain", ready(), "No pain below the knee in the last 3 days", ""),
        ("no_leg_pain", resting(4), "No pain below the knee today", ""),
        ("no_easy_days", ready(), "No easy days after a step back", "engine.cooldown_days"),
        ("no_hold", ready(), "No hold by a physiotherapist", ""),
    ],
)
def test_words_and_place_of_the_threshold(code, snapshot, text, place):
    made = criterion(snapshot, code)
    assert (made.text, made.place) == (text, place)
