"""Of a whole ledger, what may have changed something: one text, however long the history.

Most days end as they began, and nothing tells of them but the list of every day. The database
leaves them out and joins the others to one text, of which a page takes what it shows.
"""

import datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Q, Subquery

from accounts.lines import Line as TextLine
from accounts.lines import Lines, Ordinal, number, number_of, rows_of
from accounts.statements import Given
from programs.engine.values import Outcome, Refer, Trigger
from programs.models import Decision

#: A day that ended as it began. Not of a correction, and not where anybody acted.
UNTOUCHED = Q(trigger=Trigger.DAY_CLOSE.value, decision=Outcome.HOLD.value, refer=Refer.NONE.value)
#: As decisions took effect.
in_order = attrgetter("takes_effect_on", "pk")
_LINE = TextLine(
    "pk",
    Ordinal("date"),
    Ordinal("takes_effect_on"),
    "decision",
    "rule",
    "refer",
    "trigger",
    number("supersedes_id"),
)


class Change(NamedTuple):
    """A decision, as far as it takes to know whether it is told, and by which words another names it."""

    pk: int
    date: datetime.date
    takes_effect_on: datetime.date
    decision: str
    rule: str
    refer: str
    trigger: str
    supersedes: int | None
    superseded_by: int | None = None


def changes_column(enrolment: Given, *, every_day: bool) -> Subquery:
    """The text for ``changes_of``, or null where there is nothing.

    Where a person or a correction touched a day, all that was decided of it is in it: what was
    replaced, and what stood beside it. ``every_day``: every decision.
    """
    hers = Decision.objects.filter(enrolment=enrolment).order_by()
    touched = hers.exclude(trigger=Trigger.DAY_CLOSE.value).values("date")
    told = hers if every_day else hers.filter(~UNTOUCHED | Q(date__in=touched))
    return Subquery(told.values("enrolment").annotate(text=Lines(_LINE)).values("text"))


def changes_of(text: str | None) -> tuple[Change, ...]:
    """In the order in which they took effect."""
    found = {row.pk: row for row in map(_change, rows_of(text))}
    for row in [row for row in found.values() if row.supersedes in found]:
        found[row.supersedes] = found[row.supersedes]._replace(superseded_by=row.pk)
    return tuple(sorted(found.values(), key=in_order))


def _change(values: list[str]) -> Change:
    pk, date, takes_effect_on, *words, supersedes = values
    dates = [datetime.date.fromordinal(int(day)) for day in (date, takes_effect_on)]
    return Change(int(pk), *dates, *words, number_of(supersedes))
