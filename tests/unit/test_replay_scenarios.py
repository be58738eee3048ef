"""The hand-written scenarios, replayed through CSV and the shipped programme."""

from datetime import date

import pytest

from tests.support.replaying import decisions, replayed
from tests.unit.engine.scenarios import DAY_0, DOCUMENT, days_of, expected_of

COLUMNS = ("morning", "rest", "session", "during", "after", "warmup", "limp", "leg", "red_flags", "planned")


def iso(day: int) -> str:
    return date.fromordinal(DAY_0 + day).isoformat()


def cell(value: object) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def event(row: dict) -> str:
    end = {"physio_hold": lambda: f":{iso(row['until'])}", "physio_set_stage": lambda: f":{row['stage']}"}
    return row["type"] + end.get(row["type"], str)()


def diary_of(scenario: dict) -> str:
    """Missing days become rows too: the scenarios say that such a row is a missing day."""
    events: dict[int, list[str]] = {}
    for row in scenario.get("events", ()):
        events.setdefault(row["d"], []).append(event(row))
    lines = [",".join(("date", *COLUMNS, "event"))]
    for row in scenario["log"]:
        for day in days_of(row):
            cells = [cell(row.get(column, "")) for column in COLUMNS]
            lines.append(",".join([iso(day), *cells, ";".join(events.get(day, ()))]))
    return "\n".join(lines) + "\n"


def asked_of(scenario: dict) -> dict:
    start = scenario["start"]
    return {
        "start_stage": start["stage"],
        "programme_day": str(start["programme_day"]),
        "intake_pain": str(start["intake_pain"]),
        "baseline_morning": str(start["baseline_morning"]),
        "step_backs": tuple(iso(day) for day in start.get("step_back_days", ())),
    }


@pytest.mark.parametrize("scenario", DOCUMENT["scenarios"], ids=lambda scenario: scenario["id"])
def test_a_scenario_through_csv(scenario):
    result = replayed(diary_of(scenario), **asked_of(scenario))
    days = dict(enumerate(decisions(result), start=1))
    assert {day: days[day] for day in expected_of(scenario)} == expected_of(scenario)
