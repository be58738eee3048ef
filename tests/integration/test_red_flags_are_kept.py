"""A warning sign acts, whatever the dates, the stage, the mail server or the day before say."""

import datetime
import smtplib

import pytest

from accounts.models import Role
from accounts.services import grant_consent
from programs.models import Decision, DiaryEntry, Enrolment, EntryRevision, MessageOwed
from programs.services import delivery
from programs.services.days import close_due
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.services.people import change_time_zone
from programs.services.verification import LedgerReport, verify_ledger
from tests.integration.story import QUIET, RUN, Story
from tests.integration.test_notes import note
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
LEG = {**QUIET, "leg": "below_knee"}
REASON = "Seen in clinic"


def a_cleared_story(**first) -> Story:
    """Paused on day 2, cleared and closed on day 3; day 4 is open."""
    story = Story()
    clinician = story.seen_by()
    story.live(1, [first or LEG, LEG])
    assert story.enrolment.is_paused
    now = story.at(3, datetime.time(10))
    assessed = {"assessed_by": "Dr Grey", "assessed_on": story.date(3)}
    clear_pause(enrolment=story.enrolment, by=clinician, now=now, reason=REASON, **assessed)
    story.live(3, [QUIET])
    assert not story.enrolment.is_paused
    return story


def test_a_red_flag_corrected_onto_a_day_before_a_cleared_pause_pauses_now(mailoutbox):
    story = a_cleared_story()
    story.log(2, now=story.at(4), **LEG, red_flags=["CE_SADDLE"])
    assert story.enrolment.refer == "emergency"
    assert DiaryEntry.objects.get(date=story.date(4)).red_flags == ["CE_SADDLE"]
    deliver_due(now=story.at(4))
    emergencies = MessageOwed.objects.filter(level="emergency").values_list("kind", "status")
    assert set(emergencies) == {("pause", "sent"), ("clinician_pause", "sent")}


def test_a_second_red_flag_of_the_same_level_on_a_cleared_day_pauses_again():
    story = a_cleared_story(**QUIET, red_flags=["FEVER_UNWELL"])
    story.log(1, now=story.at(4), **QUIET, red_flags=["FEVER_UNWELL", "LEG_WEAK_ONE"])
    assert story.enrolment.refer == "urgent"
    assert MessageOwed.objects.filter(kind="pause", local_date=story.date(4)).exists()


def test_an_assessment_from_before_the_emergency_does_not_clear_it():
    story = Story()
    clinician = story.seen_by()
    story.live(1, [LEG, LEG, QUIET, QUIET, {**QUIET, "red_flags": ["CE_SADDLE"]}])
    act = {"enrolment": story.enrolment, "by": clinician, "now": story.at(6), "reason": REASON}
    with pytest.raises(Refused) as refused:
        clear_pause(**act, assessed_by="Dr Grey", assessed_on=story.date(4))
    assert refused.value.field == "assessed_on"
    clear_pause(**act, assessed_by="Dr Grey", assessed_on=story.date(5))
    assert story.enrolment.refer == "none"


def test_travel_that_puts_the_calendar_back_before_the_start_refuses_no_red_flag():
    story = Story(zone="Pacific/Auckland")
    change_time_zone(user=story.runner, time_zone="America/Los_Angeles", now=story.at(1))
    story.runner.refresh_from_db()
    now = story.at(1, datetime.time(1)) - datetime.timedelta(hours=3)
    report_red_flags(enrolment=story.enrolment, by=story.runner, now=now, codes=("CE_SADDLE",))
    assert story.enrolment.refer == "emergency"


def test_an_enrolment_that_cannot_be_decided_is_paused_by_its_red_flag_all_the_same():
    story = Story()
    Enrolment.objects.filter(pk=story.pk).update(stage="no_such_stage")
    story.log(1, rest=2, red_flags=["CE_SADDLE"])
    assert (story.enrolment.refer, story.enrolment.paused_at) == ("emergency", story.at(1))
    assert DiaryEntry.objects.get().red_flags == ["CE_SADDLE"]


@pytest.mark.parametrize("odd", [{"leg": "below_knee", "sites": ["back"]}, {"sites": ["foot"]}])
def test_an_entry_whose_places_do_not_fit_keeps_no_red_flag_out(odd):
    story = Story()
    story.log(1, **QUIET)
    DiaryEntry.objects.update(**odd)
    for _ in range(2):
        report_red_flags(enrolment=story.enrolment, by=story.runner, now=story.at(1), codes=("CE_SADDLE",))
    assert story.enrolment.refer == "emergency"
    entry = DiaryEntry.objects.get()
    assert (entry.red_flags, entry.rest, entry.sites) == (["CE_SADDLE"], 1, odd["sites"])
    assert EntryRevision.objects.get().values["red_flags"] == []


