"""What a day asks for: INV-09, and never a session where a rest day is due."""

from dataclasses import replace

import pytest

from programs.engine.plan import Plan, PlanKind, plan_for
from programs.engine.simulate import (
    DayEvents,
    Simulation,
    initial_state,
    simulate,
    with_constants,
)
from programs.engine.snapshot import Snapshot
from tests.unit.engine.build import (
    PROGRAMME,
    S0,
    S1,
    S2,
    S3,
    S4,
    S8,
    TODAY,
    diary,
    entry,
    flags,
    ready,
    resting,
    session,
)

FREE = {"session": "none"}
NO_SESSIONS = {-5: FREE, -3: FREE, -1: FREE}
LEG = {"leg": "below_knee"}


def in_stage(stage: int, **changes):
    """The programme with another weekly number or spacing in one stage."""
    stages = list(PROGRAMME.stages)
    stages[stage] = replace(stages[stage], **changes)
    return replace(PROGRAMME, stages=tuple(stages))


THREE_A_WEEK = in_stage(S2, per_week=3)
TWO_BETWEEN = in_stage(S2, days_between=2)

PAUSED = (PlanKind.PAUSED, S2, "Your programme is paused.")
SESSION = "A session is planned today."
BETWEEN = "A rest day between sessions."
ENOUGH_REST = "That is enough rest: gentle walking now helps more."
LEG_PAIN = "Pain below the knee: no session today."
FLARE = "You woke clearly worse after yesterday's session: today is a rest day."
STOPPED = "You stopped yesterday's session because of pain: today is a rest day."
EASY = "An easy day: walking and gentle mobility only."


@pytest.mark.parametrize(
    ("snapshot", "kind", "stage", "why"),
    [
        (ready(refer="routine"), *PAUSED),
        (ready(days={0: flags("THORACIC")}), *PAUSED),
        (resting(1, refer="urgent"), PlanKind.PAUSED, S0, "Your programme is paused."),
        (resting(5), PlanKind.REST_STAGE, S0, "Day 1 of at most 2 of relative rest."),
        (resting(5, 0), PlanKind.REST_STAGE, S0, "Day 1 of at most 2 of relative rest."),
        (resting(5, 2), PlanKind.REST_STAGE, S0, "Day 2 of at most 2 of relative rest."),
        (resting(5, 3), PlanKind.SESSION, S1, ENOUGH_REST),
        (resting(None, 3), PlanKind.SESSION, S1, ENOUGH_REST),
        (
            resting(5, 2, programme=with_constants(PROGRAMME, rest_cap_days=1)),
            PlanKind.SESSION,
            S1,
            ENOUGH_REST,
        ),
        (ready(easy_until=0), PlanKind.EASY, S1, EASY),
        (ready(S4, easy_until=1), PlanKind.EASY, S1, EASY),
        (ready(easy_until=-1), PlanKind.SESSION, S2, SESSION),
        (ready(S2), PlanKind.SESSION, S2, SESSION),
        (ready(S3), PlanKind.REST_DAY, S3, BETWEEN),
        (ready(S3, {-1: FREE}), PlanKind.SESSION, S3, SESSION),
        (ready(S3, {-1: {"session": "skipped"}}), PlanKind.SESSION, S3, SESSION),
        (ready(S3, {-1: session("partial")}), PlanKind.REST_DAY, S3, BETWEEN),
        (ready(S8), PlanKind.REST_DAY, S8, BETWEEN),
        (ready(S8, {-1: FREE}), PlanKind.SESSION, S8, SESSION),
        (ready(S2, {0: LEG}), PlanKind.REST_DAY, S2, LEG_PAIN),
        (ready(S2, {-1: LEG}), PlanKind.REST_DAY, S2, LEG_PAIN),
        (ready(S2, {-2: LEG}), PlanKind.REST_DAY, S2, LEG_PAIN),
        (ready(S2, {-3: LEG}), PlanKind.SESSION, S2, SESSION),
        (ready(S1, {0: {"morning": 3}}), PlanKind.SESSION, S1, SESSION),
        (ready(S1, {0: {"morning": 4}}), PlanKind.REST_DAY, S1, FLARE),
        (ready(S1, {0: {"morning": 4}, -1: FREE}), PlanKind.SESSION, S1, SESSION),
        (ready(S2, {-1: session("stopped_pain")}), PlanKind.REST_DAY, S2, STOPPED),
        (ready(S2, {-2: session("stopped_pain")}), PlanKind.SESSION, S2, SESSION),
        (ready(S2, NO_SESSIONS | {-2: session()}, programme=TWO_BETWEEN), PlanKind.REST_DAY, S2, BETWEEN),
        (ready(S2, NO_SESSIONS | {-3: session()}, programme=TWO_BETWEEN), PlanKind.SESSION, S2, SESSION),
        (
            ready(S2, programme=THREE_A_WEEK),
            PlanKind.REST_DAY,
            S2,
            "3 sessions in seven days are enough.",
        ),
        (ready(S2, {-5: FREE}, programme=THREE_A_WEEK), PlanKind.SESSION, S2, SESSION),
        (
            ready(S2, {-5: FREE, -6: session()}, programme=THREE_A_WEEK),
            PlanKind.REST_DAY,
            S2,
            "3 sessions in seven days are enough.",
        ),
        (ready(S2, {-5: FREE, -7: session()}, programme=THREE_A_WEEK), PlanKind.SESSION, S2, SESSION),
        (
            ready(S2, {-4: session()}, programme=THREE_A_WEEK),
            PlanKind.REST_DAY,
            S2,
            "4 sessions in seven days are enough.",
        ),
        # What was done today does not take today's session from the page.
        (ready(S2, {0: session(), -5: FREE}, programme=THREE_A_WEEK), PlanKind.SESSION, S2, SESSION),
    ],
)
def test_plan(snapshot, kind, stage, why):
    plan = plan_for(snapshot)
    assert plan == Plan(kind, stage, why)
    assert plan.has_session is (kind is PlanKind.SESSION)


