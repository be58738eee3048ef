"""INV-12: a correction takes back what was not earned and never what protects."""

import datetime

import pytest

from programs.models import Decision, EntryRevision
from programs.services.errors import Refused
from programs.services.overrides import set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.integration.story import QUIET, RUN, Story

pytestmark = pytest.mark.django_db


def outcomes(story: Story) -> dict[int, tuple[str, str]]:
    """Programme day -> decision in force."""
    rows = Decision.objects.in_force().filter(enrolment=story.pk).order_by("date", "pk")
    return {(row.date - story.date(1)).days + 1: (row.decision, row.rule) for row in rows}


def test_an_advance_that_is_no_longer_earned_is_reversed():
    story = Story()
    story.live(1, [RUN, RUN, RUN, RUN, QUIET])
    assert story.enrolment.stage == "S2_core"
    recorded = story.log(3, now=story.at(6), **{**RUN, "during": 5})
    assert story.enrolment.stage == "S1_walking"
    assert story.enrolment.stage_entered_on == story.date(1), "as if the step had never been left"
    assert recorded.changed[0].supersedes.date == story.date(3)
    assert outcomes(story)[4] == ("hold", "D8L_SESSIONS")
    assert list(verify_ledger(LedgerReport())) == []


def test_a_session_done_under_a_stage_that_was_taken_back_supports_nothing():
    story = Story()
    story.live(1, [RUN, RUN, RUN, RUN, RUN])
    story.log(2, now=story.at(6), **{**RUN, "during": 5})
    assert story.enrolment.stage == "S1_walking"
    story.log(6, **QUIET)
    decision = story.close(6)
    assert decision.rule == "D8L_SESSIONS"
    assert "2 of 3" in decision.reason, "days 3 and 4; day 5 was done under the next step"


def test_the_superseded_decision_stays_in_the_ledger():
    story = Story()
    story.live(1, [RUN, RUN, RUN, RUN, QUIET])
    before = Decision.objects.count()
    story.log(4, now=story.at(6), **{**RUN, "rest": 9, "morning": 9})
    assert Decision.objects.count() > before
    assert Decision.objects.filter(decision="advance").exists()
    assert not Decision.objects.in_force().filter(decision="advance").exists()


def test_a_step_back_is_never_undone_by_a_correction():
    story = Story(stage="S3_run1_walk4")
    story.live(1, [{**RUN, "during": 7}, QUIET])
    assert story.enrolment.stage == "S2_core"
    recorded = story.log(1, now=story.at(3), **RUN)
    assert recorded.changed == ()
    assert story.enrolment.stage == "S2_core"
    assert outcomes(story)[1] == ("step_back", "D5A_RED_PAIN")


def test_a_pause_is_never_undone_by_a_correction():
    story = Story()
    story.live(1, [{**QUIET, "leg": "below_knee"}, {**QUIET, "leg": "below_knee"}])
    assert story.enrolment.refer == "routine"
    story.log(2, now=story.at(3), **QUIET)
    assert story.enrolment.refer == "routine"
    assert outcomes(story)[2][1] == "D4A_LEG_PAIN"


def test_a_worse_score_that_is_added_later_steps_back_now():
    story = Story(stage="S3_run1_walk4")
    story.live(1, [RUN, QUIET, QUIET])
    story.log(1, now=story.at(4), **{**RUN, "after": 6})
    enrolment = story.enrolment
    assert enrolment.stage == "S2_core"
    assert enrolment.step_backs == [story.date(1).isoformat()]
    assert enrolment.cooldown_until == story.date(5), "two easy days from when it is shown"


def test_a_forgotten_entry_never_creates_an_advance():
    story = Story()
    story.live(1, [RUN, RUN, RUN, None, None])
    story.log(4, now=story.at(6), **RUN)
    assert story.enrolment.stage == "S1_walking"
    assert "advance" not in {decision for decision, _ in outcomes(story).values()}


def test_a_forgotten_entry_counts_for_the_next_close():
    story = Story()
    story.live(1, [RUN, RUN, RUN, None])
    story.log(4, now=story.at(5), **RUN)
    story.log(5, **RUN)
    assert story.close(5).decision == "advance"


