"""A session as a list of steps: what it adds up to, and never more than the stage says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.engine.document_stages import running_seconds, total_seconds
from programs.engine.session_script import Step, StepKind, Unit, exercise_steps, outing_steps
from programs.library.loader import EXERCISE, PROGRAMME
from tests.builders import shipped

RUN, WALK, REST = StepKind.RUN, StepKind.WALK, StepKind.REST
WARM_UP, COOL_DOWN = StepKind.WARM_UP, StepKind.COOL_DOWN
READY, POSITION, SET, CHANGE = (
    StepKind.READY,
    StepKind.POSITION,
    StepKind.EXERCISE,
    StepKind.CHANGE_SIDES,
)


def seconds_of(steps: tuple[Step, ...]) -> int:
    """All that the clock counts; what lasts until the runner says so is not in it."""
    return sum(step.seconds or 0 for step in steps)


def running_seconds_of(steps: tuple[Step, ...]) -> int:
    return sum(step.seconds for step in steps if step.kind is RUN)


def run_walk(*parts: tuple[int, int, int], fewest: int | None = None) -> dict:
    intervals = [{"run_seconds": run, "walk_seconds": walk, "repeats": times} for run, walk, times in parts]
    if fewest:
        intervals[-1]["repeats_from"] = fewest
    return {"warm_up_min": 5, "intervals": intervals, "cool_down_min": 5}


def shape(steps: tuple[Step, ...]) -> list[tuple[StepKind, int | None]]:
    return [(step.kind, step.seconds) for step in steps]


# --- runs ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "between"),
    [
        (run_walk((60, 240, 2)), [(RUN, 60), (WALK, 240), (RUN, 60), (WALK, 240)]),
        (run_walk((90, 90, 1), (180, 0, 1)), [(RUN, 90), (WALK, 90), (RUN, 180)]),
        (run_walk((0, 300, 1), (60, 0, 1)), [(WALK, 300), (RUN, 60)]),
        (run_walk((1800, 0, 1)), [(RUN, 1800)]),
    ],
)
def test_a_run_is_a_warm_up_the_intervals_and_a_cool_down(document, between):
    assert shape(outing_steps(document)) == [(WARM_UP, 300), *between, (COOL_DOWN, 300)]


@pytest.mark.parametrize(
    ("most", "between"),
    [
        (600, [(RUN, 60), (WALK, 30), (RUN, 60), (WALK, 30), (RUN, 60), (WALK, 30)]),
        (150, [(RUN, 60), (WALK, 30), (RUN, 60), (WALK, 30), (RUN, 30)]),
        (120, [(RUN, 60), (WALK, 30), (RUN, 60)]),
        (60, [(RUN, 60)]),
        (0, []),
    ],
)
def test_the_limit_of_the_day_shortens_the_running_and_keeps_the_cool_down(most, between):
    steps = outing_steps(run_walk((60, 30, 3)), most_run_seconds=most)
    assert shape(steps) == [(WARM_UP, 300), *between, (COOL_DOWN, 300)]


def test_runs_are_counted_and_those_beyond_the_fewest_are_left_to_the_runner():
    steps = outing_steps(run_walk((60, 240, 3), fewest=2))
    assert [(s.number, s.count, s.is_optional) for s in steps if s.kind is RUN] == [
        (1, 3, False),
        (2, 3, False),
        (3, 3, True),
    ]
    assert [s.is_optional for s in steps if s.kind is WALK] == [False, False, True]


parts = st.lists(
    st.tuples(st.integers(0, 1800), st.integers(0, 1800), st.integers(1, 20)), min_size=1, max_size=4
)


@settings(deadline=None, max_examples=150)
@given(parts)
def test_the_seconds_are_those_of_the_prescription(several):
    document = run_walk(*several)
    steps = outing_steps(document)
    assert seconds_of(steps) == total_seconds(document)
    assert running_seconds_of(steps) == running_seconds(document)
    assert all(step.seconds for step in steps)


@settings(deadline=None, max_examples=150)
@given(parts, st.integers(0, 3600))
def test_no_run_is_longer_than_the_stage_or_the_day_allows(several, most):
    document = run_walk(*several)
    steps = outing_steps(document, most_run_seconds=most)
    longest = max(run for run, _, _ in several)
    assert running_seconds_of(steps) == min(most, running_seconds(document))
    assert all(step.seconds <= longest for step in steps if step.kind is RUN)
    assert (steps[0].kind, steps[-1].kind) == (WARM_UP, COOL_DOWN)
    assert all(step.seconds for step in steps)


# --- exercises -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        # Holds are counted down, and there is time to get into position first.
        (
            {"sets": 2, "hold_seconds": 10},
            [(READY, None), (POSITION, 10), (SET, 10), (REST, 15), (SET, 10)],
        ),
        # The lower end of a span; a longer hold is followed by a longer rest.
        (
            {"sets": 2, "sets_max": 3, "hold_seconds": 20, "hold_seconds_max": 30},
            [(READY, None), (POSITION, 10), (SET, 20), (REST, 30), (SET, 20)],
        ),
        # While one side works the other rests.
        (
            {"sets": 2, "hold_seconds": 5, "per_side": True},
            [
                (READY, None),
                (POSITION, 10),
                *[(SET, 5), (CHANGE, 10), (SET, 5), (CHANGE, 10), (SET, 5), (CHANGE, 10), (SET, 5)],
            ],
        ),
        # Repeats and breaths last as long as they last.
        ({"reps": 8, "reps_max": 10}, [(SET, None)]),
        ({"sets": 2, "reps": 10, "hold_seconds": 5}, [(SET, None), (REST, 30), (SET, None)]),
        ({"sets": 1, "reps": 6, "per_side": True, "hold_seconds": 5}, [(SET, None), (SET, None)]),
        ({"breaths": 8, "breaths_max": 10, "times_a_day": 2}, [(SET, None)]),
        ({"minutes": 20, "minutes_max": 30}, [(SET, 1200)]),
        ({"by_stage": True}, []),
    ],
)
def test_an_exercise_is_its_sets_and_what_lies_between(amount, expected):
    assert shape(exercise_steps("plank", amount)) == expected


def test_a_walk_is_shown_as_a_walk():
    assert shape(exercise_steps("walking", {"minutes": 30, "times_a_day": 1})) == [(WALK, 1800)]


def test_sides_alternate_and_each_change_leads_to_the_side_that_follows():
    steps = exercise_steps("side_plank", {"sets": 2, "hold_seconds": 5, "per_side": True})
    assert [(s.number, s.side) for s in steps if s.kind is SET] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    for change, after in zip(steps, steps[1:], strict=False):
        if change.kind is CHANGE:
            assert (after.kind, after.side, after.number) == (SET, change.side, change.number)


# --- what is shipped -------------------------------------------------------------------------
def shipped_outings() -> list[dict]:
    documents = [shipped().content(PROGRAMME, key) for key in shipped().of_kind(PROGRAMME)]
    stages = [stage for document in documents for stage in document["stages"]]
    sessions = [session for stage in stages for session in stage["sessions"]]
    return [session["run_walk"] for session in sessions if "run_walk" in session]


def test_every_shipped_run_becomes_exactly_what_its_stage_says():
    outings = shipped_outings()
    assert len(outings) > 20
    assert all(seconds_of(outing_steps(outing)) == total_seconds(outing) for outing in outings)


def test_every_shipped_dose_becomes_steps_and_never_more_than_it_says():
    for key in shipped().of_kind(EXERCISE):
        for dose in shipped().content(EXERCISE, key)["doses"].values():
            amount, steps = dose["amount"], exercise_steps(key, dose["amount"])
            assert bool(steps) != ("by_stage" in amount), key
            sets = [step for step in steps if step.kind in (SET, WALK)]
            sides = 2 if amount.get("per_side") else 1
            assert len(sets) == (amount.get("sets", 1) * sides if steps else 0)
            assert all(
                step.seconds == amount["hold_seconds"] for step in sets if step.dose.unit is Unit.SECONDS
            )
