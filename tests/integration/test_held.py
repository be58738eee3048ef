"""Acts while the site is held after a restore: more is refused, what protects goes through."""

import datetime

import pytest

from programs.models import Adjustment, Decision, Enrolment, Override
from programs.services import holds
from programs.services.adjustments import Wanted, adjust
from programs.services.confirmations import confirm_stage
from programs.services.days import close_due
from programs.services.demo.close import close_demo_day
from programs.services.discharges import discharge, leave
from programs.services.errors import Refused
from programs.services.moves import move_version
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import reloaded, the_library
from tests.integration.story import QUIET, RUN, Story
from tests.integration.test_moves import second_edition

pytestmark = pytest.mark.django_db
WHY = {"reason": "Looked at after the restore.", "reason_code": "assessment"}
NOW = 7


def restored(story: Story) -> None:
    """The backup knew of good days that nobody has closed; what came after it is lost."""
    holds.hold(note=holds.HELD, now=story.at(NOW))


@pytest.fixture
def rosa() -> Story:
    """Three comfortable days that are closed, and three that are due: tonight would be an advance."""
    the_library()
    story = Story(stage="S2_core")
    story.seen_by()
    story.live(1, [RUN, RUN, RUN])
    for day in range(4, NOW):
        story.log(day, **RUN)
    return story


def acted(story: Story, service, **fields):
    given = {"enrolment": story.enrolment, "by": story.clinician, "now": story.at(NOW)}
    return service(**given | fields)


def adjusted(story: Story, kind: str, level: str = "") -> Adjustment:
    return acted(story, adjust, wanted=Wanted("bird_dog", kind, level), **WHY)


def refused(story: Story, service, **fields) -> None:
    before = Decision.objects.count(), Override.objects.count(), story.enrolment.stage
    with pytest.raises(Refused, match=r"was restored.*manage\.py resume"):
        acted(story, service, **fields)
    assert (Decision.objects.count(), Override.objects.count(), story.enrolment.stage) == before


def is_sound() -> bool:
    return not list(verify_ledger(LedgerReport()))


# --- what lets her do more ----------------------------------------------------------------------------
@pytest.mark.parametrize("stage", ["S2_core", "S3_run1_walk4"])
def test_no_later_stage_is_set_and_the_same_one_does_not_begin_anew(rosa, stage):
    restored(rosa)
    refused(rosa, set_stage, stage=stage, **WHY)


def test_easy_days_are_not_ended_by_a_stage_that_is_set_even_an_earlier_one(rosa):
    Enrolment.objects.filter(pk=rosa.enrolment.pk).update(cooldown_until=rosa.date(NOW + 2))
    restored(rosa)
    refused(rosa, set_stage, stage="S1_walking", **WHY)
    assert reloaded(rosa.enrolment).cooldown_until == rosa.date(NOW + 2)


def test_no_stage_is_confirmed_and_nobody_is_moved(rosa):
    restored(rosa)
    refused(rosa, confirm_stage, **WHY)
    refused(rosa, move_version, version=second_edition(), stage="S1_walking", **WHY)


def test_a_programme_is_not_completed_and_may_be_stopped(rosa):
    restored(rosa)
    refused(rosa, discharge, outcome="completed", summary="Runs again.")
    acted(rosa, discharge, outcome="stopped", summary="Stopped for now.")
    assert rosa.enrolment.status == "withdrawn"


def test_a_hold_in_force_is_not_made_shorter(rosa):
    acted(rosa, hold_until, until=rosa.date(NOW + 9), **WHY)
    restored(rosa)
    refused(rosa, hold_until, until=rosa.date(NOW + 1), **WHY)


def test_a_pause_is_cleared_by_nobody(rosa):
    rosa.log(NOW, now=rosa.at(NOW, datetime.time(9)), **QUIET, red_flags=("fever_unwell",))
    restored(rosa)
    refused(rosa, clear_pause, assessed_by="Dr A", assessed_on=rosa.date(NOW), **WHY)
    assert rosa.enrolment.is_paused


def test_nor_by_the_runner_herself():
    story = Story()
    story.log(1, **QUIET, red_flags=("fever_unwell",))
    story.close(1)
    restored(story)
    words = Statement("Dr A", story.date(2), "All is well", denied=())
    refused(story, clear_by_own_statement, by=story.runner, statement=words)
    assert story.enrolment.is_paused


@pytest.mark.parametrize(("kind", "level"), [("dose", "B"), ("enable", "A"), ("restore", "")])
def test_no_exercise_is_turned_on_or_made_harder(rosa, kind, level):
    restored(rosa)
    with pytest.raises(Refused, match="was restored"):
        adjusted(rosa, kind, level)
    assert not Adjustment.objects.exists()


def test_what_was_left_out_does_not_come_back_as_a_small_dose(rosa):
    adjusted(rosa, "leave_out")
    restored(rosa)
    with pytest.raises(Refused, match="was restored"):
        adjusted(rosa, "dose", "A")


def test_no_day_of_a_demonstration_is_closed_early(rosa, settings):
    settings.DEMO = True
    restored(rosa)
    before = Decision.objects.count()
    close_demo_day(enrolment_id=rosa.pk, date=rosa.date(NOW), now=rosa.at(NOW))
    assert Decision.objects.count() == before


# --- what protects her --------------------------------------------------------------------------------
def test_a_hold_goes_through_closes_no_day_and_holds_the_open_ones(rosa):
    restored(rosa)
    row = acted(rosa, hold_until, until=rosa.date(NOW + 5), **WHY)
    # Closing them here would have been an advance from a diary that may lack a warning sign.
    assert (row.rule, rosa.enrolment.decided_through, rosa.enrolment.stage) == (
        "D7A_PHYSIO_HOLD",
        rosa.date(3),
        "S2_core",
    )
    holds.resume()
    close_due(now=rosa.at(NOW), job="test")
    assert [rosa.decision(day).rule for day in range(4, NOW)] == ["D7A_PHYSIO_HOLD"] * 3
    assert rosa.enrolment.stage == "S2_core" and is_sound()


def test_a_stage_back_goes_through_and_the_open_days_do_not_undo_it(rosa):
    restored(rosa)
    acted(rosa, set_stage, stage="S1_walking", **WHY)
    assert rosa.enrolment.stage == "S1_walking"
    holds.resume()
    close_due(now=rosa.at(NOW), job="test")
    assert rosa.enrolment.decided_through == rosa.date(NOW - 1)
    assert rosa.enrolment.stage == "S1_walking" and is_sound()


def test_a_red_flag_pauses_at_once(rosa):
    restored(rosa)
    assert rosa.log(NOW, **QUIET, red_flags=("saddle_numbness",)).pause is not None
    assert rosa.enrolment.is_paused


@pytest.mark.parametrize(("kind", "level"), [("leave_out", ""), ("dose", "A")])
def test_less_of_an_exercise_goes_through(rosa, kind, level):
    restored(rosa)
    adjusted(rosa, kind, level)
    assert Adjustment.objects.get().kind == kind


def test_a_runner_leaves_whenever_she_likes(rosa):
    restored(rosa)
    leave(enrolment=rosa.enrolment, by=rosa.runner, now=rosa.at(NOW))
    assert rosa.enrolment.status == "withdrawn"


def test_after_the_hold_everything_is_taken_again(rosa):
    restored(rosa)
    holds.resume()
    acted(rosa, set_stage, stage="S3_run1_walk4", **WHY)
    assert rosa.enrolment.stage == "S3_run1_walk4"
    assert rosa.enrolment.decided_through == rosa.date(NOW - 1)
    assert is_sound()
