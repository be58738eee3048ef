"""What the engine would have decided without a hold."""

import pytest

from programs.engine.decide import decide
from programs.engine.shadow import without_hold
from tests.unit.engine.build import missing, ready, rule_of


def test_an_advance_that_was_held_back_is_seen():
    held = ready(hold_until=0)
    assert rule_of(held) == "D7A_PHYSIO_HOLD"
    assert without_hold(held).rule == "D9A_ADVANCE"


@pytest.mark.parametrize("today", [{"rest": 8}, missing(), {"leg": "below_knee"}])
def test_it_is_the_decision_of_the_day_as_if_nobody_had_held(today):
    assert without_hold(ready(days={0: today}, hold_until=3)).rule == rule_of(ready(days={0: today}))


def test_the_inputs_themselves_stay_as_they_are():
    held = ready(hold_until=0)
    without_hold(held)
    assert decide(held).rule == "D7A_PHYSIO_HOLD"