def plans_of(simulation: Simulation) -> list[PlanKind]:
    return [plan_for(row.decision.snapshot).kind for row in simulate(simulation)]


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {TODAY: entry(rest=9)},
        {TODAY + n: entry(rest=5) for n in range(10)},
        {TODAY + n: entry(rest=8) for n in range(10)},
        {TODAY + n: entry(morning=3) for n in range(10)},
    ],
)
@pytest.mark.parametrize("cleared_on", [None, 1, 2, 4])
def test_relative_rest_is_shown_on_two_days_of_an_episode_at_most(entries, cleared_on):
    events = {} if cleared_on is None else {TODAY + cleared_on: DayEvents(clear=True)}
    start = initial_state(PROGRAMME, S0, TODAY, intake=7)
    plans = plans_of(Simulation(PROGRAMME, start, entries, TODAY, TODAY + 9, events))
    assert plans.count(PlanKind.REST_STAGE) <= 2


def test_a_cleared_pause_gives_no_second_spell_of_rest():
    """Day 1 too painful to say more, a red flag on day 2, cleared on day 3."""
    entries = {
        TODAY: entry(rest=8),
        TODAY + 1: entry(rest=8, red_flags=("THORACIC",)),
        TODAY + 2: entry(rest=8),
    }
    start = initial_state(PROGRAMME, S0, TODAY, intake=7)
    events = {TODAY + 2: DayEvents(clear=True)}
    plans = plans_of(Simulation(PROGRAMME, start, entries, TODAY, TODAY + 3, events))
    assert plans[:3] == [PlanKind.REST_STAGE, PlanKind.PAUSED, PlanKind.SESSION]


def test_a_plan_reads_no_later_day():
    snapshot = ready(S3, {-1: FREE})
    later = {**snapshot.entries, TODAY + 1: entry(**flags("CE_SADDLE")), TODAY + 2: entry(**LEG)}
    assert plan_for(replace(snapshot, entries=later)) == plan_for(snapshot)


def test_a_plan_needs_no_entries():
    assert plan_for(replace(ready(S3), entries={})).kind is PlanKind.SESSION
    assert plan_for(replace(ready(S2), entries=diary(first=0))).kind is PlanKind.SESSION


def test_the_walks_of_the_stage_before_do_not_delay_the_first_run():
    walks = {day: entry(**session(), stage_shown=PROGRAMME.stages[S2].key) for day in range(TODAY - 7, TODAY)}
    state = initial_state(PROGRAMME, S3, TODAY, intake=6, baseline=1)
    assert plan_for(Snapshot(PROGRAMME, TODAY, state, walks, TODAY - 20)).kind is PlanKind.SESSION


@pytest.mark.parametrize("shown", [PROGRAMME.stages[S3].key, None])
def test_a_run_of_yesterday_asks_for_a_rest_day_in_any_stage(shown):
    runs = {TODAY - 1: entry(**session(), stage_shown=shown)}
    state = initial_state(PROGRAMME, S4, TODAY, intake=6, baseline=1)
    assert plan_for(Snapshot(PROGRAMME, TODAY, state, runs, TODAY - 20)).why == BETWEEN
