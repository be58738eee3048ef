"""Mails of steps, owed for a whole batch by one statement.

A step is what one of ten runners hears of a night. Its mail goes by the rules
of every other (``services/messages.py``): the same quiet hours, choices and
expiry, worked out on plain values instead of rows of the model.
"""

import datetime
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import make_msgid
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from accounts import correlation
from accounts.time_zones import zone_or_utc
from programs.engine.values import Outcome, Trigger
from programs.models import MessageKind, MessageStatus
from programs.services.closing.deciding import Closed
from programs.services.closing.reading import as_array
from programs.services.messages import prepare

KIND_OF = {Outcome.ADVANCE: MessageKind.ADVANCE.value, Outcome.STEP_BACK: MessageKind.STEP_BACK.value}

_QUIET = "SELECT id, quiet_from, quiet_until FROM accounts_user WHERE id = ANY(%(runners)s::bigint[])"
_THERE = """
    SELECT enrolment_id FROM programs_messageowed
    WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND kind = ANY(%(kinds)s)
        AND local_date = ANY(%(dates)s)
"""
_OWED = """
    INSERT INTO programs_messageowed (recipient_id, enrolment_id, kind, local_date, level, decision_id,
        created_at, wanted_at, due_at, expires_at, status, attempts, uncertain, message_id, settled_at,
        outcome, correlation_id)
    SELECT v.recipient, v.enrolment, v.kind, v.local_date, '', d.id, %(now)s, v.wanted_at, v.due_at,
        v.expires_at, v.status, 0, 0, v.message_id, v.settled_at, v.outcome, %(correlation)s
    FROM unnest(%(recipients)s::bigint[], %(enrolments)s::bigint[], %(kinds)s::text[], %(dates)s::date[],
        %(wanted)s::timestamptz[], %(due)s::timestamptz[], %(expire)s::timestamptz[], %(statuses)s::text[],
        %(names)s::text[], %(settled)s::timestamptz[], %(outcomes)s::text[]
    ) AS v(recipient, enrolment, kind, local_date, wanted_at, due_at, expires_at, status, message_id,
        settled_at, outcome)
    LEFT JOIN programs_decision d
        ON d.enrolment_id = v.enrolment AND d.date = v.local_date AND d.trigger = %(trigger)s
    ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Person:
    """What quiet hours ask of a recipient."""

    time_zone: str
    quiet_from: datetime.time
    quiet_until: datetime.time

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zone_or_utc(self.time_zone)


class OfRunner(NamedTuple):
    """What they ask of an enrolment."""

    runner_id: int


@dataclass(slots=True)
class StepMail:
    """The columns of a message that differ, under the names that the model gives them."""

    recipient_id: int
    recipient: Person
    enrolment_id: int
    enrolment: OfRunner
    kind: str
    local_date: datetime.date
    created_at: datetime.datetime
    wanted_at: datetime.datetime
    due_at: datetime.datetime
    message_id: str
    level: str = ""
    expires_at: datetime.datetime | None = None
    status: str = MessageStatus.OWED.value
    settled_at: datetime.datetime | None = None
    outcome: str = ""


def owe_steps(steps: Sequence[Closed], now: datetime.datetime) -> set[int]:
    """Owe the mails of steps, and return the enrolments of which such a mail of that date is there already.

    Those are not touched: what becomes of them has rules of its own. The
    decisions are written already.
    """
    enrolments = as_array([one.row.pk for one in steps])
    dates = {one.day.date for one in steps}
    given = {"enrolments": enrolments, "kinds": [*KIND_OF.values()], "dates": [*dates]}
    # A savepoint: where the database will not take them, what they tell of stands.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_THERE, given)
        there = {enrolment for (enrolment,) in cursor.fetchall()}
        new = [one for one in steps if one.row.pk not in there]
        cursor.execute(_QUIET, {"runners": as_array([one.row.runner for one in new])})
        quiet = {pk: hours for pk, *hours in cursor.fetchall()}
        mails = [_mail(one, quiet[one.row.runner], now) for one in new]
        prepare(mails, now)
        if mails:
            cursor.execute(_OWED, _columns(mails, now))
    return there


def _mail(one: Closed, hours: list[datetime.time], now: datetime.datetime) -> StepMail:
    row, day = one.row, one.day
    person, runner = Person(row.zone, *hours), OfRunner(row.runner)
    name = make_msgid(domain=settings.SITE_DOMAIN)
    return StepMail(row.runner, person, row.pk, runner, KIND_OF[day.decision], day.date, now, now, now, name)


def _instant(at: datetime.datetime | None) -> str:
    return "NULL" if at is None else at.isoformat()


def _columns(mails: Sequence[StepMail], now: datetime.datetime) -> dict:
    return {
        "now": now,
        "correlation": correlation.current(),
        "trigger": Trigger.DAY_CLOSE.value,
        "recipients": as_array([one.recipient_id for one in mails]),
        "enrolments": as_array([one.enrolment_id for one in mails]),
        "kinds": as_array([one.kind for one in mails]),
        "dates": as_array([one.local_date for one in mails]),
        "wanted": as_array([_instant(one.wanted_at) for one in mails]),
        "due": as_array([_instant(one.due_at) for one in mails]),
        "expire": as_array([_instant(one.expires_at) for one in mails]),
        "statuses": as_array([one.status for one in mails]),
        "names": [one.message_id for one in mails],
        "settled": as_array([_instant(one.settled_at) for one in mails]),
        "outcomes": [one.outcome for one in mails],
    }
