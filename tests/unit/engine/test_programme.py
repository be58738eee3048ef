"""The default constants are those of ``docs/engine.md`` section 6; stages have the names of the rules."""

from programs.engine.programme import Constants, Stage
from programs.engine.values import StageKind
from tests.unit.engine.build import PROGRAMME, RUNNING_ONLY, S1, S8
from tests.unit.engine.scenarios import DOCUMENT

RUNNING = {StageKind.ALTERNATE, StageKind.FINAL}


def test_default_constants_are_those_of_the_worked_examples():
    assert Constants() == Constants(**DOCUMENT["template"]["engine"])


def test_default_constants_in_numbers():
    c = Constants()
    assert (c.red_at, c.severe_at, c.flare_delta, c.rest_cap_days, c.s0_eased_at) == (6, 7, 2, 2, 4)
    assert (c.s0_cap_max, c.cooldown_days, c.strikes, c.strikes_window_days) == (6, 2, 3, 21)
    assert (c.long_gap_days, c.session_max_age_days, c.not_better_from_day) == (14, 10, 28)
    assert (c.not_better_points, c.not_better_percent, c.not_better_floor) == (2, 30, 3)


def test_places_of_the_stages():
    assert PROGRAMME.positions["S2_core"] == 2
    assert (PROGRAMME.floor, PROGRAMME.last) == (S1, S8)
    assert (RUNNING_ONLY.floor, RUNNING_ONLY.last) == (0, 5)


def test_rest_and_running_stages():
    kinds = {kind: Stage("key", "title", kind) for kind in StageKind}
    assert {kind for kind, stage in kinds.items() if stage.is_rest} == {StageKind.REST}
    assert {kind for kind, stage in kinds.items() if stage.is_running} == {
        StageKind.ALTERNATE,
        StageKind.FINAL,
    }


def test_a_stage_that_says_nothing_asks_for_nothing():
    stage = Stage("key", "title", StageKind.FINAL)
    assert (stage.need_sessions, stage.min_days, stage.min_logged, stage.q) == (0, 0, 0, 2)
    assert (stage.per_week, stage.days_between) == (7, 0)
