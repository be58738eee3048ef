"""What the agreement of people with the engine is counted from: decisions, acts, held days."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import Count, DateField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import Consent, Membership, User
from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.records import entry_from_json, snapshot_from_json
from programs.engine.shadow import without_hold
from programs.engine.snapshot import Snapshot
from programs.engine.values import Trigger
from programs.models import Decision, Enrolment, Override, OverrideKind
from programs.selectors.case_rows import FAULTY
from programs.snapshots import programmes_of

#: An act counts as said to a decision for so many local dates after its day.
DAYS_TO_ACT = 2
HELD = "D7A_PHYSIO_HOLD"
#: What the engine decided, and no person.
BY_THE_ENGINE = (Trigger.DAY_CLOSE.value, Trigger.RED_FLAG.value, Trigger.CORRECTION.value)
#: Days on which a person's act stands in the place of a decision.
BY_AN_ACT = (HELD, "D7B_PHYSIO_SET", "D7C_PHYSIO_CLEAR", "D7D_SIGNED_OFF")
_ACT = ("kind", "stage", "reason_code", "said_to")
_DECIDED = ("rule", "decision", "stage_after", "version")


@dataclass(frozen=True, slots=True)
class Acted:
    """An act of a physiotherapist, and the engine's last decision before it, if there is one near."""

    kind: str
    stage: str
    reason_code: str
    decision: int | None = None
    rule: str = ""
    outcome: str = ""
    stage_after: str = ""
    version: int | None = None


def enrolments_of_clinic(clinician: User, now: datetime.datetime) -> QuerySet[Enrolment]:
    """Of runners who let in somebody of her clinic; where she is in none, of her own."""
    clinics = Membership.objects.current().filter(clinician=clinician).values("clinic")
    colleagues = Membership.objects.current().filter(clinic__in=clinics).values("clinician")
    seen_by = Q(clinician=clinician) | Q(clinician__in=colleagues)
    consents = Consent.objects.in_force(now).filter(seen_by)
    return Enrolment.objects.filter(runner__in=consents.values("runner"))


def decided_by_rule(enrolments: QuerySet[Enrolment], since: datetime.date) -> Counter[tuple[str, str]]:
    """(Rule, outcome) -> how often the engine decided so; the database counts (one query)."""
    rows = _by_engine(enrolments, since).exclude(rule__in=BY_AN_ACT).values_list("rule", "decision")
    return Counter({(rule, outcome): count for rule, outcome, count in rows.annotate(Count("pk")).order_by()})


def _by_engine(enrolments: QuerySet[Enrolment], since: datetime.date) -> QuerySet[Decision]:
    return Decision.objects.in_force().filter(
        enrolment__in=enrolments, date__gte=since, trigger__in=BY_THE_ENGINE
    )


def acts_with_decisions(enrolments: QuerySet[Enrolment], since: datetime.date) -> list[Acted]:
    """Every act of the time, with the decision that it was said to. Two queries.

    Each act looks its own decision up by the index of the newest, as no plan for a join of both tables
    is sure to do where PostgreSQL does not know yet how much there is: it took minutes.
    """
    acts = Override.objects.filter(enrolment__in=enrolments, date__gte=since)
    acts = acts.exclude(kind=OverrideKind.SELF_CLEAR).annotate(said_to=Subquery(_newest_before_an_act()))
    decisions = Decision.objects.filter(pk__in=acts.order_by().values("said_to"))
    decided = {pk: (pk, *values) for pk, *values in decisions.order_by().values_list("pk", *_DECIDED)}
    return [Acted(*values, *decided.get(said_to, ())) for *values, said_to in acts.values_list(*_ACT)]


def _newest_before_an_act() -> QuerySet[Decision]:
    """Of the act outside: the engine's last decision when it was made, if it is near."""
    earliest = ExpressionWrapper(
        OuterRef("date") - Value(datetime.timedelta(days=DAYS_TO_ACT)), output_field=DateField()
    )
    near = Decision.objects.in_force().filter(
        enrolment=OuterRef("enrolment"),
        date__range=(earliest, OuterRef("date")),
        decided_at__lte=OuterRef("made_at"),
        trigger__in=BY_THE_ENGINE,
    )
    return near.newest_first().values("pk")[:1]


def positions_of(acts: Iterable[Acted]) -> dict[int, dict[str, int]]:
    """Version -> its steps by their place (two queries at most)."""
    programmes = programmes_of({act.version for act in acts if act.version})
    return {pk: programme.positions for pk, programme in programmes.items()}


def held_days(enrolments: QuerySet[Enrolment], since: datetime.date) -> Iterator[tuple[str, str]]:
    """Of every day that a hold decided: rule and outcome of the engine without it. Three queries at most.

    Only these need their inputs; they are read one after the other.
    """
    rows = _by_engine(enrolments, since).filter(rule=HELD)
    programmes = programmes_of(rows.order_by().values_list("version", flat=True).distinct())
    entries: dict[str, Entry] = {}
    for version, inputs in rows.values_list("version", "inputs").iterator(chunk_size=500):
        try:
            decision = without_hold(_snapshot(inputs, programmes[version], entries))
        except FAULTY:
            # A row of another time that this engine cannot read says nothing.
            yield "", ""
            continue
        yield decision.rule, decision.outcome.value


def _snapshot(inputs: dict, programme: Programme, known: dict[str, Entry]) -> Snapshot:
    """As stored. The days before a day are those of yesterday again, so each entry is read once."""
    snapshot = snapshot_from_json({**inputs, "entries": {}}, programme)
    entries = {}
    for date, stored in inputs["entries"].items():
        words = str(stored)
        if words not in known:
            known[words] = entry_from_json(stored)
        entries[datetime.date.fromisoformat(date).toordinal()] = known[words]
    return replace(snapshot, entries=entries)
