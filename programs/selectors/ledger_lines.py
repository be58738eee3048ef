"""Rows of the ledger for charts, without what makes them heavy: those of some days, or all.

A page reads what its days show, however long the ledger, and of all the rest one text of what
changed something (``programs/selectors/ledger_changes.py``).
"""

import datetime
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from accounts.statements import Given, Statement
from programs.models import Decision, Enrolment, Override
from programs.selectors.ledger_changes import Change, changes_column, changes_of, in_order

_ENROLMENT, _SINCE = Given("enrolment", BigIntegerField()), Given("since", DateField())
_LINE = (
    "pk",
    "date",
    "takes_effect_on",
    "decision",
    "rule",
    "refer",
    "trigger",
    "stage_before",
    "stage_after",
    "supersedes",
    "baseline",
    "version",
    "override__version",
)


class Line(NamedTuple):
    """A row of the ledger, as far as charts and lists need it to choose; a long history has hundreds.

    ``baseline`` is the usual waking pain with which that day began, on days that are looked at.
    """

    pk: int
    date: datetime.date
    takes_effect_on: datetime.date
    decision: str
    rule: str
    refer: str
    trigger: str
    stage_before: str
    stage_after: str
    supersedes: int | None
    baseline: int | None = None
    #: Ids of the edition that decided, and of the one that a move led to.
    version: int | None = None
    moved_to: int | None = None
    superseded_by: int | None = None


def lines_since(
    enrolment: Enrolment, first: datetime.date, *, every_day: bool
) -> tuple[tuple[Line, ...], tuple[Change, ...]]:
    """What days from ``first`` on show of the ledger, and the changes of the whole of it. One query.

    The lines of those days, what took effect since, what had taken effect last before, and every move to
    another edition, in the order in which they took effect.
    """
    asked = _recent_and_every_day if every_day else _recent_and_changes
    rows, text = [], None
    for *line, changes in asked.rows(enrolment=enrolment.pk, since=first):
        if line[0] is None:
            text = changes
        else:
            rows.append(line)
    changes = changes_of(text)
    replaced = {row.supersedes: row.pk for row in changes if row.supersedes is not None}
    return tuple(sorted((Line(*line, replaced.get(line[0])) for line in rows), key=in_order)), changes


def lines_of(enrolment: Enrolment, since: datetime.date = datetime.date.min) -> tuple[Line, ...]:
    """The whole ledger without what makes its rows heavy, in the order in which it took effect.

    ``since``: before that date no line says its baseline, for which the database would open the inputs.
    """
    return tuple(map(Line._make, _lines.rows(enrolment=enrolment.pk, since=since)))


@Statement
def _lines() -> QuerySet:
    return _lines_among(Q()).order_by("takes_effect_on", "pk").values_list(*_LINE, "superseded_by")


@Statement
def _recent_and_changes() -> QuerySet:
    return _recent_and(every_day=False)


@Statement
def _recent_and_every_day() -> QuerySet:
    return _recent_and(every_day=True)


def _recent_and(*, every_day: bool) -> QuerySet:
    """Lines, and one row more, with nothing in it but the changes."""
    before = _hers().filter(takes_effect_on__lt=_SINCE).order_by("-takes_effect_on", "-pk").values("pk")[:1]
    moves = Override.objects.filter(enrolment=_ENROLMENT, version__isnull=False).values("pk")
    shown = Q(date__gte=_SINCE) | Q(takes_effect_on__gte=_SINCE) | Q(pk__in=before) | Q(override__in=moves)
    lines = _lines_among(shown).order_by().annotate(changes=Value(None, TextField()))
    nothing = {f"no_{name}": Value(None, TextField()) for name in _LINE}
    changes = (
        Enrolment.objects.filter(pk=_ENROLMENT)
        .order_by()
        .annotate(**nothing, changes=changes_column(_ENROLMENT, every_day=every_day))
    )
    return lines.values_list(*_LINE, "changes").union(changes.values_list(*nothing, "changes"), all=True)


def _lines_among(rows: Q) -> QuerySet[Decision]:
    looked_at = When(date__gte=_SINCE, then=KT("inputs__state__baseline"))
    baseline = Cast(Case(looked_at, output_field=TextField()), IntegerField())
    return _hers().filter(rows).annotate(baseline=baseline)


def _hers() -> QuerySet[Decision]:
    return Decision.objects.filter(enrolment=_ENROLMENT)
