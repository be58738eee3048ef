"""Of the ledgers of a whole caseload, the decisions that a list tells of, in one query each."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import DateField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.among import Among, given_ids
from accounts.statements import Given, Statement
from programs.engine.calendar import local_date
from programs.models import Decision, Enrolment
from programs.models.decision import PLAIN
from programs.selectors.decisions import beginnings_of_pauses

#: How far back a referral without a pause, good news, and what the engine did are looked for.
LEDGER_DAYS = 28
_SINCE = Given("since", DateField())
_COLUMNS = ("pk", "date", "decision", "rule", "trigger", "refer", "stage_after")


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


def ledger_lines(enrolments: list[Enrolment], now: datetime.datetime) -> dict[int, tuple[LedgerLine, ...]]:
    """Enrolment id -> decisions in force, newest first, without inputs; two queries.

    Those of the last four weeks that changed or asked something, and the newest
    plain one: of the others a list tells nothing.
    """
    since = min(local_date(now, e.runner.zone) for e in enrolments) - datetime.timedelta(days=LEDGER_DAYS)
    found: dict[int, list[LedgerLine]] = {e.pk: [] for e in enrolments}
    for pk, *values in _told.rows(ids=found, since=since):
        found[pk].append(LedgerLine(*values))
    for pk, row in _newest_plain.rows(ids=found, since=since):
        if row is not None:
            date = datetime.date.fromisoformat(row["date"])
            found[pk].append(LedgerLine(**row | {"date": date, "decided_at": None}))
    return {pk: tuple(sorted(lines, key=_newest_first)) for pk, lines in found.items()}


@Statement
def _told() -> QuerySet:
    told = Decision.objects.in_force().filter(~PLAIN, Among("enrolment", given_ids()), date__gte=_SINCE)
    return told.order_by().values_list("enrolment", *_COLUMNS, "decided_at")


@Statement
def _newest_plain() -> QuerySet:
    """Of each enrolment one row as an object, taken off its own index."""
    plain = Decision.objects.in_force().filter(PLAIN, enrolment=OuterRef("pk"), date__gte=_SINCE)
    row = plain.newest_first().values(row=JSONObject(**{name: name for name in _COLUMNS}))
    enrolments = Enrolment.objects.filter(Among("pk", given_ids())).annotate(newest=Subquery(row[:1]))
    return enrolments.order_by().values_list("pk", "newest")


def _newest_first(line: LedgerLine) -> tuple[int, int]:
    return -line.date.toordinal(), -line.pk


def pauses(ids: Iterable[int]) -> dict[int, PauseBegan]:
    """Enrolment id -> the decision behind the present pause; one query."""
    return {
        pk: PauseBegan(date, rule, reason, _flags_on(date, inputs))
        for pk, date, rule, reason, inputs in _began.rows(ids=ids)
    }


@Statement
def _began() -> QuerySet:
    rows = beginnings_of_pauses(given_ids()).order_by()
    return rows.values_list("enrolment", "date", "rule", "reason", "inputs")


def _flags_on(date: datetime.date, inputs: dict) -> tuple[str, ...]:
    return tuple(inputs["entries"].get(date.isoformat(), {}).get("red_flags", ()))
