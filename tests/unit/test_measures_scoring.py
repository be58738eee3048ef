"""Scores and changes of outcome measures: tables of examples, and what holds for all of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.library.loader import QUESTIONNAIRE, shipped_library
from programs.measures.change import Course, Limits, course_of, item_limits_of, limits_of
from programs.measures.items import Item, check_stored, items_of
from programs.measures.pain import LIMITS as NPRS
from programs.measures.scoring import band_of, score, shared, span

PSFS = shipped_library().content(QUESTIONNAIRE, "psfs")
FIVE = items_of(PSFS, [(str(number), f"activity {number}") for number in range(1, 6)])
TICKED = {
    "key": "limits",
    "text": "Today",
    "kind": "ticks",
    "statements": [{"key": key, "text": key} for key in ("stairs", "socks", "sleep")],
}
RATED = {
    "key": "work",
    "text": "Work",
    "kind": "choice",
    "may_not_apply": True,
    "options": [{"value": value, "text": str(value)} for value in (0, 1, 2, 5)],
}
SCALE = {"key": "walk", "text": "Walk", "kind": "number", "min": 1, "max": 5}


def questionnaire(*items: dict, **scoring) -> dict:
    usual = {"method": "sum", "higher_is": "worse", "min_answered": len(items)}
    return {"items": list(items), "scoring": usual | scoring}


def value_of(document: dict, **answers) -> float | None:
    found = score(document, items_of(document), answers)
    return found and found.hundredths / 100


# --- the Patient-Specific Functional Scale -------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "mean"),
    [
        ([4, 6], 5.0),
        ([0], 0.0),
        ([0, 0, 0, 0, 0], 0.0),
        ([10] * 5, 10.0),
        ([4, None, 6], 5.0),
        ([None, 3], 3.0),
        ([1, 2, 2], 1.67),
        ([1, 1, 2], 1.33),
        ([3, 4], 3.5),
        ([None] * 5, None),
        ([], None),
    ],
)
def test_the_mean_is_of_what_was_answered(answers, mean):
    given = {str(number): answer for number, answer in enumerate(answers, start=1)}
    found = score(PSFS, FIVE, given)
    assert (found and found.hundredths / 100) == mean
    if found:
        assert (found.answered, found.asked) == (len([a for a in answers if a is not None]), 5)


@pytest.mark.parametrize("answer", [-1, 11, 2.5, True, "4", "not_applicable", [1], []])
def test_what_is_no_answer_is_no_score(answer):
    with pytest.raises(ValueError, match="item 1 has no answer"):
        score(PSFS, FIVE, {"1": answer})


# --- other scorings ------------------------------------------------------------------------
SUM = questionnaire(TICKED, RATED, not_applicable="zero")
PART = questionnaire(RATED, SCALE, method="percent", min_answered=1)


@pytest.mark.parametrize(
    ("document", "answers", "value"),
    [
        (SUM, {"limits": ["stairs", "sleep"], "work": 5}, 7),
        (SUM, {"limits": [], "work": 0}, 0),
        (SUM, {"limits": None, "work": 5}, None),
        (SUM, {"work": 5}, None),
        (SUM, {"limits": ["socks"], "work": "not_applicable"}, 1),
        (PART, {"work": 5, "walk": 5}, 100),
        (PART, {"work": 0, "walk": 1}, 0),
        (PART, {"work": 0}, 0),
        (PART, {"walk": 3}, 50),
        (PART, {"work": "not_applicable", "walk": 2}, 25),
        (PART, {"work": "not_applicable"}, None),
        (PART, {"work": 2, "walk": 3}, 44.44),
        (PART, {}, None),
    ],
)
def test_sums_and_percents(document, answers, value):
    assert value_of(document, **answers) == value


@pytest.mark.parametrize(("document", "ends"), [(SUM, (0, 8)), (PART, (0, 100))])
def test_the_scale_runs_from_the_lowest_to_the_highest_score(document, ends):
    assert span(document, items_of(document)) == ends


def test_the_scale_of_a_mean():
    assert (span(PSFS, FIVE), span(PSFS, ())) == ((0, 10), (0, 10))


@pytest.mark.parametrize(("hundredths", "band"), [(0, "low"), (399, "low"), (400, "middle"), (1200, "high")])
def test_a_band_begins_at_its_score(hundredths, band):
    bands = [{"from": 0, "text": "low"}, {"from": 4, "text": "middle"}, {"from": 10, "text": "high"}]
    assert band_of({"bands": bands}, hundredths) == band
    assert band_of({}, hundredths) == ""


@pytest.mark.parametrize(
    ("item", "answer", "takes"),
    [
        (RATED, 5, True),
        (RATED, 3, False),
        (RATED, "not_applicable", True),
        (SCALE, 1, True),
        (SCALE, 0, False),
        (SCALE, "not_applicable", False),
        (TICKED, ["stairs"], True),
        (TICKED, ["stairs", "stairs"], False),
        (TICKED, ["ladder"], False),
        (TICKED, "stairs", False),
        (TICKED, 1, False),
        (SCALE, None, True),
    ],
)
def test_which_answers_an_item_takes(item, answer, takes):
    (found,) = items_of({"items": [item]})
    assert found.takes(answer) is takes


# --- changes -------------------------------------------------------------------------------
def course(first, last, limits: Limits = NPRS, *, higher_is_better: bool = False) -> str:
    hundredths = (None if value is None else round(value * 100) for value in (first, last))
    return course_of(*hundredths, limits, higher_is_better=higher_is_better)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (8, 6, Course.IMPROVED),
        (8, 6.01, Course.NO_CLEAR_CHANGE),
        (5, 3.5, Course.IMPROVED),
        (5, 3.51, Course.NO_CLEAR_CHANGE),
        (3.33, 2.33, Course.IMPROVED),
        (2, 1, Course.IMPROVED),
        (2, 1.01, Course.NO_CLEAR_CHANGE),
        (1, 0.5, Course.NO_CLEAR_CHANGE),
        (4, 4, Course.NO_CLEAR_CHANGE),
        (0, 0, Course.NO_CLEAR_CHANGE),
        (2, 3.99, Course.NO_CLEAR_CHANGE),
        (2, 4, Course.WORSE),
        (0, 2, Course.WORSE),
        (None, 3, Course.CANNOT_BE_TOLD),
        (3, None, Course.CANNOT_BE_TOLD),
    ],
)
def test_pain_changes_by_two_points_or_by_thirty_percent(first, last, expected):
    assert course(first, last) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (3, 5, Course.IMPROVED),
        (3, 4.99, Course.NO_CLEAR_CHANGE),
        (5, 3, Course.WORSE),
        (5, 3.01, Course.NO_CLEAR_CHANGE),
    ],
)
def test_the_mean_of_activities_changes_by_two(first, last, expected):
    limits = limits_of(PSFS["important_change"])
    assert course(first, last, limits, higher_is_better=True) == expected


@pytest.mark.parametrize(("last", "expected"), [(6, Course.IMPROVED), (5, Course.NO_CLEAR_CHANGE)])
def test_a_single_activity_changes_by_three(last, expected):
    limits = item_limits_of(PSFS["important_change"])
    assert course(3, last, limits, higher_is_better=True) == expected


def test_without_a_known_limit_nothing_can_be_told():
    assert course(9, 1, limits_of(None)) == Course.CANNOT_BE_TOLD
    assert course(9, 1, item_limits_of(None)) == Course.CANNOT_BE_TOLD


def test_only_what_was_answered_both_times_is_compared():
    first, last = {"1": 2, "2": 4, "3": None}, {"1": 3, "2": None, "3": 5}
    assert [item.key for item in shared(FIVE, first, last)] == ["1"]


# --- what holds for all --------------------------------------------------------------------
ANSWERS = st.dictionaries(
    st.sampled_from("12345"), st.none() | st.integers(min_value=0, max_value=10), max_size=5
)
POINTS = st.integers(min_value=0, max_value=1000)


@settings(max_examples=150, deadline=None)
@given(answers=ANSWERS)
def test_a_score_lies_among_its_answers_and_missing_ones_do_not_move_it(answers):
    known = [answer for answer in answers.values() if answer is not None]
    found = score(PSFS, FIVE, answers)
    assert (found is None) == (not known)
    if found:
        assert 100 * min(known) <= found.hundredths <= 100 * max(known)
        without = {key: answer for key, answer in answers.items() if answer is not None}
        assert score(PSFS, FIVE, without) == found


@settings(max_examples=150, deadline=None)
@given(answers=ANSWERS, key=st.sampled_from("12345"))
def test_a_better_answer_never_lowers_the_score(answers, key):
    if answers.get(key) is None or answers[key] == 10:
        return
    better = answers | {key: answers[key] + 1}
    assert score(PSFS, FIVE, better).hundredths > score(PSFS, FIVE, answers).hundredths


@settings(max_examples=150, deadline=None)
@given(first=POINTS, last=POINTS)
def test_a_change_has_one_direction(first, last):
    """Better by either limit; whatever is called better went down, and what is worse went up."""
    found = course_of(first, last, NPRS, higher_is_better=False)
    if found is Course.IMPROVED:
        assert last < first
    if found is Course.WORSE:
        assert last >= first + 200
    if abs(last - first) < 100:
        assert found is Course.NO_CLEAR_CHANGE


def test_an_item_without_an_answer_counts_nothing():
    with pytest.raises(ValueError, match="no answer None"):
        Item("1", "words", "number", 0, 10).points(None)


@pytest.mark.parametrize("answer", [None, 0, 10, "not_applicable", [], ["stairs"]])
def test_answers_that_can_be_stored(answer):
    check_stored([{"item": "1", "words": "Walk", "answer": answer}])


@pytest.mark.parametrize(
    "answers",
    [
        {},
        [4],
        [{"item": "1", "words": "Walk"}],
        [{"item": 1, "words": "Walk", "answer": 4}],
        [{"item": "1", "words": None, "answer": 4}],
        [{"item": "1", "words": "Walk", "answer": True}],
        [{"item": "1", "words": "Walk", "answer": 2.5}],
        [{"item": "1", "words": "Walk", "answer": "four"}],
        [{"item": "1", "words": "Walk", "answer": [1]}],
        [{"item": "1", "words": "Walk", "answer": 4, "more": 1}],
    ],
)
def test_what_an_archive_may_not_bring(answers):
    with pytest.raises(ValueError, match="answer"):
        check_stored(answers)
