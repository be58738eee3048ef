"""One entry per date, red flags at once, contradictions refused, nothing guessed."""

import datetime

import pytest
from django.test import override_settings

from programs.models import Decision, DiaryEntry, EntryRevision, MessageOwed
from programs.services.diary import EntryValues, record_entry, report_red_flags
from programs.services.errors import Refused
from tests.integration.story import QUIET, RUN, Story

pytestmark = pytest.mark.django_db


def test_the_same_form_twice_is_one_entry_without_a_revision():
    story = Story()
    story.log(1, **QUIET)
    story.log(1, **QUIET)
    assert DiaryEntry.objects.count() == 1
    assert EntryRevision.objects.count() == 0


def test_a_score_that_was_not_given_stays_missing():
    story = Story()
    entry = story.log(1, rest=0).entry
    assert (entry.rest, entry.morning, entry.during, entry.session) == (0, None, None, None)


def test_an_open_day_may_be_changed_and_keeps_what_it_said():
    story = Story()
    story.log(1, rest=3)
    story.log(1, rest=5)
    assert DiaryEntry.objects.get().rest == 5
    revision = EntryRevision.objects.get()
    assert (revision.values["rest"], revision.after_close, revision.replaced_by) == (3, False, story.runner)


def test_yesterday_can_be_logged_until_three():
    story = Story()
    recorded = story.log(1, now=story.at(2, datetime.time(2, 59)), rest=2)
    assert recorded.is_correction is False
    assert story.close(1).has_rest_score is True


@pytest.mark.parametrize(
    "values,field",
    [
        ({"session": "skipped", "during": 9}, "during"),
        ({"session": "none", "after": 0}, "after"),
        ({"session": "skipped_pain", "warmup": "resolved"}, "warmup"),
        ({"session": None, "limp": True}, "limp"),
        ({"morning": 11}, "morning"),
        ({"rest": -1}, "rest"),
    ],
)
def test_a_contradiction_is_refused_and_names_its_field(values, field):
    story = Story()
    with pytest.raises(Refused) as refused:
        story.log(1, **values)
    assert refused.value.field == field
    assert DiaryEntry.objects.count() == 0


@pytest.mark.parametrize("day,words", [(2, "not come yet"), (0, "began on")])
def test_days_outside_the_programme_are_refused(day, words):
    story = Story()
    with pytest.raises(Refused, match=words):
        story.log(day, now=story.at(1), rest=1)


def test_nobody_else_writes_a_runners_diary():
    story = Story()
    clinician = story.seen_by()
    with pytest.raises(Refused):
        record_entry(
            enrolment=story.enrolment,
            by=clinician,
            now=story.at(1),
            date=story.date(1),
            values=EntryValues(rest=1),
        )


def test_an_entry_carries_the_stage_that_was_shown():
    story = Story()
    assert story.log(1, **RUN).entry.stage_shown == "S1_walking"


def test_a_session_that_is_added_later_is_done_under_the_stage_shown_then():
    story = Story()
    story.log(1, **RUN), story.close(1)
    story.live(2, [RUN, RUN])
    story.log(4, **RUN)
    story.log(5, now=story.at(5, datetime.time(1)), morning=1)
    assert story.close(4).decision == "advance"
    assert DiaryEntry.objects.get(date=story.date(5)).stage_shown == "S1_walking"
    story.log(5, **RUN)
    assert DiaryEntry.objects.get(date=story.date(5)).stage_shown == "S2_core"


# --- red flags ---------------------------------------------------------------------
@override_settings(REHAB_EMERGENCY_NUMBER="112")
def test_a_red_flag_pauses_at_once_and_tells_runner_and_physiotherapist():
    story = Story()
    clinician = story.seen_by()
    recorded = story.log(1, rest=2, red_flags=["CE_SADDLE"])
    assert recorded.pause.rule == "D1_EMERGENCY"
    assert "112" in recorded.pause.reason
    assert recorded.pause.trigger == "red_flag"
    enrolment = story.enrolment
    assert (enrolment.refer, enrolment.paused_at) == ("emergency", story.at(1))
    owed = set(MessageOwed.objects.values_list("recipient", "kind", "level"))
    assert owed == {
        (story.runner.pk, "pause", "emergency"),
        (clinician.pk, "clinician_pause", "emergency"),
    }


def test_a_red_flag_told_twice_is_one_decision_and_one_mail():
    story = Story()
    story.log(1, red_flags=["CE_SADDLE"])
    story.log(1, red_flags=["CE_SADDLE"], rest=4)
    assert Decision.objects.count() == 1
    assert MessageOwed.objects.count() == 1


def test_a_more_pressing_red_flag_on_the_same_day_escalates():
    story = Story()
    story.log(1, red_flags=["WEIGHT_LOSS"])
    recorded = story.log(1, red_flags=["WEIGHT_LOSS", "CE_BOWEL"])
    assert recorded.pause.refer == "emergency"
    assert story.enrolment.refer == "emergency"
    assert list(Decision.objects.order_by("pk").values_list("refer", flat=True)) == ["urgent", "emergency"]


def test_a_less_pressing_red_flag_never_lowers_the_level():
    story = Story()
    story.log(1, red_flags=["CE_BOWEL"])
    story.log(1, red_flags=["CE_BOWEL", "WEIGHT_LOSS"])
    story.close(1)
    story.log(2, red_flags=["WEIGHT_LOSS"])
    assert story.enrolment.refer == "emergency"
    assert story.close(2).refer == "emergency"


def test_a_red_flag_that_was_answered_is_never_lost_by_a_later_form():
    story = Story()
    story.log(1, rest=1, red_flags=["CHEST_PAIN"])
    story.log(1, rest=4)
    assert DiaryEntry.objects.get().red_flags == ["CHEST_PAIN"]
    assert story.enrolment.refer == "emergency"
    assert story.close(1).rule == "D1_EMERGENCY"


def test_the_day_of_a_red_flag_closes_as_a_pause_and_later_days_stay_paused():
    story = Story()
    story.log(1, rest=1, red_flags=["CE_SADDLE"])
    assert story.live(2, [QUIET])[0] == "D3_PAUSED"
    assert story.decision(1).rule == "D1_EMERGENCY"


def test_an_unknown_code_is_treated_as_urgent():
    story = Story()
    assert story.log(1, red_flags=["SOMETHING_NEW"]).pause.refer == "urgent"


def test_something_is_wrong_keeps_what_was_logged_today():
    story = Story()
    story.log(1, **RUN)
    report_red_flags(enrolment=story.enrolment, by=story.runner, now=story.at(1), codes=("CHEST_PAIN",))
    entry = DiaryEntry.objects.get()
    assert (entry.during, entry.red_flags) == (1, ["CHEST_PAIN"])
    assert story.enrolment.refer == "emergency"


def test_something_is_wrong_without_an_answer_is_refused():
    story = Story()
    with pytest.raises(Refused):
        report_red_flags(enrolment=story.enrolment, by=story.runner, now=story.at(1), codes=())


def test_a_red_flag_in_a_correction_pauses_at_once():
    story = Story()
    story.live(1, [QUIET, QUIET])
    recorded = story.log(1, now=story.at(3), **QUIET, red_flags=["CE_SADDLE"])
    assert recorded.is_correction
    assert story.enrolment.refer == "emergency"
    assert MessageOwed.objects.filter(kind="pause").exists()
