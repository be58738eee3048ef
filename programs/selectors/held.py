"""A hold in force, and what the engine would have decided on each day that it held."""

import datetime
from dataclasses import dataclass

from programs.engine.decide import Decision as EngineDecision
from programs.engine.records import snapshot_from_json
from programs.engine.shadow import without_hold
from programs.engine.values import Trigger
from programs.models import Decision, Enrolment
from programs.presentation import DECISIONS, Tag
from programs.said import said
from programs.selectors.case_rows import FAULTY
from programs.snapshots import programme_of

HELD = "D7A_PHYSIO_HOLD"
#: Days that are listed; an older one says little of what to do now.
MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class HeldDay:
    """What would have been decided of one day by itself; ``moves_to`` is empty where the stage stays."""

    date: datetime.date
    tag: Tag
    rule: str
    moves_to: str


def held_days(enrolment: Enrolment, today: datetime.date) -> tuple[HeldDay, ...]:
    """The days that the present hold decided, newest first; one query, none without a hold.

    ``enrolment`` comes with its version. Each day is decided again on the inputs
    that were stored with it.
    """
    if enrolment.hold_until is None or enrolment.hold_until < today:
        return ()
    rows = Decision.objects.in_force().filter(
        enrolment=enrolment,
        rule=HELD,
        # Not the act of holding itself.
        trigger__in=(Trigger.DAY_CLOSE, Trigger.CORRECTION),
        version=enrolment.version_id,
        date__gt=today - datetime.timedelta(days=MOST_DAYS),
    )
    days = (_day(enrolment, *row) for row in rows.newest_first().values_list("date", "inputs"))
    return tuple(day for day in days if day)


def _day(enrolment: Enrolment, date: datetime.date, inputs: dict) -> HeldDay | None:
    """None where the inputs are of an engine that cannot be asked any more."""
    try:
        decided = without_hold(snapshot_from_json(inputs, programme_of(enrolment.version)))
    except FAULTY:
        return None
    return HeldDay(date, DECISIONS[decided.outcome], decided.rule, _moves_to(decided))


def _moves_to(decided: EngineDecision) -> str:
    if decided.stage_after == decided.stage_before:
        return ""
    return said(decided.snapshot.programme.stages[decided.stage_after].title)
