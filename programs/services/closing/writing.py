"""Closed days, written for a whole batch: decisions by COPY, enrolments and plans by one statement each."""

import contextlib
import datetime
import json
from collections.abc import Callable, Iterator

from django.db import connection

from programs.engine.programme import Programme
from programs.services.closing.dates import ISO
from programs.services.closing.deciding import Closed
from programs.services.closing.lines import COLUMNS
from programs.services.closing.reading import as_array

#: Rows that are handed to the server together.
AT_ONCE = 64
_DECISIONS = f"COPY programs_decision ({COLUMNS}) FROM STDIN"
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
    SELECT v.id, {_DAY.format("v.day")}, (%(stages)s::text[])[v.at]
    FROM unnest(%(ids)s::bigint[], %(days)s::int[], %(at)s::int[]) AS v(id, day, at)
    ON CONFLICT (enrolment_id, date) DO NOTHING
"""  # noqa: S608


@contextlib.contextmanager
def decisions_taken() -> Iterator[Callable[[str], None]]:
    """Yield what takes rows of the ledger; the server writes them while the next ones are decided.

    Nothing else can be asked of the connection meanwhile.
    """
    pending: list[str] = []
    # Its errors are those of the driver until they are wrapped.
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(_DECISIONS) as copy,
    ):

        def take(line: str) -> None:
            pending.append(line)
            if len(pending) == AT_ONCE:
                copy.write("".join(pending))
                pending.clear()

        yield take
        copy.write("".join(pending))


def write_enrolments(closed: list[Closed], programmes: dict[int, Programme], now: datetime.datetime) -> None:
    """Everybody is a day further; those who stand elsewhere now get all columns of their state."""
    moved = [one for one in closed if one.moved is not None]
    stayed = [one for one in closed if one.moved is None]
    with connection.cursor() as cursor:
        if stayed:
            at: dict[datetime.datetime, int] = {}
            places = as_array([at.setdefault(one.closes_at, len(at) + 1) for one in stayed])
            ids = as_array([one.row.pk for one in stayed])
            cursor.execute(_STAYED, {"ids": ids, "at": places, "instants": list(at)})
        if moved:
            cursor.execute(_MOVED, _states(moved, programmes) | {"now": now})


def _states(moved: list[Closed], programmes: dict[int, Programme]) -> dict:
    states = [one.moved for one in moved]
    stages = [programmes[one.row.version].stages for one in moved]
    return {
        "ids": [one.row.pk for one in moved],
        "closes": [one.closes_at for one in moved],
        "stages": [known[state.stage].key for known, state in zip(stages, states, strict=True)],
        "entered": [state.entered for state in states],
        "baselines": [state.baseline for state in states],
        "refers": [state.refer.value for state in states],
        "cooldowns": [state.cooldown_until for state in states],
        "steps": [json.dumps([ISO[day] for day in state.step_backs]) for state in states],
        "holds": [state.hold.until if state.hold else None for state in states],
    }


def write_plans(closed: list[Closed]) -> None:
    planned = [one for one in closed if one.plan is not None]
    if not planned:
        return
    at: dict[str, int] = {}
    given = {
        "ids": as_array([one.row.pk for one in planned]),
        "days": as_array([one.row.day + 1 for one in planned]),
        "at": as_array([at.setdefault(one.plan, len(at) + 1) for one in planned]),
        "stages": list(at),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED, given)
