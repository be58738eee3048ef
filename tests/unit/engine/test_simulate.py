"""A diary day by day: clinicians' acts, pauses that last, catch-up runs."""

from dataclasses import replace

import pytest

from programs.engine.simulate import (
    DayEvents,
    Simulation,
    initial_state,
    signed_off_after,
    simulate,
    with_constants,
    with_events,
)
from programs.engine.snapshot import Act, Contacts, Hold, State
from programs.engine.values import Refer
from tests.unit.engine.build import (
    CONFIRMED_STEPS,
    PROGRAMME,
    S1,
    S2,
    S3,
    TODAY,
    diary,
    entry,
    flags,
    ready,
    session,
)

NAME = "Your physiotherapist"


def run(simulation: Simulation) -> list[tuple[str, int, int]]:
    """Rule, stage before and stage after of each day."""
    return [(row.decision.rule, row.stage_before, row.decision.stage_after) for row in simulate(simulation)]


def days(count: int, events=None, entries=None, **changes) -> Simulation:
    """So many quiet days from today in the core step."""
    quiet = {TODAY + n: entry(morning=1, rest=1) for n in range(count)}
    start = initial_state(PROGRAMME, S2, TODAY, intake=6, baseline=2)
    events = {TODAY + n: event for n, event in (events or {}).items()}
    made = Simulation(PROGRAMME, start, {**quiet, **(entries or {})}, TODAY, TODAY + count - 1, events)
    return replace(made, **changes)


# --- the start --------------------------------------------------------------------------
def test_a_start_without_a_past():
    assert initial_state(PROGRAMME, S2, TODAY) == State(stage=S2, entered=TODAY, started=TODAY)


def test_a_start_in_the_middle_of_a_programme():
    state = initial_state(PROGRAMME, S2, TODAY, 28, intake=6, baseline=2, refer=Refer.ROUTINE)
    assert (state.started, state.entered) == (TODAY - 27, TODAY)
    assert (state.intake, state.baseline, state.refer) == (6, 2, Refer.ROUTINE)


@pytest.mark.parametrize(("last", "rules"), [(-1, 2), (-2, 1), (-3, 0)])
def test_an_earlier_step_back_is_still_cooled_down_from(last, rules):
    start = initial_state(PROGRAMME, S2, TODAY, step_backs=(TODAY + last, TODAY - 30), baseline=2)
    assert start.step_backs == (TODAY - 30, TODAY + last)
    decided = [rule for rule, _before, _after in run(days(3, start=start))]
    assert decided.count("D8B_COOLDOWN") == rules


def test_a_given_cool_down_wins():
    start = initial_state(PROGRAMME, S2, TODAY, step_backs=(TODAY - 1,), cooldown_until=TODAY + 5)
    assert start.cooldown_until == TODAY + 5


# --- acts of a clinician --------------------------------------------------------------------
def test_a_hold_keeps_the_step_up_to_and_including_its_last_day():
    events = {1: DayEvents(hold_until=TODAY + 2, name="Ana Ruiz", reason="a cold")}
    assert [rule for rule, *_ in run(days(4, events))] == [
        "D8J_MIN_DAYS",
        "D7A_PHYSIO_HOLD",
        "D7A_PHYSIO_HOLD",
        "D8J_MIN_DAYS",
    ]
    reasons = [row.decision.reason for row in simulate(days(2, events))]
    assert reasons[1] == "Ana Ruiz asked you to stay at this step until 4 March 2026: “a cold”."


@pytest.mark.parametrize(("older", "newer", "until"), [(5, 3, 5), (3, 5, 5), (4, 4, 4)])
def test_a_shorter_hold_does_not_end_a_longer_one(older, newer, until):
    state = with_events(ready().state, TODAY, DayEvents(hold_until=TODAY + older))
    state = with_events(state, TODAY, DayEvents(hold_until=TODAY + newer, name="B", reason="r"))
    assert state.hold == Hold(TODAY + until, "B", "r")


def test_a_day_without_acts_changes_nothing():
    state = ready(hold_until=3, refer="routine", easy_until=1).state
    assert with_events(state, TODAY, DayEvents()) == state


def test_a_set_stage_is_held_that_day_and_counts_from_it():
    decided = run(days(3, {1: DayEvents(set_stage=S3)}))
    assert decided == [
        ("D8J_MIN_DAYS", S2, S2),
        ("D7B_PHYSIO_SET", S2, S3),
        ("D8J_MIN_DAYS", S3, S3),
    ]
    assert [row.decision.facts.stage_day for row in simulate(days(3, {1: DayEvents(set_stage=S3)}))] == [
        1,
        1,
        2,
    ]


def test_the_first_stage_can_be_set():
    assert run(days(1, {0: DayEvents(set_stage=0)})) == [("D7B_PHYSIO_SET", S2, 0)]


def test_only_a_clear_ends_a_pause():
    entries = {TODAY: entry(rest=1, **flags("THORACIC"))}
    events = {2: DayEvents(set_stage=S3), 3: DayEvents(hold_until=TODAY + 3), 4: DayEvents(clear=True)}
    assert run(days(6, events, entries)) == [
        ("D2_URGENT", S2, S2),
        ("D3_PAUSED", S2, S2),
        ("D3_PAUSED", S2, S3),
        ("D3_PAUSED", S3, S3),
        ("D7C_PHYSIO_CLEAR", S3, S3),
        ("D8J_MIN_DAYS", S3, S3),
    ]


def test_acts_carry_name_and_reason():
    events = {0: DayEvents(clear=True, name="Ana Ruiz", reason="seen in clinic")}
    (row,) = simulate(days(1, events))
    assert row.decision.reason == "Ana Ruiz cleared you to continue: “seen in clinic”."
    (row,) = simulate(days(1, {0: DayEvents(set_stage=S3)}))
    assert row.decision.reason == "Your physiotherapist moved you to Run 1, walk 4: “”."
    assert row.decision.snapshot.cleared is None


