"""Reads the hand-written scenarios into simulations; they are never edited to pass."""

import datetime
from pathlib import Path

import yaml

from programs.engine.entry import Entry
from programs.engine.programme import Constants, Programme, Stage
from programs.engine.simulate import DayEvents, Simulation, initial_state
from programs.engine.values import Leg, SessionKind, StageKind, Warmup

DOCUMENT = yaml.safe_load((Path(__file__).parent / "scenarios.yaml").read_text())
#: Ordinal of "day 0", so that scenario day 1 is a real date.
DAY_0 = datetime.date(2026, 1, 4).toordinal()


def programme() -> Programme:
    template = DOCUMENT["template"]
    stages = tuple(
        Stage(title=stage["key"], **{**stage, "kind": StageKind(stage["kind"])})
        for stage in template["stages"]
    )
    return Programme(template["key"], 1, stages, Constants(**template["engine"]))


PROGRAMME = programme()


def days_of(row: dict) -> range:
    d = row["d"]
    return range(d, d + 1) if isinstance(d, int) else range(d[0], d[1] + 1)


def entry_of(row: dict) -> Entry:
    values = {name: value for name, value in row.items() if name != "d"}
    if values.get("missing"):
        return Entry(missing=True, session=None, planned=values.get("planned", False))
    return Entry(
        session=SessionKind(values.pop("session", "none")),
        warmup=Warmup(values.pop("warmup", "none")),
        leg=Leg(values.pop("leg", "none")),
        red_flags=tuple(values.pop("red_flags", ())),
        **values,
    )


def events_of(scenario: dict) -> dict[int, DayEvents]:
    events = {}
    for event in scenario.get("events", ()):
        day = DAY_0 + event["d"]
        changes = {
            "physio_hold": lambda e=event: {"hold_until": DAY_0 + e["until"]},
            "physio_set_stage": lambda e=event: {"set_stage": PROGRAMME.positions[e["stage"]]},
            "physio_clear": lambda: {"clear": True},
        }[event["type"]]()
        old = events.get(day, DayEvents())
        events[day] = DayEvents(
            hold_until=changes.get("hold_until", old.hold_until),
            set_stage=changes.get("set_stage", old.set_stage),
            clear=changes.get("clear", old.clear),
        )
    return events


def simulation_of(scenario: dict) -> Simulation:
    start = scenario["start"]
    entries = {DAY_0 + day: entry_of(row) for row in scenario["log"] for day in days_of(row)}
    first, last = DAY_0 + 1, max(entries)
    state = initial_state(
        PROGRAMME,
        PROGRAMME.positions[start["stage"]],
        first,
        start["programme_day"],
        intake=start["intake_pain"],
        baseline=start["baseline_morning"],
        step_backs=tuple(DAY_0 + day for day in start.get("step_back_days", ())),
    )
    return Simulation(PROGRAMME, state, entries, first, last, events_of(scenario))


def expected_of(scenario: dict) -> dict[int, tuple[str, str, str, str]]:
    return {
        day: (row["decision"], row["rule"], row["stage"], row.get("refer", "none"))
        for row in scenario["expect"]
        for day in days_of(row)
    }
