"""A step that waits to be confirmed: as the runner reads it, and as her physiotherapist does."""

import datetime
from dataclasses import dataclass

from django.db.models import (
    Aggregate,
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    F,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, JSONObject

from accounts.models import Consent, Role
from accounts.statements import Given, ObjectStatement
from programs.engine.programme import Stage
from programs.models import Decision, Enrolment, Override, OverrideKind
from programs.said import said
from programs.selectors.criteria import CriterionRow, criterion_rows, recorded
from programs.selectors.decisions import DecisionRow, decision_row
from programs.selectors.evidence import sources_by_key
from programs.selectors.reading import Reading, read
from programs.snapshots import signed_off

WAITS = "D8P_SIGN_OFF"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who said that the present stage may be left, and when."""

    by: str
    on: datetime.date


@dataclass(frozen=True, slots=True)
class SignOff:
    """Either it waits for ``names``, who may be nobody, or it was ``confirmed_by`` somebody."""

    next: str
    names: str
    confirmed_by: str

    @property
    def is_waiting(self) -> bool:
        return not self.confirmed_by


@dataclass(frozen=True, slots=True)
class SignOffPage:
    """``why_not`` says in a word why there is nothing to confirm; empty where there is."""

    why_not: str
    is_ready: bool
    next: str
    starts_on: datetime.date
    confirmed: Confirmed | None
    #: Of the open day as it stands, and of the newest day on which only the confirmation was missing.
    open_date: datetime.date
    criteria: tuple[CriterionRow, ...]
    ready_on: datetime.date | None
    criteria_then: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest decision, with the names of those who could confirm the step."""

    row: DecisionRow | None
    names: tuple[str, ...]


class _Rows(Aggregate):
    """Many rows as one list."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


@ObjectStatement
def _newest() -> QuerySet[Decision]:
    """The newest decision, without what makes its row heavy, and whom the runner lets in."""
    # A colleague who covers confirms it as well; access that is over does not.
    mine = Consent.objects.in_force(Given("now", DateTimeField())).filter(
        runner=OuterRef("enrolment__runner"), clinician__is_active=True, clinician__role=Role.CLINICIAN
    )
    texts = {"pk": "pk", "name": "clinician__name", "email": "clinician__email"}
    row = JSONObject(**{name: Cast(F(column), CharField()) for name, column in texts.items()})
    rows = mine.order_by().annotate(one=Value(1)).values("one").annotate(rows=_Rows(row)).values("rows")
    # Found first by itself: beside all of hers PostgreSQL read the whole ledger, of everybody, to
    # know which of them were replaced.
    hers = Decision.objects.filter(enrolment=Given("enrolment", BigIntegerField())).newest_first()
    found = Decision.objects.filter(pk=Subquery(hers.values("pk")[:1])).annotate(
        let_in=Subquery(rows), was_replaced=Exists(Decision.objects.filter(supersedes=OuterRef("pk")))
    )
    return found.select_related("override").defer("inputs", "criteria")


def newest_of(enrolment: Enrolment, now: datetime.datetime) -> Newest:
    """In one query: a page that shows both may ask no more."""
    newest = _newest.first(enrolment=enrolment.pk, now=now)
    if newest is None:
        return Newest(None, ())
    people = sorted(newest.let_in or (), key=lambda person: int(person["pk"]))
    shown = decision_row(newest, enrolment.version, is_superseded=newest.was_replaced)
    return Newest(shown, tuple(person["name"] or person["email"] for person in people))


def sign_off_of(reading: Reading, newest: Newest) -> SignOff | None:
    """None where the step asks for nothing, or is not ready. No query."""
    enrolment, stage = reading.enrolment, _stage(reading)
    if enrolment.is_paused or not stage.sign_off:
        return None
    confirmed = reading.snapshot.signed_off
    if confirmed:
        return SignOff(_next(reading), "", confirmed.name)
    return SignOff(_next(reading), ", ".join(newest.names), "") if _waits(reading, newest) else None


def sign_off_page(*, enrolment: Enrolment, now: datetime.datetime) -> SignOffPage:
    """Whether her present step can be confirmed, and on what that would rest. At most seven queries."""
    reading = read(enrolment, now)
    stage, confirmed = _stage(reading), confirmed_of(reading.history.overrides, enrolment, reading.today)
    outlook = reading.decide_open_day()
    ready = None if outlook.rule == WAITS else _ready(enrolment)
    why_not = ""
    if not stage.sign_off:
        why_not = "not asked"
    elif enrolment.is_paused:
        why_not = "paused"
    elif enrolment.stage_entered_on > reading.today:
        why_not = "not begun"
    elif confirmed:
        why_not = "confirmed"
    return SignOffPage(
        why_not=why_not,
        is_ready=not why_not and _waits(reading, newest_of(enrolment, now)),
        next=_next(reading),
        starts_on=enrolment.stage_entered_on,
        confirmed=confirmed,
        open_date=enrolment.open_date,
        criteria=criterion_rows(outlook.criteria, enrolment.version, enrolment.stage, sources_by_key()),
        ready_on=ready.date if ready else None,
        criteria_then=_criteria_of(ready, enrolment) if ready else (),
    )


def confirmed_of(overrides: list[Override], enrolment: Enrolment, today: datetime.date) -> Confirmed | None:
    """The confirmation that counts for her present stage. No query."""
    entered = enrolment.stage_entered_on.toordinal()
    if signed_off(overrides, enrolment.stage, entered, today) is None:
        return None
    acts = [act for act in overrides if act.kind == OverrideKind.SIGN_OFF and act.stage == enrolment.stage]
    return Confirmed(str(acts[-1].made_by), acts[-1].date)


def _ready(enrolment: Enrolment) -> Decision | None:
    """The newest day of this stay on which only the confirmation was missing (one query)."""
    rows = enrolment.decisions.in_force().filter(
        rule=WAITS, stage_before=enrolment.stage, date__gte=enrolment.stage_entered_on
    )
    return rows.newest_first().first()


def _criteria_of(row: Decision, enrolment: Enrolment) -> tuple[CriterionRow, ...]:
    """Where each limit comes from stands beside those of today."""
    return criterion_rows(recorded(row.criteria), enrolment.version, row.stage_before, then=True)


def _stage(reading: Reading) -> Stage:
    return reading.snapshot.programme.stages[reading.snapshot.state.stage]


def _next(reading: Reading) -> str:
    programme, position = reading.snapshot.programme, reading.snapshot.state.stage
    return said(programme.stages[min(position + 1, programme.last)].title)


def _waits(reading: Reading, newest: Newest) -> bool:
    """Tonight's outlook, or the newest decision, waits for nothing else."""
    return WAITS in (reading.decide_open_day().rule, newest.row.rule if newest.row else "")
