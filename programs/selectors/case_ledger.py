"""Of the ledgers of a whole caseload, the decisions that a list tells of, in one query each."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import DateField, OuterRef, QuerySet, Subquery

from accounts.among import Among, given_ids
from accounts.lines import Instant, Line, Lines, Ordinal, document, instant_of, rows_of
from accounts.statements import Given, Statement
from programs.models import Decision, Enrolment
from programs.models.decision import PLAIN
from programs.selectors.decisions import beginnings_of_pauses

#: How far back a referral without a pause, good news, and what the engine did are looked for.
LEDGER_DAYS = 28
_SINCE = Given("since", DateField())
_COLUMNS = ("pk", Ordinal("date"), "decision", "rule", "trigger", "refer", "stage_after")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The part of a decision that a list shows; of a plain day nobody asks when it was decided."""

    pk: int
    date: datetime.date
    decision: str
    rule: str
    trigger: str
    refer: str
    stage_after: str
    decided_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class PauseBegan:
    """The decision that brought a pause to its level, with the red flags that were answered."""

    date: datetime.date
    rule: str
    reason: str
    red_flags: tuple[str, ...]


class LedgerRows(NamedTuple):
    """What was read of one ledger, as it was read: equal where nothing has changed."""

    told: str = ""
    newest_plain: str = ""


def read_ledgers(ids: list[int], today: datetime.date) -> dict[int, LedgerRows]:
    """Enrolment id -> decisions in force, without inputs; two queries.

    ``today`` is the earliest of their dates. Those of the last four weeks that changed or
    asked something, and the newest
    plain one: of the others a list tells nothing.
    """
    since = today - datetime.timedelta(days=LEDGER_DAYS)
    told = dict(_told.rows(ids=ids, since=since))
    plain = dict(_newest_plain.rows(ids=ids, since=since))
    return {pk: LedgerRows(told.get(pk, ""), plain.get(pk) or "") for pk in ids}


def lines_of(rows: LedgerRows) -> tuple[LedgerLine, ...]:
    """The newest first."""
    lines = [_line(*values) for values in rows_of(rows.told)]
    lines += [_line(*values, "") for values in rows_of(rows.newest_plain)]
    return tuple(sorted(lines, key=_newest_first))


def _line(pk: str, day: str, decision, rule, trigger, refer, stage_after, decided_at: str) -> LedgerLine:
    date, at = datetime.date.fromordinal(int(day)), instant_of(decided_at) if decided_at else None
    return LedgerLine(int(pk), date, decision, rule, trigger, refer, stage_after, at)


@Statement
def _told() -> QuerySet:
    told = Decision.objects.in_force().filter(~PLAIN, Among("enrolment", given_ids()), date__gte=_SINCE)
    lines = (
        told.order_by().values("enrolment_id").annotate(text=Lines(Line(*_COLUMNS, Instant("decided_at"))))
    )
    return lines.values_list("enrolment_id", "text")


@Statement
def _newest_plain() -> QuerySet:
    """Of each enrolment one row, taken off its own index."""
    plain = Decision.objects.in_force().filter(PLAIN, enrolment=OuterRef("pk"), date__gte=_SINCE)
    line = plain.newest_first().annotate(line=Line(*_COLUMNS)).values("line")
    enrolments = Enrolment.objects.filter(Among("pk", given_ids())).annotate(newest=Subquery(line[:1]))
    return enrolments.order_by().values_list("pk", "newest")


def _newest_first(line: LedgerLine) -> tuple[int, int]:
    return -line.date.toordinal(), -line.pk


def read_pauses(ids: Iterable[int]) -> dict[int, tuple]:
    """Enrolment id -> the decision behind the present pause, its inputs as text; one query."""
    return {row[0]: row for row in _began.rows(ids=ids)}


def pause_of(row: tuple) -> PauseBegan:
    _pk, date, rule, reason, inputs = row
    # The text as the field reads it: how a row is kept is the model's own affair.
    read = Decision._meta.get_field("inputs").from_db_value(inputs, None, connection)
    return PauseBegan(date, rule, reason, _flags_on(date, read))


@Statement
def _began() -> QuerySet:
    rows = beginnings_of_pauses(given_ids()).order_by().annotate(read=document("inputs"))
    return rows.values_list("enrolment", "date", "rule", "reason", "read")


def _flags_on(date: datetime.date, inputs: dict) -> tuple[str, ...]:
    return tuple(inputs["entries"].get(date.isoformat(), {}).get("red_flags", ()))
