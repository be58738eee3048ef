"""Builders: a runner whose step goes up today, and one change at a time.

Days are counted from the decided day: 0 is today, -1 yesterday. Unless a test
changes it, every day is quiet (waking 1, at rest 1), comfortable sessions were
done on days -5, -3 and -1, and nothing stands in the way of an advance.
"""

import datetime
from dataclasses import replace
from functools import cache

from programs.engine.decide import Decision, decide
from programs.engine.entry import Entry
from programs.engine.facts import Facts
from programs.engine.programme import Programme
from programs.engine.rules import TABLE
from programs.engine.snapshot import Act, Hold, Snapshot, State
from programs.engine.values import Leg, Refer, SessionKind, Warmup
from tests.unit.engine import scenarios

TODAY = datetime.date(2026, 3, 2).toordinal()
S0, S1, S2, S3, S4, S5, S6, S7, S8 = range(9)
TITLES = (
    "Easy days",
    "Walking",
    "Core and brisk walking",
    "Run 1, walk 4",
    "Run 2, walk 3",
    "Run 3, walk 2",
    "Run 4, walk 1",
    "Run 20 minutes",
    "Run 20 to 30 minutes",
)
PROGRAMME = replace(
    scenarios.PROGRAMME,
    stages=tuple(
        replace(stage, title=title) for stage, title in zip(scenarios.PROGRAMME.stages, TITLES, strict=True)
    ),
)
#: Every step waits for a physiotherapist.
CONFIRMED_STEPS = replace(
    PROGRAMME, stages=tuple(replace(stage, sign_off=True) for stage in PROGRAMME.stages)
)
#: Its gentlest step is a running step, and no step is rest.
RUNNING_ONLY = replace(PROGRAMME, key="running-only", stages=PROGRAMME.stages[S3:])

SESSION_DAYS = (-5, -3, -1)
FIRST = -60
QUIET = {"morning": 1, "rest": 1}
NAME = "Ana Ruiz"


def session(kind: str = "done", during: int | None = 1, after: int | None = 1, **more) -> dict:
    return {"session": kind, "during": during, "after": after, **more}


def flags(*codes: str) -> dict:
    return {"red_flags": codes}


def missing(planned: bool = False) -> dict:
    return {"missing": True, "session": None, "planned": planned}


def entry(**values) -> Entry:
    """An entry from plain words."""
    kind = values.pop("session", "none")
    return Entry(
        session=None if kind is None else SessionKind(kind),
        warmup=Warmup(values.pop("warmup", "none")),
        leg=Leg(values.pop("leg", "none")),
        **values,
    )


def _day(offset: int, changes: dict) -> Entry:
    if changes.get("missing"):
        return entry(**changes)
    usual = session() if offset in SESSION_DAYS and "session" not in changes else {}
    return entry(**{**QUIET, **usual, **changes})


@cache
def _quiet(first: int) -> dict[int, Entry]:
    return {TODAY + offset: _day(offset, {}) for offset in range(first, 1)}


def diary(days: dict[int, dict | None] | None = None, first: int = FIRST) -> dict[int, Entry]:
    """A quiet diary from ``first`` to today; a day given as None has no entry at all."""
    entries = dict(_quiet(first))
    for offset, said in (days or {}).items():
        if said is None:
            entries.pop(TODAY + offset, None)
        else:
            entries[TODAY + offset] = _day(offset, said)
    return entries


def ready(
    stage: int = S2,
    days: dict[int, dict | None] | None = None,
    *,
    stage_day: int = 11,
    programme_day: int = 21,
    baseline: int | None = 2,
    intake: int | None = 6,
    refer: str = "none",
    step_backs: tuple[int, ...] = (),
    easy_until: int | None = None,
    hold_until: int | None = None,
    stage_set: bool = False,
    cleared: bool = False,
    signed_off: bool = False,
    first: int = FIRST,
    programme: Programme = PROGRAMME,
) -> Snapshot:
    """A snapshot that advances unless the arguments say otherwise; offsets count from today."""
    state = State(
        stage=stage,
        entered=TODAY - stage_day + 1,
        started=TODAY - programme_day + 1,
        baseline=baseline,
        intake=intake,
        refer=Refer(refer),
        step_backs=tuple(TODAY + offset for offset in step_backs),
        cooldown_until=None if easy_until is None else TODAY + easy_until,
        hold=None if hold_until is None else Hold(TODAY + hold_until, NAME, "back from a cold"),
    )
    return Snapshot(
        programme=programme,
        day=TODAY,
        state=state,
        entries=diary(days, first),
        first_day=TODAY + first,
        stage_set=Act(NAME, "we agreed on this step") if stage_set else None,
        cleared=Act(NAME, "seen in clinic") if cleared else None,
        signed_off=Act(NAME, "looks steady") if signed_off else None,
    )


def resting(rest: int | None, stage_day: int = 1, days: dict | None = None, **changes) -> Snapshot:
    """A runner in the rest stage with this pain at rest today."""
    days = {**(days or {}), 0: {**(days or {}).get(0, {}), "rest": rest}}
    return ready(S0, days, stage_day=stage_day, programme_day=stage_day, **changes)


def rule_of(snapshot: Snapshot) -> str:
    return decide(snapshot).rule


def decided(snapshot: Snapshot) -> tuple[str, str, str, int]:
    decision: Decision = decide(snapshot)
    moved = decision.stage_after - decision.stage_before
    return decision.rule, decision.outcome.value, decision.refer.value, moved


def rule_applies(code: str, snapshot: Snapshot) -> bool:
    """Would this row apply, were it the only one?"""
    facts = Facts(snapshot)
    return any(
        section.guard(facts) and rule.applies(facts)
        for section in TABLE
        for rule in section.rules
        if rule.code == code
    )
