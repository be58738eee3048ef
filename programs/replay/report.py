"""Decided days as JSON or CSV, for other programs."""

import json
from collections.abc import Iterable
from datetime import date

from programs.archive.cells import sheet
from programs.engine.simulate import SimulatedDay
from programs.replay.run import Replay

FIELDS = ("date", "day", "decision", "rule", "refer", "stage_before", "stage", "reason")


def rows(replayed: Replay) -> Iterable[dict]:
    """One plain row a day; ``day`` is 1 for the first day decided."""
    stages, first = replayed.simulation.programme.stages, replayed.simulation.first
    for simulated in replayed.days:
        decision = simulated.decision
        yield {
            "date": date.fromordinal(simulated.day).isoformat(),
            "day": simulated.day - first + 1,
            "decision": decision.outcome.value,
            "rule": decision.rule,
            "refer": decision.refer.value,
            # Before that day's events: a clinician's move is part of the day.
            "stage_before": stages[simulated.stage_before].key,
            "stage": stages[decision.stage_after].key,
            "reason": decision.reason,
        }


def as_json(replayed: Replay) -> str:
    """A list with one object on each line, so that two replays can be compared with diff."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows(replayed))
    return f"[\n{lines}\n]\n"


def as_csv(replayed: Replay) -> str:
    return sheet(FIELDS, ([row[name] for name in FIELDS] for row in rows(replayed)), line_end="\n")


def missing_days(days: Iterable[SimulatedDay]) -> int:
    """Decided days on which nothing was logged."""
    return sum(not simulated.decision.facts.today.logged for simulated in days)
