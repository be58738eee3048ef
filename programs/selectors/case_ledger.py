"""Of the ledgers of a whole caseload, the decisions that a list tells of."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import DateField, OuterRef, QuerySet, Subquery

from accounts.among import Among, given_ids
from accounts.lines import Instant, Line, Ordinal, Written, document, instant_of, rows_of, written_of
from accounts.statements import Given
from programs.models import Decision, Enrolment
from programs.models.decision import PLAIN
from programs.selectors.case_texts import grouped, one_each
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


def ledger_since(today: datetime.date) -> datetime.date:
    return today - datetime.timedelta(days=LEDGER_DAYS)


def ledger_texts() -> Iterable[QuerySet]:
    """Of the decisions in force since a date, without inputs: those that changed or asked something,
    and the newest plain one: of the others a list tells nothing. Of pauses, what they began with.
    """
    told = Decision.objects.in_force().filter(~PLAIN, Among("enrolment", given_ids()), date__gte=_SINCE)
    yield grouped(told, Line(*_COLUMNS, Instant("decided_at")), "told")
    yield one_each(Enrolment.objects.filter(Among("pk", given_ids())), _newest_plain(), "plain", "pk")
    began = beginnings_of_pauses(given_ids("paused")).order_by()
    yield one_each(began, Written("date", "rule", "reason", document("inputs")), "began")


def _newest_plain() -> Subquery:
    """Of each enrolment one row, taken off its own index."""
    plain = Decision.objects.in_force().filter(PLAIN, enrolment=OuterRef("pk"), date__gte=_SINCE)
    return Subquery(plain.newest_first().annotate(line=Line(*_COLUMNS)).values("line")[:1])


def lines_of(texts: Mapping[str, str]) -> tuple[LedgerLine, ...]:
    """The newest first."""
    lines = [_line(*values) for values in rows_of(texts.get("told"))]
    lines += [_line(*values, "") for values in rows_of(texts.get("plain"))]
    return tuple(sorted(lines, key=_newest_first))


def _line(pk: str, day: str, decision, rule, trigger, refer, stage_after, decided_at: str) -> LedgerLine:
    date, at = datetime.date.fromordinal(int(day)), instant_of(decided_at) if decided_at else None
    return LedgerLine(int(pk), date, decision, rule, trigger, refer, stage_after, at)


def _newest_first(line: LedgerLine) -> tuple[int, int]:
    return -line.date.toordinal(), -line.pk


def pause_of(texts: Mapping[str, str]) -> PauseBegan | None:
    """The decision behind the present pause."""
    if "began" not in texts:
        return None
    ((date, rule, reason, inputs),) = written_of(texts["began"])
    # The text as the field reads it: how a row is kept is the model's own affair.
    read = Decision._meta.get_field("inputs").from_db_value(inputs, None, connection)
    began = datetime.date.fromisoformat(date)
    return PauseBegan(began, rule, reason, _flags_on(began, read))


def _flags_on(date: datetime.date, inputs: dict) -> tuple[str, ...]:
    return tuple(inputs["entries"].get(date.isoformat(), {}).get("red_flags", ()))
