"""Closed days, written for a whole batch: decisions by COPY, enrolments and plans by one statement each."""

import datetime
import json
import re
from functools import lru_cache

from django.db import connection

from programs.engine import ENGINE_VERSION
from programs.engine.criteria import Criterion
from programs.engine.values import Trigger
from programs.services.closing.dates import iso_of
from programs.services.closing.deciding import Closed
from programs.services.ledger import criterion_to_json

_DECISIONS = """
    COPY programs_decision (enrolment_id, date, trigger, decision, rule, refer, stage_before, stage_after,
        stage_change, takes_effect_on, has_rest_score, reason, criteria, inputs, inputs_hash, version_id,
        engine_version, time_zone, decided_at, job) FROM STDIN
"""
_DAY = "DATE '0001-01-01' - 1 + {}"
_CLOSED = "claimed_until = NULL, failures = 0, retry_at = NULL, last_error = ''"
_STAYED = f"""
    UPDATE programs_enrolment e SET decided_through = e.decided_through + 1, {_CLOSED},
        closes_at = (%(instants)s::timestamptz[])[v.at]
    FROM unnest(%(ids)s::bigint[], %(at)s::int[]) AS v(id, at) WHERE e.id = v.id
"""  # noqa: S608
_MOVED = f"""
    UPDATE programs_enrolment e SET decided_through = e.decided_through + 1, {_CLOSED},
        closes_at = v.closes_at, stage = v.stage, stage_entered_on = {_DAY.format("v.entered")},
        baseline_morning = v.baseline, refer = v.refer,
        paused_at = CASE WHEN v.refer = 'none' THEN NULL ELSE COALESCE(e.paused_at, %(now)s) END,
        cooldown_until = {_DAY.format("v.cooldown")}, step_backs = v.steps::jsonb,
        hold_until = {_DAY.format("v.hold")}
    FROM unnest(%(ids)s::bigint[], %(closes)s::timestamptz[], %(stages)s::text[], %(entered)s::int[],
        %(baselines)s::int[], %(refers)s::text[], %(cooldowns)s::int[], %(steps)s::text[], %(holds)s::int[]
    ) AS v(id, closes_at, stage, entered, baseline, refer, cooldown, steps, hold) WHERE e.id = v.id
"""  # noqa: S608
_PLANNED = f"""
    INSERT INTO programs_plannedsession (enrolment_id, date, stage)
    SELECT v.id, {_DAY.format("v.day")}, v.stage
    FROM unnest(%(ids)s::bigint[], %(days)s::int[], %(stages)s::text[]) AS v(id, day, stage)
    ON CONFLICT (enrolment_id, date) DO NOTHING
"""  # noqa: S608
_ESCAPED = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _text(words: str) -> str:
    """As COPY takes it."""
    if "\\" not in words and words.isprintable():
        return words
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], words)


def _criteria(criteria: tuple[Criterion, ...]) -> str:
    short = [one.packed for one in criteria]
    if None in short:
        return _text(json.dumps([criterion_to_json(one) for one in criteria]))
    return f'"{" ".join(short)}"'


@lru_cache(maxsize=64)
def _instant(now: datetime.datetime) -> str:
    return now.isoformat()


def line_of(one: Closed, now: str, job: str) -> str:
    """A ledger row as COPY takes it."""
    decided, row = one.decided, one.row
    rule, stages = decided.row, decided.facts.snapshot.programme.stages
    takes_effect = max(row.day + 1, one.written_on)
    change = decided.stage_after - decided.stage_before
    return (
        f"{row.pk}\t{iso_of(row.day)}\t{_BY_CLOCK}\t{rule.outcome.value}\t{rule.code}\t{decided.refer.value}\t"
        f"{row.stage}\t{stages[decided.stage_after].key}\t{change}\t{iso_of(takes_effect)}\t"
        f"{'f' if decided.facts.today.rest is None else 't'}\t{_text(decided.reason)}\t"
        f"{_criteria(decided.criteria)}\t{_text(one.inputs)}\t{one.inputs_hash}\t{row.version}\t"
        f"{ENGINE_VERSION}\t{row.zone}\t{now}\t{job}\n"
    )


_BY_CLOCK = Trigger.DAY_CLOSE.value


def write_decisions(closed: list[Closed], now: datetime.datetime, job: str) -> None:
    at, by = _instant(now), _text(job)
    # Its errors are those of the driver until they are wrapped.
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(_DECISIONS) as copy,
    ):
        for start in range(0, len(closed), 64):
            copy.write("".join([line_of(one, at, by) for one in closed[start : start + 64]]))


def write_enrolments(closed: list[Closed], now: datetime.datetime) -> None:
    """Everybody is a day further; those who stand elsewhere now get all columns of their state."""
    moved = [one for one in closed if one.has_moved]
    stayed = [one for one in closed if not one.has_moved]
    with connection.cursor() as cursor:
        if stayed:
            at: dict[datetime.datetime, int] = {}
            places = [at.setdefault(one.closes_at, len(at) + 1) for one in stayed]
            given = {"ids": [one.row.pk for one in stayed], "at": places, "instants": list(at)}
            cursor.execute(_STAYED, given)
        if moved:
            cursor.execute(_MOVED, _states(moved) | {"now": now})


def _states(moved: list[Closed]) -> dict:
    states = [one.state for one in moved]
    stages = [one.decided.snapshot.programme.stages for one in moved]
    return {
        "ids": [one.row.pk for one in moved],
        "closes": [one.closes_at for one in moved],
        "stages": [known[state.stage].key for known, state in zip(stages, states, strict=True)],
        "entered": [state.entered for state in states],
        "baselines": [state.baseline for state in states],
        "refers": [state.refer.value for state in states],
        "cooldowns": [state.cooldown_until for state in states],
        "steps": [json.dumps([iso_of(day) for day in state.step_backs]) for state in states],
        "holds": [state.hold.until if state.hold else None for state in states],
    }


def write_plans(closed: list[Closed]) -> None:
    planned = [one for one in closed if one.plan is not None]
    if not planned:
        return
    given = {
        "ids": [one.row.pk for one in planned],
        "days": [one.row.day + 1 for one in planned],
        "stages": [one.plan for one in planned],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED, given)
