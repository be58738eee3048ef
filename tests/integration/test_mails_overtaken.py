"""A mail that waited says nothing that something newer has overtaken."""

import smtplib

import pytest

from accounts.services import grant_consent
from programs.mail_contents import contents_of
from programs.mailing.reasons import CLEARED, OTHER_STEP, TOLD_WORSE
from programs.models import Decision, MessageKind, MessageOwed, MessageStatus
from programs.services import delivery
from programs.services.days import close_due
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues, report_red_flags
from programs.services.messages import most_telling
from programs.services.moves import move_version
from programs.services.overrides import clear_pause, set_stage
from tests.builders import COMFORTABLE, a_published_version, an_entry, live, reloaded, the_library
from tests.integration.test_messages import HOUR, MINUTE, MONDAY, ONE_DAY, a_reminded_runner, at
from tests.support.mails import Server
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
PAUSES = (MessageKind.PAUSE, MessageKind.CLINICIAN_PAUSE)
TOO_MUCH = EntryValues(morning=1, rest=1, session="done", during=7, after=7)


def advanced():
    """A runner who moved on at three in the morning, and her mail, which waits for seven."""
    the_library()
    enrolment = a_reminded_runner()
    while not (found := MessageOwed.objects.filter(kind=MessageKind.ADVANCE).first()):
        enrolment = live(enrolment, COMFORTABLE)
    return enrolment, found


def seen_by_petra(enrolment, now):
    petra = a_clinician(time_zone="Europe/London")
    grant_consent(runner=enrolment.runner, clinician=petra, now=now)
    return petra


def test_you_move_on_is_not_said_where_she_was_put_on_another_step_meanwhile():
    enrolment, mail = advanced()
    petra = seen_by_petra(enrolment, mail.created_at)
    before = mail.decision.stage_before
    set_stage(enrolment=enrolment, by=petra, now=mail.created_at + HOUR, stage=before, reason="Stay there")
    deliver_due(now=mail.due_at, contents=contents_of)
    mail.refresh_from_db()
    assert (mail.status, mail.outcome) == (MessageStatus.SKIPPED, OTHER_STEP)


def test_nor_where_she_was_moved_to_another_programme():
    enrolment, mail = advanced()
    petra = seen_by_petra(enrolment, mail.created_at)
    move_version(
        enrolment=enrolment,
        by=petra,
        now=mail.created_at + HOUR,
        version=a_published_version("lbp-cautious-start"),
        stage="S1_walking",
        reason="Suits her better",
        reason_code="programme",
    )
    assert contents_of([mail], mail.due_at)[mail.pk].skip == OTHER_STEP
    deliver_due(now=mail.due_at, contents=contents_of)
    mail.refresh_from_db()
    assert (mail.status, mail.outcome) == (MessageStatus.SKIPPED, OTHER_STEP)


@pytest.mark.parametrize("and_on_again", [False, True])
def test_of_two_decisions_the_older_is_never_the_last_word(and_on_again, monkeypatch, mailoutbox):
    enrolment, mail = advanced()
    enrolment = live(enrolment, TOO_MUCH)
    if and_on_again:
        now = enrolment.closes_at - HOUR
        stage = mail.decision.stage_after
        petra = seen_by_petra(enrolment, now)
        set_stage(enrolment=enrolment, by=petra, now=now + MINUTE, stage=stage, reason="Fine again")
    later = smtplib.SMTPRecipientsRefused({enrolment.runner.email: (451, b"later")})
    monkeypatch.setattr(delivery, "get_connection", lambda: Server(later))
    for minutes in range(3):
        deliver_due(now=mail.due_at + ONE_DAY + minutes * 2 * MINUTE, contents=contents_of)
    assert "You move on" not in " ".join(sent.subject for sent in mailoutbox)
    mail.refresh_from_db()
    assert (mail.status, mail.outcome) == (MessageStatus.SKIPPED, OTHER_STEP)


def paused_for_severe_pain():
    """A routine pause of three in the morning, whose mails wait for seven."""
    the_library()
    enrolment = a_reminded_runner()
    petra = seen_by_petra(enrolment, at(8))
    for date in (MONDAY, MONDAY + ONE_DAY):
        an_entry(enrolment, date, now=at(19, date=date), morning=7, rest=8, session="none")
        enrolment = reloaded(enrolment)
        close_due(now=enrolment.closes_at, job="night", first=enrolment.pk, last=enrolment.pk)
        enrolment = reloaded(enrolment)
    return enrolment, petra, MONDAY + 2 * ONE_DAY


def fates(level: str) -> set:
    return set(MessageOwed.objects.filter(kind__in=PAUSES, level=level).values_list("status", "outcome"))


def test_a_milder_pause_is_not_told_after_a_more_pressing_one(mailoutbox):
    enrolment, _, date = paused_for_severe_pain()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=at(5, date=date), codes=("CE_SADDLE",))
    for hour in (5, 7):
        deliver_due(now=at(hour, 1, date=date), contents=contents_of)
    assert len(mailoutbox) == 2
    assert fates("routine") == {(MessageStatus.SKIPPED, TOLD_WORSE)}
    assert fates("emergency") == {(MessageStatus.SENT, "")}


def test_a_milder_pause_is_told_where_the_more_pressing_one_told_nobody(mailoutbox):
    enrolment, _, date = paused_for_severe_pain()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=at(5, date=date), codes=("CE_SADDLE",))
    worse = MessageOwed.objects.filter(level="emergency")
    worse.update(status=MessageStatus.DEAD, settled_at=at(5, 1, date=date), outcome="refused")
    deliver_due(now=at(7, 1, date=date), contents=contents_of)
    assert len(mailoutbox) == 2 and fates("routine") == {(MessageStatus.SENT, "")}


def test_the_mails_of_a_pause_that_was_cleared_do_not_go_out_in_the_next_one():
    enrolment, petra, date = paused_for_severe_pain()
    clear_pause(enrolment=enrolment, by=petra, now=at(5, date=date), reason="I saw her last night")
    report_red_flags(
        enrolment=reloaded(enrolment), by=enrolment.runner, now=at(6, date=date), codes=("FEVER_UNWELL",)
    )
    # Also where the new pause told her nothing.
    MessageOwed.objects.filter(kind__in=PAUSES, level="urgent").delete()
    deliver_due(now=at(7, 1, date=date), contents=contents_of)
    assert fates("routine") == {(MessageStatus.SKIPPED, CLEARED)}


def test_of_steps_back_that_a_correction_brings_the_last_is_told_and_of_pauses_the_first():
    def decided(outcome, refer="none"):
        return [
            Decision(decision=outcome, refer=refer, date=MONDAY + days * ONE_DAY, stage_after=str(days))
            for days in range(2)
        ]

    assert [row.stage_after for row in most_telling(decided("step_back"))] == ["1"]
    assert [row.stage_after for row in most_telling(decided("pause_and_refer", "urgent"))] == ["0"]
    assert most_telling([]) == []
