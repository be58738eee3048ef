"""Two editions of a programme, field by field, and which differences make it less careful."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.builder.differences import Kind, Place, differences
from programs.engine.document import CONSTANT_BOUNDS
from programs.library.loader import PROGRAMME
from programs.selectors.differences import in_words
from tests.builders import shipped

KEYS = sorted(shipped().of_kind(PROGRAMME))
DEFAULT = "lbp-acute-default"
WALKING, RUN = 1, 3


def a_document(key: str = DEFAULT) -> dict:
    return copy.deepcopy(shipped().content(PROGRAMME, key))


def only(old: dict, new: dict):
    (found,) = differences(old, new)
    return found


@pytest.mark.parametrize("key", KEYS)
def test_a_document_does_not_differ_from_itself(key):
    assert differences(a_document(key), a_document(key)) == ()


def test_a_number_says_what_it_was_and_is():
    new = a_document()
    new["stages"][WALKING]["criteria"]["need_sessions"]["value"] = 4
    found = only(a_document(), new)
    assert (found.place, found.kind, found.field) == (
        Place("S1_walking"),
        Kind.CHANGED,
        "criteria.need_sessions.value",
    )
    assert (found.before, found.after, found.is_less_careful) == (3, 4, False)


def test_the_evidence_of_a_number_is_a_difference_of_its_own():
    new = a_document()
    new["stages"][WALKING]["criteria"]["need_sessions"] |= {"grade": "convention", "source": "MGH"}
    found = {one.field: (one.before, one.after) for one in differences(a_document(), new)}
    assert found == {
        "criteria.need_sessions.grade": ("own_choice", "convention"),
        "criteria.need_sessions.source": ("design", "MGH"),
    }


def test_a_stage_comes_and_goes_whole():
    new = a_document()
    gone = new["stages"].pop(2)
    found = only(a_document(), new)
    assert (found.place, found.kind, found.before, found.after) == (
        Place(gone["key"]),
        Kind.REMOVED,
        gone,
        None,
    )
    assert found.is_less_careful
    assert only(new, a_document()).kind is Kind.ADDED


def test_a_stage_that_moved_is_the_same_stage():
    new = a_document()
    stages = new["stages"]
    stages[1], stages[2] = stages[2], stages[1]
    found = only(a_document(), new)
    assert found.kind is Kind.MOVED
    assert found.place.stage in (stages[1]["key"], stages[2]["key"])
    assert {found.before, found.after} == {2, 3}


def test_an_exercise_is_known_by_its_key_and_has_its_dose():
    new = a_document()
    exercises = new["stages"][WALKING]["sessions"][1]["exercises"]
    exercises[0]["level"] = "B"
    removed = exercises.pop(3)
    found = differences(a_document(), new)
    assert [(one.place.exercise, one.kind, one.field) for one in found] == [
        (exercises[0]["key"], Kind.CHANGED, "level"),
        (removed["key"], Kind.REMOVED, ""),
    ]
    assert [one.is_less_careful for one in found] == [True, False]


def test_the_same_exercise_twice_is_two():
    new = a_document()
    exercises = new["stages"][WALKING]["sessions"][1]["exercises"]
    exercises.append(exercises[0] | {"level": "C"})
    assert only(a_document(), new).kind is Kind.ADDED


def test_intervals_are_one_whole():
    new = a_document()
    walk = new["stages"][RUN]["sessions"][0]["run_walk"]
    walk["intervals"][0]["repeats"] += 1
    found = only(a_document(), new)
    assert found.field == "run_walk.intervals"
    assert found.is_less_careful
    assert not only(new, a_document()).is_less_careful


def test_a_sentence_that_is_gone():
    new = a_document()
    gone = new["stages"][WALKING]["stop_if"].pop(0)
    found = only(a_document(), new)
    assert (found.kind, found.field, found.before) == (Kind.REMOVED, "stop_if", gone)
    assert found.is_less_careful


def test_a_sentence_that_moved_says_nothing_of_the_others():
    new = a_document()
    new["stages"][WALKING]["normal"].reverse()
    assert {one.kind for one in differences(a_document(), new)} == {Kind.MOVED}


def test_true_is_not_one():
    assert only({"sign_off": True}, {"sign_off": 1}).field == "sign_off"


@pytest.mark.parametrize("name", CONSTANT_BOUNDS)
def test_a_constant_far_from_its_default_is_more_careful(name):
    old, new = a_document(), a_document()
    default = old["engine"][name]["value"]
    new["engine"][name]["value"] = max(CONSTANT_BOUNDS[name], key=lambda end: abs(end - default))
    assert not only(old, new).is_less_careful
    assert only(new, old).is_less_careful
    without = a_document()
    del without["engine"][name]
    assert not only(old, without).is_less_careful
    assert only(new, without).is_less_careful


@pytest.mark.parametrize(
    ("name", "looser"),
    [("need_sessions", -1), ("min_days", -1), ("min_logged", -1), ("q", 1)],
)
def test_a_criterion_that_asks_for_less(name, looser):
    new = a_document()
    new["stages"][2]["criteria"][name]["value"] += looser
    assert only(a_document(), new).is_less_careful
    assert not only(new, a_document()).is_less_careful


def test_a_confirmation_that_is_not_asked_for_any_more():
    new = a_document()
    new["sign_off"] = True
    assert not only(a_document(), new).is_less_careful
    assert only(new, a_document()).is_less_careful


def test_a_limit_that_is_gone():
    new = a_document()
    limits = new["stages"][RUN]["limits"]
    limits["week_growth_percent"] = {"value": 5, "grade": "own_choice", "source": "design"}
    assert not only(a_document(), new).is_less_careful
    assert only(new, a_document()).is_less_careful


def test_thresholds_that_there_were_none_of_differ_one_by_one():
    new = a_document()
    del new["engine"]
    assert {one.field for one in differences(a_document(), new)} == {
        f"engine.{name}" for name in CONSTANT_BOUNDS
    }


@pytest.mark.parametrize(
    "broken",
    [{"stages": "none"}, {"stages": [1, "x"]}, {"stages": [{"key": 3}]}, {"stages": {}}, {}, {"engine": {}}],
)
def test_a_document_of_any_shape_can_be_compared(broken):
    assert differences(a_document(), broken)
    assert len(differences(a_document(), broken)) == len(differences(broken, a_document()))
    assert differences(broken, broken) == ()


# --- any edit at all --------------------------------------------------------------------
def _edit_number(stage, draw):
    stage["criteria"]["q"]["value"] += draw(st.integers(1, 3))


def _edit_title(stage, draw):
    stage["title"] += draw(st.sampled_from(["!", " (new)"]))


def _edit_texts(stage, draw):
    stage["normal"].append(draw(st.text(min_size=1, max_size=5)) + " more")


def _edit_session(stage, draw):
    sessions = stage["sessions"]
    sessions.append({**sessions[0], "key": "another"})


def _edit_evidence(stage, draw):
    stage["criteria"]["q"]["note"] = draw(st.sampled_from(["why", "why not"]))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    key=st.sampled_from(KEYS),
    edits=st.lists(
        st.sampled_from([_edit_number, _edit_title, _edit_texts, _edit_session, _edit_evidence]),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    data=st.data(),
)
def test_whatever_is_edited_is_named_with_its_stage(key, edits, data):
    old, new = a_document(key), a_document(key)
    at = data.draw(st.sampled_from([n for n, s in enumerate(new["stages"]) if s["kind"] != "rest"]))
    for edit in edits:
        edit(new["stages"][at], data.draw)
    found = differences(old, new)
    assert len(found) == len(edits)
    assert {one.place.stage for one in found} == {new["stages"][at]["key"]}
    assert len(differences(new, old)) == len(found)


@settings(max_examples=30, deadline=None)
@given(key=st.sampled_from(KEYS), data=st.data())
def test_another_order_is_found_in_both_directions(key, data):
    old, new = a_document(key), a_document(key)
    new["stages"] = data.draw(st.permutations(new["stages"]))
    found, back = differences(old, new), differences(new, old)
    assert len(found) == len(back)
    assert bool(found) == (old["stages"] != new["stages"])
    assert all(one.kind is Kind.MOVED and one.place.stage for one in found)


# --- in words -----------------------------------------------------------------------------
def words_of(old: dict, new: dict) -> dict[str, list[str]]:
    found = in_words(old, new, {"cobra": "Cobra"})
    return {group.title: [row.words for row in group.rows] for group in found.groups}


def test_a_number_in_words():
    new = a_document()
    new["stages"][WALKING]["criteria"]["need_sessions"]["value"] = 4
    assert words_of(a_document(), new) == {"Stage “Gentle walking”": ["comfortable sessions needed: 3 → 4"]}


def test_the_whole_programme_and_a_stage_in_words():
    new = a_document()
    new["sign_off"] = True
    new["stages"][2]["sessions"][1]["exercises"].append(
        {"key": "cobra", "level": "A", "when": "flexion_intolerant"}
    )
    gone = new["stages"].pop(3)
    assert words_of(a_document(), new) == {
        "The whole programme": ["a physiotherapist confirms before the next stage: nothing → yes"],
        "Stage “Brisk walking and core strength”": [
            "Core set: “Cobra” is new, dose A, where bending forward makes it worse"
        ],
        f"Stage “{gone['title']}”": ["this stage is gone"],
    }


def test_how_many_make_it_less_careful():
    new = a_document()
    new["stages"][WALKING]["criteria"]["min_days"]["value"] -= 1
    new["title"] = "Another title"
    found = in_words(a_document(), new, {})
    assert (found.total, found.count, found.less_careful) == ("2 differences", 2, 1)
    assert not in_words(new, new, {})


@pytest.mark.parametrize("field", ["run_walk", "exercises", "basis", "advice", "key", "per_week"])
@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [1], [{"key": "a"}], {"intervals": 3}, True])
def test_words_for_what_somebody_is_still_writing(field, value):
    new = a_document()
    new["stages"][RUN]["sessions"][0][field] = value
    assert words_of(a_document(), new)
    assert words_of(new, a_document())
