"""An assessment ends a pause only where it came after every warning sign, wherever the runner was."""

import datetime

import pytest

from accounts.models import User
from programs.engine.redflags import RED_FLAGS
from programs.models import DiaryEntry, Enrolment
from programs.selectors.act import act_page
from programs.selectors.self_clear import self_clear_page
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.overrides import clear_pause
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.way_back import counts_since
from tests.builders import the_library
from tests.integration.story import NOON, QUIET, Story

pytestmark = pytest.mark.django_db
HALF_PAST_MIDNIGHT = datetime.time(0, 30)


def paused(code: str = "CE_SADDLE") -> Story:
    """A warning sign on day 1; three days are closed since."""
    the_library()
    story = Story(stage="S5_run3_walk2")
    story.log(1, **QUIET, red_flags=[code])
    for day in (1, 2, 3):
        story.close(day)
    return story


def says(story: Story, *, seen: int, day: int, wall: datetime.time = NOON) -> None:
    statement = Statement("Dr Ada Ames, GP", story.date(seen), "Walk first.", RED_FLAGS.keys())
    clear_by_own_statement(
        enrolment=story.enrolment, by=story.runner, now=story.at(day, wall), statement=statement
    )


def clears(story: Story, *, seen: int, day: int) -> None:
    clear_pause(
        enrolment=story.enrolment,
        by=story.clinician or story.seen_by(),
        now=story.at(day, NOON),
        reason="Seen and well",
        assessed_by="Dr Ada Ames",
        assessed_on=story.date(seen),
    )


def gives(story: Story, day: int, code: str, wall: datetime.time = NOON) -> None:
    report_red_flags(enrolment=story.enrolment, by=story.runner, now=story.at(day, wall), codes=(code,))


@pytest.mark.parametrize("way", [says, clears])
@pytest.mark.parametrize(
    ("first", "second"),
    [("CE_SADDLE", "CE_BLADDER"), ("CE_SADDLE", "CE_SADDLE"), ("CE_SADDLE", "FEVER_UNWELL")],
    ids=["same level", "the same sign", "lower level"],
)
def test_a_warning_sign_after_the_assessment_needs_a_new_one(way, first, second):
    story = paused(first)
    gives(story, 4, second)
    story.close(4)
    for seen in (2, 3):
        with pytest.raises(Refused) as refused:
            way(story, seen=seen, day=5)
        assert refused.value.field == "assessed_on"
    way(story, seen=4, day=5)
    assert not story.enrolment.is_paused


@pytest.mark.parametrize("way", [says, clears])
def test_without_a_second_sign_the_assessment_of_day_2_counts(way):
    story = paused()
    way(story, seen=2, day=4)
    assert not story.enrolment.is_paused


def test_a_sign_that_was_dated_back_counts_from_when_it_was_given():
    story = paused()
    story.log(4, **QUIET)
    story.log(4, now=story.at(5, HALF_PAST_MIDNIGHT), **QUIET, red_flags=["FEVER_UNWELL"])
    assert counts_since(story.enrolment) == story.date(5)


def test_a_later_change_of_another_answer_is_no_new_sign():
    story = paused()
    story.log(1, now=story.at(4), morning=3, rest=3, red_flags=["CE_SADDLE"])
    assert counts_since(story.enrolment) == story.date(1)


def test_a_sign_in_a_correction_counts_from_the_day_of_the_correction():
    story = paused()
    story.log(2, now=story.at(4), **QUIET, red_flags=["FEVER_UNWELL"])
    assert counts_since(story.enrolment) == story.date(4)


def test_a_sign_of_an_earlier_pause_does_not_count():
    story = paused()
    says(story, seen=2, day=4)
    gives(story, 5, "FEVER_UNWELL")
    story.log(1, now=story.at(5), morning=3, rest=3, red_flags=["CE_SADDLE"])
    assert counts_since(story.enrolment) == story.date(5)


def test_a_pause_that_the_engine_did_not_write_asks_the_diary_too(monkeypatch):
    story = paused()

    def cannot(*args):
        raise KeyError("a stage that is gone")

    monkeypatch.setattr("programs.services.red_flags._decided", cannot)
    gives(story, 4, "FEVER_UNWELL")
    assert counts_since(story.enrolment) == story.date(4)


def test_who_travels_west_is_not_let_back_a_day():
    the_library()
    story = Story(stage="S5_run3_walk2")
    story.log(1, **QUIET)
    story.close(1)
    # Half past midnight in London is still the evening of day 1 further west.
    story.log(2, **QUIET, red_flags=["CE_SADDLE"], now=story.at(2, HALF_PAST_MIDNIGHT))
    story.close(2)
    User.objects.filter(pk=story.runner.pk).update(time_zone="America/Los_Angeles")
    assert DiaryEntry.objects.get(date=story.date(2)).red_flags == ["CE_SADDLE"]
    with pytest.raises(Refused):
        says(story, seen=1, day=3)


def test_the_zone_of_the_decision_dates_a_level_without_a_sign():
    the_library()
    story = Story(stage="S5_run3_walk2")
    story.live(1, [{"morning": 7, "rest": 8, "session": "none"}] * 2)
    assert story.enrolment.refer == "routine"
    before = counts_since(story.enrolment)
    User.objects.filter(pk=story.runner.pk).update(time_zone="Pacific/Pago_Pago")
    assert counts_since(story.enrolment) == before


def test_both_pages_offer_the_days_that_are_not_refused():
    story = paused()
    gives(story, 4, "FEVER_UNWELL")
    story.close(4)
    enrolment: Enrolment = story.enrolment
    now = story.at(5)
    assert self_clear_page(enrolment=enrolment, now=now).since == story.date(4)
    assert act_page(enrolment=enrolment, now=now).assessed_since == story.date(4)
