"""Means of pain by week, and when a measure is due."""

import datetime

import pytest

from programs.charts.scores import score_line
from programs.measures.change import Course
from programs.measures.due import Answered, Occasion, due, final_since, occasion_of
from programs.measures.pain import Baseline, pain_change, week_of, weeks_of

BEGAN = datetime.date(2025, 3, 3)


def day(number: int) -> datetime.date:
    """Programme day 1 is the first."""
    return BEGAN + datetime.timedelta(days=number - 1)


def scores(**by_day: int | None) -> dict:
    return {day(int(name[1:])): score for name, score in by_day.items()}


def diary(*values: int | None) -> dict:
    return {day(number): value for number, value in enumerate(values, start=1)}


# --- means by week -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "recorded", "mean", "is_enough"),
    [
        ([4] * 7, 7, 400, True),
        ([4, None, 5, None, 4, 5, None], 4, 450, True),
        ([4, None, 5, None, 4, None, None], 3, 433, False),
        ([0, 0, 0, 0], 4, 0, True),
        ([None] * 7, 0, None, False),
        ([], 0, None, False),
    ],
)
def test_a_mean_is_of_recorded_days_and_says_how_many(values, recorded, mean, is_enough):
    week = week_of(diary(*values), day(1), day(7))
    assert (week.recorded, week.mean, week.is_enough) == (recorded, mean, is_enough)


def test_weeks_are_those_of_the_programme_and_the_last_may_be_short():
    weeks = weeks_of(diary(*[5] * 10), BEGAN, day(10))
    assert [(week.first, week.last, week.recorded) for week in weeks] == [
        (day(1), day(7), 7),
        (day(8), day(10), 3),
    ]


@pytest.mark.parametrize(
    ("values", "today", "baseline", "course"),
    [
        ([5] * 7 + [3] * 7, 14, Baseline.FIRST_WEEK, Course.IMPROVED),
        ([5] * 7 + [4] * 7, 14, Baseline.FIRST_WEEK, Course.NO_CLEAR_CHANGE),
        ([2] * 7 + [4] * 7, 14, Baseline.FIRST_WEEK, Course.WORSE),
        # Until the present week lies after the first one it would be compared with itself.
        ([5] * 7 + [1] * 6, 13, Baseline.FIRST_WEEK, Course.CANNOT_BE_TOLD),
        ([5] * 7 + [1] * 3 + [None] * 4, 14, Baseline.FIRST_WEEK, Course.CANNOT_BE_TOLD),
        ([5] * 7 + [1] * 4 + [None] * 3, 14, Baseline.FIRST_WEEK, Course.IMPROVED),
        ([5] * 3 + [None] * 4 + [3] * 7, 14, Baseline.INTAKE, Course.IMPROVED),
    ],
)
def test_the_last_seven_days_against_the_first_week(values, today, baseline, course):
    found = pain_change(diary(*values), began=BEGAN, today=day(today), intake=6)
    assert (found.baseline, found.course) == (baseline, course)


def test_without_a_first_week_and_an_intake_nothing_can_be_told():
    found = pain_change(diary(*[None] * 7, *[3] * 7), began=BEGAN, today=day(14), intake=None)
    assert (found.baseline, found.course) == (Baseline.NONE, Course.CANNOT_BE_TOLD)


# --- when a measure is due -----------------------------------------------------------------
STAGES = [{"key": "S1", "kind": "daily"}, {"key": "S8", "kind": "final"}]


@pytest.mark.parametrize(
    ("last", "at_end", "final", "today", "expected"),
    [
        (None, None, None, 1, Occasion.INTAKE),
        (None, None, 40, 41, Occasion.INTAKE),
        (1, None, None, 14, None),
        (1, None, None, 15, Occasion.FORTNIGHT),
        (1, None, None, 90, Occasion.FORTNIGHT),
        # The last step is reached: once more, whenever it was answered before.
        (40, None, 41, 41, Occasion.END),
        (40, None, 39, 42, None),
        (40, None, 39, 54, Occasion.END),
        (42, 42, 41, 43, None),
        (42, 42, 41, 90, None),
        # Back one step and there again: the answers of the first time do not count for the second.
        (42, 42, None, 56, Occasion.FORTNIGHT),
        (42, 42, 70, 70, Occasion.END),
    ],
)
def test_when_it_is_due(last, at_end, final, today, expected):
    days = [number and day(number) for number in (last, at_end, final)]
    found = due(Answered(days[0], days[1]), final=days[2], today=day(today))
    assert found == expected


def test_the_last_step_is_reached_where_it_is_the_final_one():
    assert final_since(STAGES, "S8", day(3)) == day(3)
    assert final_since(STAGES, "S1", day(3)) is None
    assert final_since([{"key": "S8", "kind": "daily"}], "S8", day(3)) is None


@pytest.mark.parametrize(
    ("last", "final", "occasion"),
    [(None, None, Occasion.INTAKE), (3, None, Occasion.FORTNIGHT), (3, 9, Occasion.END)],
)
def test_what_a_response_is_called(last, final, occasion):
    assert occasion_of(Answered(last and day(last)), final=final and day(final)) == occasion


# --- the line ------------------------------------------------------------------------------
def test_the_line_stays_inside_and_names_first_and_last():
    line = score_line([(day(1 + 14 * number), 100 * number) for number in range(11)], (0, 10))
    assert [dot.x for dot in line.dots] == sorted(dot.x for dot in line.dots)
    assert line.left < line.dots[0].x < line.dots[-1].x < line.right
    assert (line.dots[0].y, line.dots[-1].y) == (line.foot, 12)
    named = [dot.x for dot in line.dots if dot.has_label]
    assert named[0] == line.dots[0].x
    assert named[-1] == line.dots[-1].x
    assert all(later - earlier >= 80 for earlier, later in zip(named, named[1:], strict=False))


def test_one_score_is_a_dot_and_none_is_no_picture():
    line = score_line([(day(1), 350)], (0, 10))
    assert (line.path, len(line.dots), line.dots[0].anchor) == ("", 1, "middle")
    assert score_line([], (0, 10)) is None


def test_two_scores_on_neighbouring_days():
    line = score_line([(day(1), 300), (day(2), 300)], (0, 10))
    assert [dot.has_label for dot in line.dots] == [True, True]
