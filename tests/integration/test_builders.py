"""The builders give what they say, because every other test believes them."""

import pytest

from tests.builders import COMFORTABLE, QUIET, a_published_version, an_enrolment, an_entry, live

pytestmark = pytest.mark.django_db


def test_a_version_is_published_once():
    assert a_published_version() == a_published_version()


def test_days_are_lived_through_in_order():
    enrolment = live(an_enrolment(days_ago=3), COMFORTABLE, None, QUIET)
    assert [row.decision for row in enrolment.decisions.all()] == ["hold", "hold", "hold"]
    assert enrolment.entries.count() == 2


def test_an_entry_is_of_the_open_day():
    enrolment = an_enrolment(days_ago=2)
    assert an_entry(enrolment, rest=0).date == enrolment.open_date


def test_any_stage_can_be_stood_on():
    assert an_enrolment(stage="S4_run2_walk3").stage == "S4_run2_walk3"