# --- days ------------------------------------------------------------------------------------
def test_every_day_is_decided_once_in_order():
    rows = list(simulate(days(5)))
    assert [row.day for row in rows] == [TODAY + n for n in range(5)]
    assert [row.decision.facts.stage_day for row in rows] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("first_day", "rule"), [(None, "D8J_MIN_DAYS"), (-13, "D8J_MIN_DAYS"), (-14, "D5G_LONG_GAP")]
)
def test_days_before_the_first_that_could_be_logged_are_no_gap(first_day, rule):
    start = initial_state(PROGRAMME, S3, TODAY, baseline=2)
    first_day = None if first_day is None else TODAY + first_day
    assert run(days(1, start=start, first_day=first_day))[0][0] == rule


def test_contacts_reach_the_reason():
    entries = {TODAY: entry(**flags("CE_SADDLE"))}
    (row,) = simulate(days(1, entries=entries, contacts=Contacts("112", "doctor")))
    assert "call 112 or" in row.decision.reason


def test_a_red_session_costs_one_step_and_not_a_second_one_on_the_next_morning():
    """INV-18: one session, one step back."""
    entries = {
        TODAY: entry(morning=1, rest=1, **session(during=8, limp=True)),
        TODAY + 1: entry(morning=8, rest=1),
        TODAY + 2: entry(morning=8, rest=1),
    }
    start = initial_state(PROGRAMME, S3, TODAY, baseline=2)
    assert run(days(4, entries=entries, start=start)) == [
        ("D5A_RED_PAIN", S3, S2),
        ("D8B_COOLDOWN", S2, S2),
        ("D8B_COOLDOWN", S2, S2),
        ("D8J_MIN_DAYS", S2, S2),
    ]


def test_two_flares_cost_one_step():
    """INV-18: the flares that cost a step do not count again in the stage below."""
    flaring = {"morning": 4, "rest": 1}
    entries = {
        TODAY: entry(morning=1, rest=1, **session()),
        TODAY + 1: entry(**flaring, **session()),
        TODAY + 2: entry(**flaring, **session()),
        TODAY + 3: entry(**flaring, **session()),
        TODAY + 4: entry(**flaring),
    }
    start = initial_state(PROGRAMME, S3, TODAY, baseline=2)
    assert run(days(5, entries=entries, start=start)) == [
        ("D8I_PENDING", S3, S3),
        ("D8F_FLARE", S3, S3),
        ("D5C_TWO_FLARES", S3, S2),
        ("D8B_COOLDOWN", S2, S2),
        ("D8B_COOLDOWN", S2, S2),
    ]


def test_the_shortest_way_from_walking_to_the_last_step_is_46_days():
    """4 + 7 + 5 x 7 least days, with comfortable sessions as early as they count."""
    sessions = {0, 1, 2} | {4 + 7 * stage + day for stage in range(6) for day in (0, 2, 4)}
    entries = {
        TODAY + n: entry(morning=0, rest=0, **(session(during=0, after=0) if n in sessions else {}))
        for n in range(60)
    }
    start = initial_state(PROGRAMME, S1, TODAY, baseline=0, intake=5)
    rows = simulate(Simulation(PROGRAMME, start, entries, TODAY, TODAY + 59))
    advances = [row.day - TODAY + 1 for row in rows if row.decision.outcome.value == "advance"]
    assert advances == [4, 11, 18, 25, 32, 39, 46]


def test_other_constants_for_previews():
    other = with_constants(PROGRAMME, red_at=5, cooldown_days=3)
    assert (other.constants.red_at, other.constants.cooldown_days, other.constants.strikes) == (5, 3, 3)
    assert other.stages == PROGRAMME.stages
    assert PROGRAMME.constants.red_at == 6


def test_events_of_nobody_in_particular():
    assert DayEvents() == DayEvents(None, None, False, False, NAME, "")


# --- a step that waits ------------------------------------------------------------------------
def rules_of_waiting(events: dict[int, DayEvents]) -> list[str]:
    """From the day on which everything is met, on a programme whose steps are confirmed."""
    given = ready(programme=CONFIRMED_STEPS)
    entries = diary() | {TODAY + offset: entry(morning=1, rest=1) for offset in range(1, 4)}
    simulation = Simulation(
        programme=CONFIRMED_STEPS,
        start=given.state,
        entries=entries,
        first=TODAY,
        last=TODAY + 3,
        first_day=TODAY - 60,
        events={TODAY + offset: event for offset, event in events.items()},
    )
    return [row.decision.rule for row in simulate(simulation)]


def test_without_a_confirmation_it_waits_every_night():
    assert rules_of_waiting({}) == ["D8P_SIGN_OFF"] * 4


def test_a_confirmation_counts_on_its_day_and_not_for_the_next_stage():
    rules = rules_of_waiting({1: DayEvents(sign_off=True)})
    assert rules[:3] == ["D8P_SIGN_OFF", "D9A_ADVANCE", "D8J_MIN_DAYS"]


def test_who_is_put_on_a_stage_waits_for_a_new_confirmation():
    assert signed_off_after(Act("A", "fine"), DayEvents(set_stage=S2)) is None
    assert signed_off_after(Act("A", "fine"), DayEvents(clear=True)) is None
    assert signed_off_after(Act("A", "fine"), DayEvents(hold_until=TODAY)) == Act("A", "fine")
    confirmed = DayEvents(sign_off=True, set_stage=S2, name="B", reason="r")
    assert signed_off_after(None, confirmed) == Act("B", "r")