def test_a_note_about_a_session_that_nobody_told_of_keeps_no_red_flag_out():
    story = Story()
    note(story, 1, "during", 8)
    report_red_flags(enrolment=story.enrolment, by=story.runner, now=story.at(1), codes=("CE_SADDLE",))
    assert story.enrolment.refer == "emergency"


def test_a_relay_that_refuses_everybody_does_not_end_the_mail_of_a_pause(monkeypatch):
    story = Story()
    story.seen_by()
    story.log(1, rest=2, red_flags=["CE_SADDLE"])

    def refuse(message, connection=None):
        raise smtplib.SMTPRecipientsRefused({message.recipient.email: (554, b"Relay access denied")})

    monkeypatch.setattr(delivery, "email_for", refuse)
    report = deliver_due(now=story.at(1))
    assert (report.failed, report.dead) == (2, 0)
    assert set(MessageOwed.objects.values_list("status", flat=True)) == {"owed"}


def test_a_physiotherapist_who_is_let_in_during_a_pause_is_told_by_the_next_close():
    story = Story()
    story.live(1, [LEG, LEG])
    clinician = a_clinician()
    grant_consent(runner=story.runner, clinician=clinician, now=story.at(3))
    story.live(3, [QUIET, QUIET])
    told = MessageOwed.objects.filter(kind="clinician_pause").values_list("recipient", "local_date")
    assert list(told) == [(clinician.pk, story.date(3))]


def test_nobody_is_told_of_a_pause_who_is_a_physiotherapist_no_more(mailoutbox):
    story = Story()
    clinician = story.seen_by()
    story.log(1, rest=2, red_flags=["CE_SADDLE"])
    clinician.role = Role.RUNNER
    clinician.save()
    deliver_due(now=story.at(1))
    assert [mail.to for mail in mailoutbox] == [[story.runner.email]]
    assert "no more" in MessageOwed.objects.get(kind="clinician_pause").outcome


# --- holds and acts of today -----------------------------------------------------------
def test_a_hold_in_the_night_holds_the_day_that_is_about_to_be_decided():
    story = Story()
    clinician = story.seen_by()
    story.live(1, [RUN, RUN, RUN])
    story.log(4, **RUN)
    now = story.at(5, datetime.time(1, 30))
    hold_until(enrolment=story.enrolment, by=clinician, now=now, until=story.date(9), reason=REASON)
    assert story.close(4).rule == "D7A_PHYSIO_HOLD"
    assert story.enrolment.hold_until == story.date(9)


def test_a_hold_on_an_enrolment_that_was_set_aside_holds_its_open_days():
    story = Story()
    clinician = story.seen_by()
    story.live(1, [RUN, RUN, RUN])
    story.log(4, **RUN)
    Enrolment.objects.filter(pk=story.pk).update(stage="no_such_stage")
    close_due(now=story.at(5, datetime.time(4)), job="test")
    Enrolment.objects.filter(pk=story.pk).update(stage="S1_walking")
    now = story.at(5, datetime.time(4, 1))
    hold_until(enrolment=story.enrolment, by=clinician, now=now, until=story.date(9), reason=REASON)
    close_due(now=story.at(5, datetime.time(12)), job="test")
    assert story.decision(4).rule == "D7A_PHYSIO_HOLD"


def test_a_session_of_the_morning_is_not_credited_to_a_step_that_was_decided_at_noon():
    story = Story()
    for day in range(1, 5):
        story.log(day, **RUN)
    close_due(now=story.at(5, datetime.time(12)), job="after an outage")
    assert story.enrolment.stage == "S2_core"
    assert story.log(5, now=story.at(5, datetime.time(13)), **RUN).entry.stage_shown == "S1_walking"
    assert story.log(6, **RUN).entry.stage_shown == "S2_core"


def test_a_correction_after_todays_clearing_does_not_pause_again():
    story = Story()
    clinician = story.seen_by()
    story.live(1, [RUN, LEG, LEG])
    act = {"enrolment": story.enrolment, "by": clinician, "now": story.at(4, datetime.time(10))}
    clear_pause(**act, reason=REASON)
    story.log(1, now=story.at(4, datetime.time(12)), **{**RUN, "warmup": "resolved"})
    assert story.enrolment.refer == "none"


def test_a_correction_after_todays_set_stage_leaves_the_stage_that_was_set():
    story = Story(stage="S3_run1_walk4")
    clinician = story.seen_by()
    story.live(1, [RUN, QUIET])
    act = {"enrolment": story.enrolment, "by": clinician, "now": story.at(3, datetime.time(10))}
    set_stage(**act, stage="S4_run2_walk3", reason=REASON)
    story.log(1, now=story.at(3, datetime.time(12)), **{**RUN, "during": 7})
    assert story.enrolment.stage == "S4_run2_walk3"
    assert story.decision(1).decision == "step_back"
    assert list(verify_ledger(LedgerReport())) == []
    assert Decision.objects.filter(trigger="correction").exists()
