"""Edits of a draft: whatever somebody does to it, it stays readable, and nothing is lost by moving."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.builder import edits
from programs.builder.blank import SORTS, blank_programme, blank_session, blank_stage
from programs.builder.bounds import stage_bounds
from programs.builder.parts import NOTHING, found, put
from programs.builder.places import ABOUT, LADDER, RULES, SESSION, STAGE, Part, part_of, place_of
from programs.builder.soundness import faults_of
from programs.engine.document import check_document
from programs.engine.document_values import Fault
from programs.engine.values import StageKind
from programs.library.loader import EXERCISE, PROGRAMME, SOURCE
from tests.builders import DEFAULT, shipped

EXERCISES = {key: one.content for key, one in shipped().of_kind(EXERCISE).items()}
SOURCES = frozenset(shipped().of_kind(SOURCE))


def default() -> dict:
    return copy.deepcopy(shipped().content(PROGRAMME, DEFAULT))


def keys(document: dict) -> list:
    return [stage["key"] for stage in document["stages"]]


@pytest.mark.parametrize(
    ("place", "to", "expected"),
    [(0, 1, "bacd"), (3, 0, "dabc"), (1, 1, "abcd"), (0, 99, "bcda"), (2, -5, "cabd")],
)
def test_an_item_is_moved(place, to, expected):
    assert "".join(edits.moved(list("abcd"), place, to)) == expected


@pytest.mark.parametrize("place", [-1, 4])
def test_what_is_not_there_is_not_moved(place):
    for edit in (lambda: edits.moved(list("abcd"), place, 0), lambda: edits.without(list("abcd"), place)):
        with pytest.raises(IndexError):
            edit()


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["a"], 1, {"a": 1, "b": {"c": 2}}),
        (["b", "d"], 3, {"b": {"c": 2, "d": 3}}),
        (["x", "y"], 3, {"b": {"c": 2}, "x": {"y": 3}}),
        (["b", "c"], NOTHING, {}),
        (["b", "z"], NOTHING, {"b": {"c": 2}}),
        (["b", "c", "d"], NOTHING, {"b": {"c": 2}}),
        (["b", "c", "d"], 1, {"b": {"c": {"d": 1}}}),
    ],
)
def test_a_value_is_put_at_its_path(path, value, expected):
    part = {"b": {"c": 2}}
    put(part, path, value)
    assert part == expected


def test_what_is_not_there_is_nothing():
    for path in (["x"], ["b", "c"], ["b", 2], [0]):
        assert found({"b": [1, 2]}, path) is NOTHING


@pytest.mark.parametrize("kind", StageKind)
def test_a_blank_stage_has_no_fault(kind):
    document = blank_programme("Mine") | {"key": "mine", "summary": "s", "condition": "c", "audience": "a"}
    for other in StageKind:
        document = edits.add_stage(document, blank_stage(other))
    assert faults_of(document, exercises=EXERCISES, sources=SOURCES) == []
    assert [stage["kind"] for stage in document["stages"]] == list(StageKind)
    document = edits.add_stage(document, blank_stage(kind))
    order = [stage["kind"] for stage in document["stages"]]
    assert order == sorted(order, key=list(StageKind).index)
    assert len(set(keys(document))) == 5


@pytest.mark.parametrize("sort", SORTS)
def test_a_blank_session_has_no_fault(sort):
    document = edits.add_session(default(), 3, blank_session(sort))
    document = edits.add_session(document, 3, blank_session(sort))
    assert faults_of(document, exercises=EXERCISES, sources=SOURCES) == []


@pytest.mark.parametrize("kind", [kind for kind in StageKind if kind is not StageKind.REST])
def test_the_limits_that_are_shown_are_those_that_are_checked(kind):
    start = blank_programme("Mine") | {"key": "mine", "summary": "s", "condition": "c", "audience": "a"}
    for other in StageKind:
        start = edits.add_stage(start, blank_stage(other))
    place = list(StageKind).index(kind)
    for field, (low, high) in stage_bounds(start, kind).items():
        path = field.split(".")
        if found(start["stages"][place], path) is NOTHING:
            continue
        path += [] if field.startswith("sessions_per_week") else ["value"]
        for value, is_sound in ((low - 1, False), (low, True), (high, True), (high + 1, False)):
            document = copy.deepcopy(start)
            put(document["stages"][place], path, value)
            faults = check_document(document, known_exercises=frozenset(EXERCISES))
            whole = [f for f in faults if f.field == ".".join(path) and "whole number" in f.limit]
            assert (not whole) is is_sound, (field, value)


def test_a_start_follows_the_key_of_its_stage_and_goes_with_it():
    document = default() | {"start_stages": ["S0_relative_rest", "S1_walking"]}
    renamed = {**document["stages"][1], "key": "walks"}
    document = edits.with_stage(document, 1, renamed)
    assert document["start_stages"] == ["S0_relative_rest", "walks"]
    document = edits.remove_stage(document, 1)
    assert document["start_stages"] == ["S0_relative_rest"]
    assert "start_stages" not in edits.remove_stage(document, 0)


def test_a_copied_stage_brings_its_sources():
    stage = default()["stages"][3]
    document = edits.add_stage(blank_programme("Mine"), stage, edits.sources_of(stage))
    assert document["sources"][:2] == ["design", "CLIN6"]
    assert set(edits.sources_of(stage)) <= set(document["sources"])


def test_edits_leave_the_document_that_they_were_given():
    document = default()
    edits.move_stage(document, 0, 3)
    edits.remove_stage(document, 0)
    edits.copy_stage(document, 1)
    edits.with_stage(document, 1, {"key": "new"})
    edits.add_session(document, 1, blank_session("advice"))
    edits.remove_session(document, 1, 0)
    edits.move_session(document, 1, 0, 1)
    assert document == default()


@pytest.mark.parametrize(
    ("place", "field", "expected", "path"),
    [
        ("programme", "title", Part(ABOUT), ("title",)),
        ("programme", "sources.2", Part(ABOUT), ("sources", 1)),
        ("programme", "engine.red_at.value", Part(RULES), ("engine", "red_at", "value")),
        ("programme", "stages", Part(LADDER), ("stages",)),
        ("stage S2_core", "criteria.q.value", Part(STAGE, 2), ("criteria", "q", "value")),
        ("stage S2_core", "sessions", Part(STAGE, 2), ("sessions",)),
        ("stage S2_core", "sessions.2.exercises.1.key", Part(SESSION, 2, 1), ("exercises", 0, "key")),
        ("stage S2_core", "sessions.core.per_week.min", Part(SESSION, 2, 1), ("per_week", "min")),
        ("stage number 3", "key", Part(STAGE, 2), ("key",)),
        ("stage nowhere", "key", Part(ABOUT), ("key",)),
    ],
)
def test_a_fault_is_found_in_its_part(place, field, expected, path):
    found_at = place_of(Fault(place, field, None, ""), default())
    assert (found_at.part, found_at.path) == (expected, path)
    assert expected.name == LADDER or part_of(expected.code) == expected


@pytest.mark.parametrize("code", ["", "stage", "stage:x", "stage:1:2", "about:1", "session:1", "stage:-1"])
def test_what_is_no_part_is_none(code):
    assert part_of(code) is None


NAMES = ["key", "kind", "value", "criteria", "sessions", "q", "run_walk"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99) | st.text(max_size=5) | st.just("rest"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.integers(0, 9)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("move_stage"), PLACES, PLACES),
        st.tuples(st.just("remove_stage"), PLACES),
        st.tuples(st.just("copy_stage"), PLACES),
        st.tuples(st.just("add_stage"), st.sampled_from(list(StageKind)).map(blank_stage)),
        st.tuples(st.just("move_session"), PLACES, PLACES, PLACES),
        st.tuples(st.just("remove_session"), PLACES, PLACES),
        st.tuples(st.just("add_session"), PLACES, st.sampled_from(SORTS).map(blank_session)),
        st.tuples(st.just("with_stage"), PLACES, st.dictionaries(st.sampled_from(["key", "kind"]), ANYTHING)),
        st.tuples(st.just("with_session"), PLACES, PLACES, st.dictionaries(st.just("key"), ANYTHING)),
        st.tuples(st.just("put"), st.sampled_from(["stages", "sources", "engine", "start_stages"]), ANYTHING),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(shipped().of_kind(PROGRAMME))), EDITS)
def test_any_edits_give_a_document_that_can_be_checked(key, wanted):
    document = copy.deepcopy(shipped().content(PROGRAMME, key))
    for name, *arguments in wanted:
        if name == "put":
            document = {**document, arguments[0]: arguments[1]}
            continue
        try:
            document = getattr(edits, name)(document, *arguments)
        except IndexError:
            continue
    for fault in faults_of(document, exercises=EXERCISES, sources=SOURCES):
        place = place_of(fault, document)
        # What is wrong with a session as a whole belongs to no field of it.
        assert place.path or place.part.session >= 0
        assert fault.message


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(-2, 12)), max_size=10))
def test_moving_keeps_every_stage(moves):
    document = default()
    for place, to in moves:
        document = edits.move_stage(document, place, to)
    assert sorted(keys(document)) == sorted(keys(default()))
    assert {stage["key"]: stage for stage in document["stages"]} == {
        stage["key"]: stage for stage in default()["stages"]
    }
