"""The safety invariants of ``docs/engine.md`` section 7, on diaries near every limit."""

import os
from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from programs.engine.decide import decide
from programs.engine.entry import Entry, InvalidEntry
from programs.engine.plan import PlanKind, plan_for
from programs.engine.records import digest, snapshot_from_json, snapshot_to_json
from programs.engine.rules import RULES
from programs.engine.simulate import DayEvents, Simulation, initial_state, simulate
from programs.engine.snapshot import Hold, Snapshot
from programs.engine.transition import after
from programs.engine.values import (
    DONE_SOMETHING,
    OUTCOME_RANK,
    REFER_RANK,
    Leg,
    Outcome,
    SessionKind,
    StageKind,
    Warmup,
)
from tests.unit.engine.build import PROGRAMME, S0, S1, S2, S3, TODAY
from tests.unit.engine.oracle import expected_rule
from tests.unit.engine.strategies import (
    codes,
    diaries,
    places,
    recorded,
    snapshots,
    with_entry,
    worse_answers,
)

#: Fewer are enough where the same tests run hundreds of times (scripts/mutate_engine.py).
EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "300"))


def examples(times: int = 1) -> settings:
    return settings(
        max_examples=EXAMPLES * times,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


ADVANCE = Outcome.ADVANCE


def outcome(snapshot: Snapshot) -> Outcome:
    return decide(snapshot).outcome


def stage_of(snapshot: Snapshot):
    return snapshot.programme.stages[snapshot.state.stage]


def entry_on(snapshot: Snapshot, ago: int) -> Entry:
    return snapshot.entries.get(snapshot.day - ago, Entry(missing=True))


# --- the generator itself, and the table read twice --------------------------------------------
def test_the_diaries_reach_every_rule_and_advance_often():
    rules, outcomes = Counter(), Counter()

    @settings(max_examples=2500, derandomize=True, database=None, deadline=None)
    @given(snapshots())
    def count(snapshot):
        decision = decide(snapshot)
        rules[decision.rule] += 1
        outcomes[decision.outcome] += 1

    count()
    total = sum(outcomes.values())
    assert outcomes[ADVANCE] >= total * 0.10
    assert outcomes[Outcome.STEP_BACK] >= total * 0.05
    assert outcomes[Outcome.PAUSE_AND_REFER] >= total * 0.05
    assert outcomes[Outcome.HOLD] >= total * 0.25
    assert {rule.code for rule in RULES} == set(rules)


@examples(5)
@given(snapshots())
def test_the_engine_reads_the_table_as_a_second_reader_does(snapshot):
    assert decide(snapshot).rule == expected_rule(snapshot)


@examples()
@given(snapshots())
def test_every_decision_can_be_explained(snapshot):
    decision = decide(snapshot)
    assert decision.reason
    assert "None" not in decision.reason
    assert all(c.text and c.value and c.limit for c in decision.criteria)
    if decision.outcome is ADVANCE:
        assert {c.status.value for c in decision.criteria} == {"met"}


# --- invariants of one decision -------------------------------------------------------------------
@examples()
@given(snapshots())
def test_inv_01_no_advance_without_a_score_today(snapshot):
    if outcome(snapshot) is ADVANCE:
        assert entry_on(snapshot, 0).rest is not None


@examples()
@given(snapshots(), st.lists(codes, min_size=1, max_size=2))
def test_inv_02_a_red_flag_pauses_whatever_else_is_true(snapshot, said):
    entry = entry_on(snapshot, 0)
    if entry.missing:
        entry = Entry(session=None)
    decision = decide(with_entry(snapshot, snapshot.day, replace(entry, red_flags=tuple(said))))
    assert decision.outcome is Outcome.PAUSE_AND_REFER
    assert decision.refer.value in ("urgent", "emergency")
    assert decision.stage_after == decision.stage_before


@examples(2)
@given(snapshots(most_changes=2), st.data())
def test_inv_03_a_higher_score_is_never_less_careful(snapshot, data):
    before = OUTCOME_RANK[outcome(snapshot)]
    raised = snapshot
    for day, name in data.draw(places(snapshot)):
        entry = raised.entries[day]
        score = min(getattr(entry, name) + data.draw(st.integers(1, 3)), 10)
        raised = with_entry(raised, day, replace(entry, **{name: score}))
    assert OUTCOME_RANK[outcome(raised)] >= before


@examples()
@given(snapshots(most_changes=2))
def test_inv_03_any_single_score_one_higher_is_never_less_careful(snapshot):
    before = OUTCOME_RANK[outcome(snapshot)]
    for day, name in recorded(snapshot, 5):
        entry = snapshot.entries[day]
        raised = replace(entry, **{name: min(getattr(entry, name) + 1, 10)})
        assert OUTCOME_RANK[outcome(with_entry(snapshot, day, raised))] >= before


@examples()
@given(snapshots(most_changes=2))
def test_inv_03_a_worse_answer_never_creates_an_advance(snapshot):
    if outcome(snapshot) is ADVANCE:
        return
    for ago in range(12):
        for worse in worse_answers(entry_on(snapshot, ago)):
            assert outcome(with_entry(snapshot, snapshot.day - ago, worse)) is not ADVANCE


@examples()
@given(snapshots())
def test_inv_04_a_decision_moves_one_step_at_most(snapshot):
    decision = decide(snapshot)
    moved = decision.stage_after - decision.stage_before
    expected = {Outcome.ADVANCE: 1, Outcome.STEP_BACK: -1}.get(decision.outcome, 0)
    assert moved == expected
    assert 0 <= decision.stage_after < len(snapshot.programme.stages)


@examples()
@given(snapshots(most_changes=2), st.sets(st.integers(0, 11), min_size=1, max_size=6))
def test_inv_06_a_day_that_was_not_logged_never_creates_an_advance(snapshot, silent):
    """The plan of a deleted day stays: without it a bad session would vanish with its entry."""
    if outcome(snapshot) is ADVANCE:
        return
    for ago in silent:
        planned = entry_on(snapshot, ago).was_planned
        nothing = Entry(missing=True, session=None, planned=planned) if planned else None
        snapshot = with_entry(snapshot, snapshot.day - ago, nothing)
    assert outcome(snapshot) is not ADVANCE


@examples()
@given(snapshots(least_stage=S1))
def test_inv_07_an_advance_has_logs_and_three_quiet_days(snapshot):
    if outcome(snapshot) is not ADVANCE:
        return
    stage, q = stage_of(snapshot), stage_of(snapshot).q
    in_stage = snapshot.day - snapshot.state.entered + 1
    logged = [ago for ago in range(min(7, in_stage)) if entry_on(snapshot, ago).rest is not None]
    assert len(logged) >= stage.min_logged
    for ago in (0, 1, 2):
        entry = entry_on(snapshot, ago)
        assert None not in (entry.rest, entry.morning)
        assert max(entry.rest, entry.morning) <= q


@examples()
@given(snapshots(least_stage=S3))
def test_inv_08_an_alternate_stage_waits_for_the_next_morning(snapshot):
    if outcome(snapshot) is not ADVANCE or stage_of(snapshot).kind is not StageKind.ALTERNATE:
        return
    sessions = [ago for ago in range(60) if entry_on(snapshot, ago).session in DONE_SOMETHING]
    assert sessions[0] >= 1
    assert entry_on(snapshot, sessions[0] - 1).morning is not None


@examples()
@given(snapshots())
def test_inv_10_a_hold_blocks_an_advance_and_nothing_else(snapshot):
    free = replace(snapshot, state=replace(snapshot.state, hold=None))
    held = replace(snapshot, state=replace(snapshot.state, hold=Hold(snapshot.day)))
    without, with_hold = outcome(free), outcome(held)
    assert with_hold is (Outcome.HOLD if without is ADVANCE else without)


@examples()
@given(snapshots())
def test_inv_11_the_same_inputs_give_the_same_decision(snapshot):
    turned = replace(snapshot, entries=dict(reversed(snapshot.entries.items())))
    stored = snapshot_to_json(snapshot)
    assert digest(snapshot_to_json(turned)) == digest(stored)
    first = decide(snapshot)
    for again in (decide(snapshot), decide(turned), decide(snapshot_from_json(stored, snapshot.programme))):
        assert (again.rule, again.refer, again.stage_after) == (first.rule, first.refer, first.stage_after)
        assert (again.reason, again.criteria) == (first.reason, first.criteria)


@examples()
@given(snapshots())
def test_inv_13_no_advance_before_the_least_days(snapshot):
    if outcome(snapshot) is ADVANCE:
        assert snapshot.day - snapshot.state.entered + 1 >= max(stage_of(snapshot).min_days, 1)


@examples()
@given(snapshots(most_changes=2), st.data())
def test_inv_15_a_score_that_was_not_recorded_never_creates_an_advance(snapshot, data):
    if outcome(snapshot) is ADVANCE:
        return
    for day, name in data.draw(places(snapshot)):
        snapshot = with_entry(snapshot, day, replace(snapshot.entries[day], **{name: None}))
    assert outcome(snapshot) is not ADVANCE


@examples()
@given(snapshots(), st.integers(-2, 5))
def test_inv_17_the_baseline_never_rises(snapshot, late):
    state = after(decide(snapshot), snapshot.day + late)
    old, new = snapshot.state.baseline, state.baseline
    assert new == old or (new is not None and (old is None or new < old))


@examples()
@given(snapshots(), diaries(3))
def test_inv_19_later_entries_change_nothing(snapshot, later):
    future = {snapshot.day + 1 + n: entry for n, entry in enumerate(later)}
    longer = replace(snapshot, entries={**snapshot.entries, **future})
    first, second = decide(snapshot), decide(longer)
    assert (first.rule, first.refer, first.stage_after) == (second.rule, second.refer, second.stage_after)
    assert (first.reason, first.criteria) == (second.reason, second.criteria)
    assert after(first) == after(second)
    assert plan_for(snapshot) == plan_for(longer)


any_score = st.sampled_from([None, -1, 0, 5, 10, 11])


@examples()
@given(
    st.sampled_from([None, *SessionKind]),
    any_score,
    any_score,
    st.sampled_from(list(Warmup)),
    st.booleans(),
    st.booleans(),
    st.sampled_from(list(Leg)),
)
def test_inv_21_what_exists_does_not_contradict_itself(kind, during, after_it, warmup, limp, missing, leg):
    given_values = {"during": during, "after": after_it, "warmup": warmup, "limp": limp, "leg": leg}
    try:
        entry = Entry(session=kind, missing=missing, **given_values)
    except InvalidEntry as refused:
        assert refused.field in (*given_values, "missing")
        out_of_range = {-1, 11} & {during, after_it}
        felt = during is not None or after_it is not None or warmup is not Warmup.NONE or limp
        said_on_a_missing_day = missing and kind not in (None, SessionKind.NONE)
        assert out_of_range or (felt and kind not in DONE_SOMETHING) or said_on_a_missing_day
        return
    assert all(score is None or 0 <= score <= 10 for score in (entry.during, entry.after))
    if not entry.has_session:
        assert (entry.during, entry.after, entry.warmup, entry.limp) == (None, None, Warmup.NONE, False)
    # Leg pain of such a day may be known from a note beside the check-in; a session is not.
    if entry.missing:
        assert entry.session in (None, SessionKind.NONE)


# --- invariants of a whole way -----------------------------------------------------------------------
def way(entries: list[Entry], start, events=None) -> list:
    by_day = {TODAY + n: entry for n, entry in enumerate(entries)}
    return list(simulate(Simulation(PROGRAMME, start, by_day, TODAY, TODAY + len(entries) - 1, events or {})))


@examples()
@given(diaries(6), st.sampled_from(["routine", "urgent", "emergency"]), st.integers(0, 5), codes)
def test_inv_05_only_a_person_ends_a_pause(entries, level, flag_day, code):
    entries[flag_day] = replace(entries[flag_day], missing=False, red_flags=(code,))
    start = initial_state(PROGRAMME, S2, TODAY, baseline=2, intake=6)
    start = replace(start, refer=next(refer for refer in REFER_RANK if refer.value == level))
    events = {TODAY + 1: DayEvents(set_stage=S1), TODAY + 3: DayEvents(hold_until=TODAY + 4)}
    open_level = start.refer
    for row in way(entries, start, events):
        assert row.decision.outcome is Outcome.PAUSE_AND_REFER
        assert REFER_RANK[row.decision.refer] >= REFER_RANK[open_level]
        open_level = row.decision.refer


clears = st.dictionaries(st.integers(0, 9), st.just(DayEvents(clear=True)), max_size=2)


@examples()
@given(diaries(10), st.lists(st.integers(3, 8), min_size=4, max_size=4), clears)
def test_inv_09_relative_rest_is_shown_on_two_days_at_most_and_never_comes_back(entries, rests, cleared):
    for n, rest in enumerate(rests):
        entries[n] = entries[n] if entries[n].missing else replace(entries[n], rest=rest)
    start = initial_state(PROGRAMME, S0, TODAY, intake=7)
    rows = way(entries, start, {TODAY + n: event for n, event in cleared.items()})
    shown = [plan_for(row.decision.snapshot).kind for row in rows]
    assert shown.count(PlanKind.REST_STAGE) <= 2
    stages = [row.stage_before for row in rows]
    left = next((n for n, stage in enumerate(stages) if stage > S0), len(stages))
    assert S0 not in stages[left:]


@examples()
@given(diaries(12), st.integers(S2, S3 + 1))
def test_inv_18_one_session_costs_one_step_at_most(entries, stage):
    start = initial_state(PROGRAMME, stage, TODAY, baseline=1, intake=6)
    back = [row.day for row in way(entries, start) if row.decision.outcome is Outcome.STEP_BACK]
    for day in back:
        if day - 1 in back:
            assert entries[day - TODAY].has_session
    sessions = [n for n, entry in enumerate(entries) if entry.has_session]
    assert len(back) <= len(sessions)


@examples(2)
@given(snapshots(least_stage=S1, most_changes=1), diaries(9))
def test_inv_22_a_catch_up_run_advances_once_at_most(snapshot, missed):
    """Days were not closed in time; all are decided on one later date, in order."""
    shown = stage_of(snapshot).key
    assume(snapshot.state.entered <= snapshot.day)
    entries = {**snapshot.entries}
    for n, entry in enumerate(missed, start=1):
        entries[snapshot.day + n] = replace(entry, stage_shown=shown)
    written_on = snapshot.day + len(missed) + 1
    advances, state = [], snapshot.state
    for day in range(snapshot.day, written_on):
        decision = decide(
            replace(snapshot, day=day, state=state, entries=entries, stage_set=None, cleared=None)
        )
        if decision.outcome is ADVANCE:
            advances.append(day)
            assert decision.stage_before == snapshot.state.stage
        state = after(decision, written_on)
    assert len(advances) <= 1
    if state.stage != snapshot.state.stage:
        assert state.entered == written_on
