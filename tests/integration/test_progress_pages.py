"""The chart and the pages of progress, ladder and exercises, through the database."""

import datetime

import pytest
from django.template.loader import render_to_string

from programs.engine.calendar import local_date
from programs.selectors.progress import pain_chart_for
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
TODAY = NOON.date()


def days_ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def chart_of(enrolment, days=42):
    return pain_chart_for(enrolment, TODAY, days)


# --- the chart -------------------------------------------------------------------
def test_the_chart_takes_two_queries_however_long_the_diary(django_assert_num_queries):
    enrolment = live(an_enrolment(days_ago=10, now=NOON), *[QUIET] * 8)
    with django_assert_num_queries(2):
        chart_of(enrolment, days=None)


def test_a_day_that_was_not_logged_is_a_gap_in_the_line_and_not_recorded_in_the_table():
    enrolment = live(an_enrolment(days_ago=5, now=NOON), QUIET, QUIET, None, QUIET, QUIET)
    chart = chart_of(enrolment)
    assert len(chart.wide.rest.paths) == 2
    assert [gap.days for gap in chart.wide.gaps] == [1]
    missing = next(row for row in chart.rows if row.date == days_ago(3))
    assert (missing.rest, missing.session, missing.is_missing) == ("not recorded", "not recorded", True)


def test_today_is_not_missing_before_it_is_over():
    chart = chart_of(an_enrolment(now=NOON))
    assert not chart.has_missing
    assert chart.rows[0].is_today


def test_a_zero_is_shown_as_zero():
    enrolment = an_enrolment(now=NOON)
    an_entry(enrolment, rest=0, morning=0, session="none")
    assert (chart_of(enrolment).rows[0].rest, chart_of(enrolment).rows[0].morning) == ("0", "0")


def test_a_day_without_a_session_has_no_session_scores_to_record():
    enrolment = an_enrolment(now=NOON)
    an_entry(enrolment, rest=1, session="none")
    row = chart_of(enrolment).rows[0]
    assert (row.session, row.during, row.morning) == ("rest day", "–", "not recorded")


def test_a_session_whose_score_is_missing_says_so():
    enrolment = an_enrolment(now=NOON)
    an_entry(enrolment, rest=1, session="done", during=2)
    assert chart_of(enrolment).rows[0].after == "not recorded"


def test_an_advance_is_marked_and_the_next_step_begins_the_day_after():
    enrolment = live(an_enrolment(days_ago=6, now=NOON), *[COMFORTABLE] * 6)
    chart = chart_of(enrolment)
    assert [mark.kind for mark in chart.wide.marks] == ["advance"]
    assert [band.number for band in chart.wide.bands] == [2, 3]
    marked = next(row for row in chart.rows if row.mark)
    assert marked.mark == "Moved on one step"
    following = chart.rows[chart.rows.index(marked) - 1]
    assert (marked.step[0], following.step[0]) == ("2", "3")


def test_a_pause_is_marked_once_when_it_begins():
    enrolment = an_enrolment(days_ago=4, now=NOON)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    enrolment = live(enrolment, None, QUIET, QUIET)
    assert [mark.kind for mark in chart_of(enrolment).wide.marks] == ["pause"]


def test_the_chart_begins_with_the_programme_and_reaches_back_as_asked():
    enrolment = an_enrolment(days_ago=60, now=NOON)
    assert len(chart_of(enrolment, days=14).rows) == 14
    assert len(chart_of(enrolment, days=None).rows) == 61


def test_the_picture_and_the_table_are_on_the_page_with_words_for_both():
    enrolment = live(an_enrolment(days_ago=3, now=NOON), QUIET, None, QUIET)
    chart = chart_of(enrolment)
    html = render_to_string("programs/charts/pain_chart.html", {"chart": chart, "uid": "pain"})
    assert html.count('role="img"') == 2
    assert chart.summary in html
    assert "not recorded" in html
    assert "style=" not in html


def test_without_a_score_the_chart_says_so_and_still_has_its_table():
    chart = pain_chart_for(an_enrolment(now=NOON), local_date(NOON, datetime.UTC), 14)
    html = render_to_string("programs/charts/pain_chart.html", {"chart": chart})
    assert "No pain scores in this time" in html
    assert '<svg class="pain-svg"' not in html
