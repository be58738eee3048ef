"""The worked examples of the contract, day by day."""

import pytest

from programs.engine.simulate import simulate
from tests.unit.engine.scenarios import DAY_0, DOCUMENT, expected_of, simulation_of

SCENARIOS = {scenario["id"]: scenario for scenario in DOCUMENT["scenarios"]}


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_scenario_is_decided_as_written(scenario_id):
    scenario = SCENARIOS[scenario_id]
    decided = {
        row.day - DAY_0: (
            row.decision.outcome.value,
            row.decision.rule,
            row.decision.stage_after_key,
            row.decision.refer.value,
        )
        for row in simulate(simulation_of(scenario))
    }
    assert decided == expected_of(scenario)


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_every_decision_of_a_scenario_can_be_explained(scenario_id):
    for row in simulate(simulation_of(SCENARIOS[scenario_id])):
        assert row.decision.reason
        assert "{" not in row.decision.reason
        assert all(c.text and c.value and c.limit for c in row.decision.criteria)


def test_enough_scenarios_are_here():
    assert len(SCENARIOS) >= 18
