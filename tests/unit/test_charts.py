"""The pain chart and the sparkline as numbers: gaps stay gaps, zeros are scores."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from programs.charts.axis import extent
from programs.charts.bands import fitting
from programs.charts.facts import ChartFacts, DayFacts, MarkOn, StepFrom
from programs.charts.frame import NARROW, WIDE, Days
from programs.charts.lines import line_of
from programs.charts.pain import PainGeometry, pain_geometry
from programs.charts.sparkline import GAP_Y, LIMIT_Y, SPARK, sparkline

FIRST = datetime.date(2026, 10, 12)
FRAMES = pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])


def on(day: int) -> datetime.date:
    """Day 1 is the first of the chart."""
    return FIRST + datetime.timedelta(days=day - 1)


def facts(*rest: int | None, **more) -> ChartFacts:
    days = tuple(DayFacts(on(n), rest=score) for n, score in enumerate(rest, start=1))
    return ChartFacts(days=days, **more)


def drawn(geometry: PainGeometry, name: str):
    """The line and points of one series."""
    return next(series.line for series in geometry.series if series.name == name)


def joins(path: str) -> int:
    return len(re.findall(r"[ML]", path))


# --- lines ----------------------------------------------------------------------
def test_days_in_a_row_are_one_line():
    line = line_of([3, 2, 2], Days(WIDE, 3))
    assert [joins(path) for path in line.paths] == [3]


def test_a_missing_day_breaks_the_line_and_is_not_drawn_as_zero():
    line = line_of([3, 3, None, 4, 4], Days(WIDE, 5))
    assert [joins(path) for path in line.paths] == [2, 2]
    assert WIDE.y(0) not in {point.y for point in line.points}


def test_a_zero_is_a_score_like_any_other():
    line = line_of([0, 0], Days(WIDE, 2))
    assert [point.y for point in line.points] == [WIDE.plot_bottom, WIDE.plot_bottom]
    assert len(line.paths) == 1


def test_a_score_between_two_gaps_is_seen_even_where_there_is_no_room_for_points():
    scores: list[int | None] = [2] * 400
    scores[99], scores[101] = None, None
    line = line_of(scores, Days(WIDE, 400))
    assert len(line.paths) == 2
    assert len(line.points) == 1


def test_nothing_recorded_is_no_line_at_all():
    line = line_of([None, None], Days(WIDE, 2))
    assert (line.paths, line.points) == ((), ())


# --- the frame --------------------------------------------------------------------
@FRAMES
def test_the_scale_reaches_from_the_foot_to_the_top(frame):
    assert (frame.y(0), frame.y(10)) == (frame.plot_bottom, frame.top)


@FRAMES
@pytest.mark.parametrize("count", [1, 2, 14, 42, 61, 400])
def test_every_day_lies_inside_the_plot_and_after_the_one_before(frame, count):
    days = Days(frame, count)
    places = [days.middle(at, shift) for at in range(count) for shift in (-0.26, 0, 0.34)]
    assert min(places) >= frame.left
    assert max(places) <= frame.plot_right
    middles = [days.middle(at) for at in range(count)]
    assert middles == sorted(set(middles))


@FRAMES
def test_a_single_day_stands_in_the_middle(frame):
    geometry = pain_geometry(facts(4), frame)
    middle = (frame.left + frame.plot_right) / 2
    assert drawn(geometry, "rest").points[0].x == pytest.approx(middle, abs=0.1)
    assert drawn(geometry, "rest").paths == ()


@FRAMES
def test_without_days_there_is_a_frame_and_nothing_in_it(frame):
    geometry = pain_geometry(ChartFacts(days=()), frame)
    assert not any((geometry.bands, geometry.gaps, geometry.marks, geometry.date_ticks))
    assert len(geometry.zones) == 3


def test_the_zones_meet_without_overlap():
    zones = pain_geometry(facts(1), WIDE).zones
    assert [zone.words for zone in zones] == ["6–10", "3–5", "0–2"]
    edges = [(zone.y, round(zone.y + zone.height, 1)) for zone in zones]
    assert [foot for _, foot in edges[:-1]] == [top for top, _ in edges[1:]]
    assert edges[-1][1] == WIDE.plot_bottom


def test_scores_of_one_day_stand_in_the_order_of_the_day():
    day = DayFacts(on(1), rest=3, morning=3, during=3, after=3)
    geometry = pain_geometry(ChartFacts(days=[day]), WIDE)
    places = [drawn(geometry, name).points[0] for name in ("morning", "rest", "during", "after")]
    assert [p.x for p in places] == sorted({p.x for p in places})


# --- missing days -------------------------------------------------------------------
def test_missing_days_in_a_row_are_one_gap_with_their_number():
    days = [DayFacts(on(n), is_missing=n in (2, 3, 5)) for n in range(1, 6)]
    geometry = pain_geometry(ChartFacts(days=days), WIDE)
    assert [gap.days for gap in geometry.gaps] == [2, 1]
    assert geometry.gaps[-1].x + geometry.gaps[-1].width == pytest.approx(WIDE.plot_right, abs=0.2)


def test_a_day_with_an_entry_and_no_score_is_no_missing_day():
    assert pain_geometry(facts(None, 2), WIDE).gaps == ()


# --- steps ----------------------------------------------------------------------
STEPS = (StepFrom(on(1), 1, "Easy days"), StepFrom(on(3), 2, "Gentle walking"))


def test_steps_stand_side_by_side_from_the_first_to_the_last_day():
    bands = pain_geometry(facts(*[2] * 10, steps=STEPS), WIDE).bands
    assert [band.number for band in bands] == [1, 2]
    assert bands[0].x == WIDE.left
    assert bands[0].x + bands[0].width == pytest.approx(bands[1].x, abs=0.2)
    assert bands[1].x + bands[1].width == pytest.approx(WIDE.plot_right, abs=0.2)


def test_a_step_that_began_before_the_picture_fills_its_beginning():
    steps = (replace(STEPS[0], date=on(-30)), replace(STEPS[1], date=on(-20)))
    bands = pain_geometry(facts(2, 2, steps=steps), WIDE).bands
    assert [(band.number, band.starts_here) for band in bands] == [(2, False)]


def test_a_step_that_was_left_on_the_day_it_came_is_not_drawn():
    steps = (*STEPS, StepFrom(on(3), 1, "Easy days"))
    bands = pain_geometry(facts(*[2] * 10, steps=steps), WIDE).bands
    assert [band.number for band in bands] == [1, 1]


@pytest.mark.parametrize(
    ("width", "label"), [(100, "Gentle walking"), (99, "Gentle walking"), (97, "Step 2"), (10, "2"), (5, "")]
)
def test_a_step_is_named_as_fully_as_there_is_room(width, label):
    assert fitting(("Gentle walking", "Step 2", "2"), width, 7) == label


def test_steps_that_could_not_be_named_are_listed_under_the_picture():
    geometry = pain_geometry(facts(*[2] * 40, steps=STEPS), NARROW)
    assert [band.title for band in geometry.unnamed_steps] == ["Easy days"]


def test_a_step_that_came_twice_is_listed_once():
    steps = (*STEPS, StepFrom(on(5), 1, "Easy days"), StepFrom(on(7), 2, "Gentle walking"))
    geometry = pain_geometry(facts(*[2] * 40, steps=steps), NARROW)
    assert [band.title for band in geometry.unnamed_steps] == ["Easy days", "Gentle walking"]


# --- marks ----------------------------------------------------------------------
def test_a_mark_stands_over_its_day_and_those_outside_are_left_out():
    marks = (MarkOn(on(-3), "pause"), MarkOn(on(2), "advance"), MarkOn(on(9), "pause"))
    geometry = pain_geometry(facts(2, 2, 2, marks=marks), WIDE)
    assert [(mark.kind, mark.x) for mark in geometry.marks] == [("advance", Days(WIDE, 3).middle(1))]


def test_marks_that_would_cover_each_other_stand_on_two_levels():
    marks = tuple(MarkOn(on(n), "advance") for n in (1, 2, 3))
    geometry = pain_geometry(facts(*[2] * 60, marks=marks), WIDE)
    first, second, third = (mark.y for mark in geometry.marks)
    assert first == third != second


# --- dates ----------------------------------------------------------------------
@FRAMES
@pytest.mark.parametrize("count", [1, 7, 14, 15, 28, 42, 61, 90, 130, 131, 400, 800])
def test_dates_are_named_and_their_names_do_not_touch(frame, count):
    ticks = pain_geometry(facts(*[2] * count), frame).date_ticks
    assert ticks
    for left, right in zip(ticks, ticks[1:], strict=False):
        assert extent(left, frame.letter)[1] < extent(right, frame.letter)[0]
    assert extent(ticks[0], frame.letter)[0] >= 0
    assert extent(ticks[-1], frame.letter)[1] <= frame.width


def test_past_a_month_days_are_counted_by_the_calendar():
    """The days part of a duration wraps; local dates do not."""
    geometry = pain_geometry(facts(*[2] * 61), WIDE)
    assert drawn(geometry, "rest").points[-1].x == Days(WIDE, 61).middle(60)


def test_more_than_a_year_is_named_by_months_with_their_year():
    labels = [tick.label for tick in pain_geometry(facts(*[2] * 400), WIDE).date_ticks]
    assert labels[0] == "Nov 2026"
    assert "Nov 2027" in labels or "Oct 2027" in labels


def test_shapes_shrink_where_days_are_narrow():
    roomy, tight = (pain_geometry(facts(*[2] * count), WIDE).scale for count in (14, 400))
    assert tight < roomy == WIDE.scale


def test_four_hundred_days_are_few_paths():
    geometry = pain_geometry(facts(*[2] * 400), WIDE)
    assert len(drawn(geometry, "rest").paths) == 1
    assert drawn(geometry, "rest").points == ()


# --- the sparkline ------------------------------------------------------------------
def test_a_sparkline_has_gaps_and_counts_zeros():
    spark = sparkline([0, 0, None, 4])
    assert (spark.line_path.count("M"), spark.line_path.count("L")) == (1, 1)
    assert (spark.feet.count("M"), spark.dots.count("M")) == (1, 3)
    assert spark.words == ("Pain over 4 days: lowest 0, highest 4, newest 4/10; 1 days not recorded.")


def test_a_missing_day_of_a_sparkline_lies_under_its_zero():
    spark = sparkline([0, None])
    _x, zero = spark.dots.removeprefix("M").removesuffix("h0").split()
    assert float(zero) + 2 < GAP_Y
    assert f" {GAP_Y}h" in spark.feet


def test_a_sparkline_without_scores_says_so():
    spark = sparkline([None] * 14)
    assert (spark.line_path, spark.dots, spark.newest) == ("", "", "")
    assert spark.words == "Pain over 14 days: nothing recorded."


def test_the_newest_day_is_marked_only_where_it_has_a_score():
    assert sparkline([1, None]).newest == ""
    assert sparkline([None, 1]).newest.split()[1] == sparkline([1]).newest.split()[1]


def test_no_days_make_an_empty_sparkline():
    assert sparkline([]).line_path == ""


def test_the_line_of_high_pain_stands_in_the_template_where_the_scores_have_it():
    row = (Path(__file__).resolve().parents[2] / "templates/programs/clinician/parts/row.html").read_text()
    assert f'viewBox="0 0 {SPARK.width} {SPARK.height}"' in row
    assert f'd="M0 {LIMIT_Y:g}h{SPARK.width}"' in row