def test_a_correction_that_changes_nothing_writes_no_decision():
    story = Story()
    story.live(1, [QUIET, QUIET])
    before = Decision.objects.count()
    assert story.log(1, now=story.at(3), **{**QUIET, "rest": 0}).changed == ()
    assert Decision.objects.count() == before
    assert EntryRevision.objects.get().after_close is True


def test_only_the_last_seven_closed_days_can_be_corrected():
    story = Story()
    story.live(1, [QUIET] * 9)
    with pytest.raises(Refused, match="read-only"):
        story.log(2, now=story.at(10), rest=1)
    assert story.log(3, now=story.at(10), rest=1, morning=0).is_correction


def test_a_correction_says_who_corrected_what_and_when():
    story = Story(stage="S3_run1_walk4")
    story.live(1, [RUN, QUIET])
    changed = story.log(1, now=story.at(3), **{**RUN, "limp": True}).changed
    assert changed[0].decided_by == story.runner
    assert (changed[0].trigger, changed[0].job, changed[0].decided_at) == ("correction", "", story.at(3))


def test_a_correction_before_a_clinicians_act_leaves_her_stage_or_a_lower_one():
    story = Story(stage="S3_run1_walk4")
    clinician = story.seen_by()
    story.live(1, [RUN])
    set_stage(
        enrolment=story.enrolment,
        by=clinician,
        now=story.at(2),
        stage="S5_run3_walk2",
        reason="Ran this before",
    )
    story.live(2, [QUIET])
    story.log(1, now=story.at(3), **{**RUN, "during": 8})
    assert story.enrolment.stage == "S5_run3_walk2"
    assert outcomes(story)[1][0] == "step_back"
    assert list(verify_ledger(LedgerReport())) == []


def test_correcting_twice_supersedes_the_correction():
    story = Story(stage="S4_run2_walk3")
    story.live(1, [RUN, QUIET])
    story.log(1, now=story.at(3), **{**RUN, "during": 3})
    story.log(1, now=story.at(3, datetime.time(21)), **{**RUN, "during": 8})
    chain = Decision.objects.filter(enrolment=story.pk, date=story.date(1)).order_by("pk")
    assert [row.rule for row in chain] == ["D8I_PENDING", "D8G_AMBER", "D5A_RED_PAIN"]
    assert story.enrolment.stage == "S3_run1_walk4"


def test_a_step_back_after_the_corrected_day_stays_in_the_ledger_and_in_the_stage():
    """Two flares stepped back; the first flare is corrected away, the step back is not."""
    story = Story(stage="S3_run1_walk4")
    story.live(1, [RUN, {**QUIET, "morning": 5}, RUN, {**QUIET, "morning": 5}, QUIET])
    assert outcomes(story)[4] == ("step_back", "D5C_TWO_FLARES")
    before = story.enrolment
    story.log(2, now=story.at(6), **QUIET)
    after = story.enrolment
    assert outcomes(story)[4] == ("step_back", "D5C_TWO_FLARES")
    assert (after.stage, after.step_backs, after.stage_entered_on) == (
        before.stage,
        before.step_backs,
        before.stage_entered_on,
    )
    in_force = Decision.objects.in_force().filter(enrolment=story.pk).order_by("date", "pk").last()
    assert in_force.stage_after == after.stage
    assert list(verify_ledger(LedgerReport())) == []


def test_a_pause_after_the_corrected_day_stays_in_the_ledger():
    story = Story(stage="S3_run1_walk4")
    leg = {**QUIET, "leg": "below_knee"}
    story.live(1, [{**RUN, "during": 4}, leg, leg, QUIET])
    assert outcomes(story)[3] == ("pause_and_refer", "D4A_LEG_PAIN")
    story.log(1, now=story.at(5), **{**RUN, "session": "stopped_pain", "during": 4})
    story.log(2, now=story.at(5), **QUIET)
    assert outcomes(story)[3] == ("pause_and_refer", "D4A_LEG_PAIN")
    assert outcomes(story)[4][0] == "pause_and_refer"
    assert story.enrolment.refer == "routine"
