"""Exercises changed for one runner: what a stage asks for then, case by case and for any changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.adjusting.directions import INTOLERANT, is_run, verdict
from programs.adjusting.in_force import Adjusted, Adjustments, in_force, numbers_of
from programs.library.loader import EXERCISE, PROGRAMME
from programs.models import PainPattern
from programs.selectors.prescription import Session, sessions_of
from tests.builders import shipped
from tests.support.exercises import OWN

PROGRAMMES = {key: found.content for key, found in shipped().of_kind(PROGRAMME).items()}
DEFAULT = PROGRAMMES["lbp-acute-default"]
LIBRARY = {key: found.content for key, found in shipped().of_kind(EXERCISE).items()} | {
    "own_wall": OWN | {"key": "own_wall"}
}
NEITHER, FLEXION = PainPattern.NEITHER, PainPattern.FLEXION_INTOLERANT


def changes(*several: Adjusted, document: dict = DEFAULT) -> Adjustments:
    return Adjustments({one.exercise: one for one in several}, numbers_of(document))


def on(stage: str, *several: Adjusted, pattern: str = NEITHER) -> dict[str, Session]:
    """Session key -> session."""
    document = next(part for part in DEFAULT["stages"] if part["key"] == stage)
    return {part.key: part for part in sessions_of(document, pattern, LIBRARY, changes(*several))}


def doses(session: Session) -> dict[str, str]:
    return {one.key: one.dose for one in session.exercises}


def words(key: str, level: str) -> str:
    return LIBRARY[key]["doses"][level]["words"]


def one(exercise: str, kind: str, level: str = "", instead: str = "") -> Adjusted:
    return Adjusted(exercise, kind, level, instead, by="Petra", reason="Knees")


# --- dose ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "part", "exercise", "asked", "given_level"),
    [
        # The stage gives A, later C: every level is within it.
        ("S2_core", "core", "bird_dog", "A", "A"),
        ("S2_core", "core", "bird_dog", "C", "C"),
        # A, later B: C becomes B.
        ("S1_walking", "mobility", "cat_cow", "C", "B"),
        # A alone: the stretches after a run stay as short.
        ("S3_run1_walk4", "run_walk", "calf_stretch", "C", "A"),
        # Lower than the stage begins with is always possible.
        ("S3_run1_walk4", "core", "bird_dog", "A", "A"),
        ("S2_core", "brisk_walk", "walking", "A", "A"),
    ],
)
def test_a_dose_is_what_was_asked_for_but_never_above_the_stage(stage, part, exercise, asked, given_level):
    session = on(stage, one(exercise, "dose", asked))[part]
    found = next(shown for shown in session.exercises if shown.key == exercise)
    assert (found.dose, found.later_dose) == (words(exercise, given_level), "")
    assert found.changed == "Changed for you by Petra: Knees"


# --- swap ---------------------------------------------------------------------------
def test_a_swap_stands_in_the_same_place_of_every_session_at_its_level():
    for stage in ("S2_core", "S5_run3_walk2"):
        core = on(stage, one("plank", "swap", "B", "own_wall"))["core"]
        assert [shown.key for shown in core.exercises][2] == "own_wall"
        assert doses(core)["own_wall"] == OWN["doses"]["B"]["words"]
        assert "plank" not in doses(core)
        assert core.exercises[2].changed == "In place of Plank, by Petra: Knees"


def test_a_swap_takes_the_highest_level_that_the_exercise_has_and_the_stage_allows():
    assert doses(on("S2_core", one("plank", "swap", "C", "own_wall"))["core"])["own_wall"].startswith(
        "3 rounds"
    )
    stretches = on("S3_run1_walk4", one("calf_stretch", "swap", "C", "own_wall"))["run_walk"]
    assert doses(stretches)["own_wall"].startswith("2 rounds")


def test_a_swap_for_what_the_session_has_already_leaves_one_of_it():
    core = on("S2_core", one("plank", "swap", "B", "bridge"))["core"]
    assert [shown.key for shown in core.exercises].count("bridge") == 1
    assert doses(core)["bridge"] == words("bridge", "A")


def test_two_exercises_swapped_for_the_same_one_leave_one_of_it():
    both = (one("plank", "swap", "A", "own_wall"), one("bridge", "swap", "B", "own_wall"))
    core = on("S2_core", *both)["core"]
    assert [shown.key for shown in core.exercises].count("own_wall") == 1


def test_a_swap_for_what_is_forbidden_shows_neither_until_somebody_turns_it_on():
    swap = one("plank", "swap", "A", "deadlift")
    core = on("S3_run1_walk4", swap)["core"]
    assert not {"plank", "deadlift"} & set(doses(core))
    assert "Only when your physiotherapist turns it on" in " ".join(core.left_out)
    turned_on = on("S3_run1_walk4", swap, one("deadlift", "enable", "A"))["core"]
    assert [shown.key for shown in turned_on.exercises].count("deadlift") == 1


def test_a_swap_is_not_made_before_its_step_also_after_a_step_back():
    both = (one("plank", "swap", "A", "deadlift"), one("deadlift", "enable", "A"))
    core = on("S2_core", *both)["core"]
    assert not {"plank", "deadlift"} & set(doses(core))
    assert core.left_out == ("Plank: Knees (Petra)",)


# --- turn on ------------------------------------------------------------------------
def test_what_is_off_by_default_is_added_beside_what_counts_from_its_step_on():
    superman = one("superman_little_swallow", "enable", "A")
    assert all("superman_little_swallow" not in doses(part) for part in on("S2_core", superman).values())
    later = on("S3_run1_walk4", superman)
    assert "superman_little_swallow" in doses(later["core"])
    assert not later["core"].counts
    assert "superman_little_swallow" not in doses(later["run_walk"])


def test_what_a_direction_left_out_is_turned_on_where_it_stands_and_with_its_warning():
    left_out = on("S1_walking", pattern=FLEXION)["mobility"]
    assert "child_pose" not in doses(left_out)
    shown = on("S1_walking", one("child_pose", "enable", "B"), pattern=FLEXION)["mobility"]
    found = next(one for one in shown.exercises if one.key == "child_pose")
    assert found.caution == LIBRARY["child_pose"]["flexion_intolerant"]["note"]
    assert found.changed.startswith("Turned on for you by Petra")


def test_what_is_for_another_direction_is_turned_on_where_it_stands():
    assert "cobra" not in doses(on("S1_walking")["mobility"])
    assert "cobra" in doses(on("S1_walking", one("cobra", "enable", "A"))["mobility"])


def test_a_stage_without_a_set_beside_is_given_one_that_does_not_count():
    document = PROGRAMMES["osu-basic-2019"]
    stage = document["stages"][3]
    found = changes(one("superman_little_swallow", "enable", "A"), document=document)
    sessions = sessions_of(stage, NEITHER, LIBRARY, found)
    assert [(part.key, part.counts) for part in sessions] == [("run_walk", True), ("added", False)]


def test_no_run_is_turned_on_or_swapped_in():
    untouched = on("S2_core")
    assert on("S2_core", one("jogging", "enable", "A")) == untouched
    assert on("S2_core", one("plank", "swap", "A", "jogging")) == untouched


# --- leave out ----------------------------------------------------------------------
def test_what_is_left_out_is_named_with_the_reason():
    core = on("S2_core", one("plank", "leave_out"))["core"]
    assert "plank" not in doses(core)
    assert core.left_out == ("Plank: Knees (Petra)",)


def test_all_that_a_counting_session_has_is_not_taken_away():
    assert doses(on("S1_walking", one("walking", "leave_out"))["walk"]) == doses(on("S1_walking")["walk"])
    gone = [one(key, "leave_out") for key in ("calf_stretch", "hamstring_stretch", "hip_flexor_stretch")]
    run = on("S3_run1_walk4", *gone)["run_walk"]
    assert (run.exercises, run.outing is not None) == ((), True)


# --- the newest counts --------------------------------------------------------------
def test_the_newest_change_of_an_exercise_counts_and_one_that_was_taken_back_is_none():
    row = dict.fromkeys(("level", "instead", "reason", "reason_code", "email"), "")
    row |= {"name": "Petra", "date": "2026-01-05", "review_on": None}
    rows = [
        row | {"pk": "9", "exercise": "plank", "kind": "leave_out"},
        row | {"pk": "10", "exercise": "plank", "kind": "dose", "level": "A"},
        row | {"pk": "2", "exercise": "bridge", "kind": "leave_out"},
        row | {"pk": "11", "exercise": "bridge", "kind": "restore"},
    ]
    assert {key: found.kind for key, found in in_force(rows).items()} == {"plank": "dose"}


# --- for any changes ----------------------------------------------------------------
KEYS = st.sampled_from(sorted(LIBRARY))
LEVELS = st.sampled_from(["A", "B", "C"])
CHANGES = st.one_of(
    st.builds(lambda key, level: one(key, "dose", level), KEYS, LEVELS),
    st.builds(lambda key, level: one(key, "enable", level), KEYS, LEVELS),
    st.builds(lambda key: one(key, "leave_out"), KEYS),
    st.builds(lambda key, level, other: one(key, "swap", level, other), KEYS, LEVELS, KEYS),
)


@settings(max_examples=150, deadline=None)
@given(
    several=st.lists(CHANGES, max_size=6, unique_by=lambda change: change.exercise),
    programme=st.sampled_from(sorted(PROGRAMMES)),
    pattern=st.sampled_from(sorted(PainPattern.values)),
)
def test_any_changes_leave_a_stage_what_it_is(several, programme, pattern):
    document = PROGRAMMES[programme]
    found = changes(*several, document=document)
    for stage in document["stages"]:
        before = sessions_of(stage, pattern, LIBRARY)
        after = sessions_of(stage, pattern, LIBRARY, found)
        _holds(stage, before, after[: len(before)], found, pattern)
        assert all(not part.counts and part.outing is None for part in after[len(before) :])
        _nothing_above(stage, after, found)


def _holds(stage, before, after, found, pattern) -> None:
    for was, now in zip(before, after, strict=True):
        unchanged = ("key", "title", "counts", "outing", "advice", "how_often", "summary")
        assert all(getattr(was, name) == getattr(now, name) for name in unchanged)
        keys = [shown.key for shown in now.exercises]
        assert len(keys) == len(set(keys))
        for key in keys:
            allowed = verdict(LIBRARY[key], pattern)[0] != "no"
            assert allowed or found.by_key[key].kind == "enable"
            swapped_in = key not in {shown.key for shown in was.exercises}
            number = found.numbers[stage["key"]]
            assert not swapped_in or number >= LIBRARY[key]["from_stage"] or _is_listed(stage, key)
            assert not is_run(LIBRARY[key]) or key in {shown.key for shown in was.exercises}
        if was.counts and was.exercises and was.outing is None:
            assert now.exercises
        untouched = [shown for shown in was.exercises if shown.key not in found.by_key]
        assert [shown for shown in now.exercises if shown in untouched] == untouched


def _is_listed(stage, key) -> bool:
    return any(wanted["key"] == key for part in stage["sessions"] for wanted in part.get("exercises", ()))


def _nothing_above(stage, after, found) -> None:
    """No dose of an exercise that the stage gives is above what it gives."""
    most = {
        (part["key"], wanted["key"]): wanted.get("up_to", wanted["level"])
        for part in stage["sessions"]
        for wanted in part.get("exercises", ())
    }
    for part in after:
        for shown in part.exercises:
            if (part.key, shown.key) in most:
                allowed = [
                    d["words"]
                    for level, d in LIBRARY[shown.key]["doses"].items()
                    if level <= most[part.key, shown.key]
                ]
                assert shown.dose in allowed


def test_every_direction_has_its_words():
    assert set(INTOLERANT) == set(PainPattern)
