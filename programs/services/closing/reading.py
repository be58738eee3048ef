"""What a batch needs to know, as plain columns; dates are day ordinals.

First the enrolments are locked, then their diaries are read, in statements of
their own: a statement sees what was committed when it began, and an entry may
be written while the lock is waited for.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from accounts.selectors.clinic_defaults import defaults_of_many
from programs.models import Override
from programs.services.closing.places import Places
from programs.snapshots import WINDOW_DAYS

#: Days that are read at once; whoever needs an older one is read again, from the beginning.
READ_DAYS = WINDOW_DAYS + 7
PART, SAID = "\x1f", "\x1e"

_DAY = "({} - DATE '0001-01-01' + 1)"
_LOCK = f"""
    SELECT e.id, e.version_id, e.runner_id, e.stage, {_DAY.format("e.stage_entered_on")},
        {_DAY.format("e.started_on")}, e.baseline_morning, e.intake_pain, e.refer,
        {_DAY.format("e.cooldown_until")}, e.step_backs::text, {_DAY.format("e.hold_until")},
        {_DAY.format("e.decided_through")} + 1, e.run_days::text, u.time_zone, u.country
    FROM programs_enrolment e JOIN accounts_user u ON u.id = e.runner_id
    WHERE e.status = 'active' AND (e.retry_at IS NULL OR e.retry_at <= %(now)s) AND e.closes_at <= %(now)s
        AND e.id >= %(first)s AND e.id <= %(last)s
    ORDER BY e.id LIMIT %(size)s FOR UPDATE OF e SKIP LOCKED
"""  # noqa: S608
_WINDOWS = """
    SELECT e.id, (
        SELECT string_agg(d.said, %(between)s) FROM (
            SELECT said FROM programs_diaryentry
            WHERE enrolment_id = e.id AND date > e.decided_through + 1 - %(days)s
                AND date <= e.decided_through + 1
            ORDER BY date
        ) d
    ), (
        SELECT array_agg(p.date - DATE '0001-01-01' + 1) FROM programs_plannedsession p
        WHERE p.enrolment_id = e.id AND p.date >= e.decided_through + 1 - %(back)s
            AND p.date <= e.decided_through + 1
    )
    FROM programs_enrolment e WHERE e.id = ANY(%(ids)s::bigint[])
"""
_CHOICES = """
    SELECT enrolment_id, date - DATE '0001-01-01' + 1, wants_session FROM programs_daychoice
    WHERE enrolment_id = ANY(%(ids)s::bigint[]) AND date >= DATE '0001-01-01' + %(since)s - 1
"""
_WITH_ACTS = "SELECT DISTINCT enrolment_id FROM programs_override WHERE enrolment_id = ANY(%(ids)s::bigint[])"
_WITH_CONSENT = "SELECT DISTINCT runner_id FROM accounts_consent WHERE runner_id = ANY(%(ids)s::bigint[])"


class Row(NamedTuple):
    """The columns of an enrolment and of its runner that a close reads; ``day`` is the open date."""

    pk: int
    version: int
    runner: int
    stage: str
    entered: int
    started: int
    baseline: int | None
    intake: int | None
    refer: str
    cooldown_until: int | None
    step_backs: str
    hold_until: int | None
    day: int
    run_days: str
    zone: str
    country: str


@dataclass
class Around:
    """What else is known of a batch, by enrolment; only of those who have any."""

    said: dict[int, tuple[str | None, list[int] | None]]
    choices: dict[int, dict[int, bool]] = field(default_factory=dict)
    acts: dict[int, list[Override]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    #: Off while the connection takes rows.
    may_ask: bool = True


def as_array(values: Iterable[object]) -> str:
    """Numbers, or words without quotes and commas, as the database reads an array: it is made by one join."""
    return f"{{{','.join(map(str, values))}}}"


def locked_rows(now: datetime.datetime, first: int | None, last: int | None, size: int) -> list[Row]:
    """Due enrolments of a range, locked until the transaction ends; what another worker holds is left out."""
    given = {"now": now, "first": first or 0, "last": 2**62 if last is None else last, "size": size}
    return [Row._make(row) for row in _rows(_LOCK, given)]


def around(rows: list[Row], now: datetime.datetime) -> Around:
    """Five statements for any number of rows, and two more where people acted or were let in."""
    pks = [row.pk for row in rows]
    found, ids = Around(said=windows(pks, READ_DAYS)), as_array(pks)
    since = min(row.day for row in rows)
    for pk, day, wants in _rows(_CHOICES, {"ids": ids, "since": since}):
        found.choices.setdefault(pk, {})[day] = wants
    acted = [pk for (pk,) in _rows(_WITH_ACTS, {"ids": ids})]
    if acted:
        acts = Override.objects.filter(enrolment__in=acted).select_related("made_by")
        for act in acts.order_by("made_at", "pk"):
            found.acts.setdefault(act.enrolment_id, []).append(act)
    let_in = [pk for (pk,) in _rows(_WITH_CONSENT, {"ids": as_array(row.runner for row in rows)})]
    found.places.clinics = defaults_of_many(let_in, now) if let_in else {}
    return found


def windows(ids: Iterable[int], days: int) -> dict[int, tuple[str | None, list[int] | None]]:
    """Enrolment id -> what was said on each of the last days, and the days with a planned session."""
    given = {"ids": as_array(ids), "days": days, "back": WINDOW_DAYS, "between": SAID}
    return {pk: (said, planned) for pk, said, planned in _rows(_WINDOWS, given)}


def _rows(statement: str, given: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()
