"""A runner's care passes to a colleague: with notice, unless she refuses, never around her."""

import pytest
import time_machine
from django.core.management import call_command

from accounts import tasks
from accounts.models import AccessRecord, AccountMail, Consent, HandOver, User
from accounts.services import grant_consent, revoke_consent
from accounts.services.clinics import leave_clinic
from accounts.services.covers import start_cover
from accounts.services.errors import Refused
from accounts.services.hand_overs import (
    agree_to_hand_over,
    carry_out_hand_overs,
    propose_hand_over,
    propose_whole_caseload,
    refuse_hand_over,
    withdraw_hand_over,
)
from programs.services.restored import settle_what_was_owed
from tests.support.clinics import (
    DAY,
    HOUR,
    NOW,
    a_clinic,
    a_colleague,
    consents_to,
    mails_are,
    mails_to,
    outcome_of,
    proposed,
    runners_of,
    seen_by,
)
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
WEEK = 7 * DAY
LATER = NOW + WEEK


@pytest.fixture
def petra() -> User:
    return a_clinician()


@pytest.fixture
def paul(petra) -> User:
    """A colleague of hers; a clinic next door has people of its own."""
    paul = a_colleague()
    a_clinic(petra, paul, leads=(petra,))
    a_clinic(a_colleague("Nell Next"), name="Next Door")
    return paul


def membership_of(person: User):
    return person.memberships.get(left_at__isnull=True)


# --- what happens where nobody says anything ---------------------------------------------------
def test_after_seven_days_of_silence_the_colleague_sees_her_and_the_other_does_not(petra, paul):
    (rae,) = runners_of(petra)
    proposed(petra, paul)
    assert carry_out_hand_overs(now=LATER - HOUR) == 0
    assert seen_by(paul, LATER - HOUR) == set()
    assert carry_out_hand_overs(now=LATER) == 1
    assert (seen_by(petra, LATER), seen_by(paul, LATER)) == (set(), {rae})
    assert consents_to(paul, LATER)[0].via == "hand_over"


def test_after_a_restore_silence_agrees_to_nothing(petra, paul):
    """She may have refused it since the backup."""
    (rae,) = runners_of(petra)
    proposed(petra, paul)
    done = settle_what_was_owed(backup_of=NOW, now=NOW + 2 * DAY)
    assert done["hand-overs are called off, to be proposed again"] == 1
    assert carry_out_hand_overs(now=LATER) == 0
    assert (seen_by(petra, LATER), seen_by(paul, LATER)) == ({rae}, set())
    proposed(petra, paul)


def test_the_job_run_twice_does_it_once(petra, paul):
    runners_of(petra, 3)
    proposed(petra, paul)
    assert [carry_out_hand_overs(now=LATER), carry_out_hand_overs(now=LATER)] == [3, 0]
    assert Consent.objects.filter(clinician=paul).count() == 3
    assert AccountMail.objects.filter(kind="hand_over_done").count() == 3


def test_the_worker_and_the_command_do_what_is_due(petra, paul, capsys):
    runners_of(petra, 2)
    first, second = proposed(petra, paul)
    HandOver.objects.filter(pk=second.pk).update(takes_effect_at=LATER + DAY)
    with time_machine.travel(LATER, tick=False):
        tasks.carry_out_hand_overs()
    assert (outcome_of(first), outcome_of(second)) == ("done", "open")
    with time_machine.travel(LATER + DAY, tick=False):
        call_command("carry_out_hand_overs")
    assert outcome_of(second) == "done"
    assert "1 hand-over done" in capsys.readouterr().out


def test_everybody_is_told_and_the_record_says_who_did_what(petra, paul):
    (rae,) = runners_of(petra)
    proposed(petra, paul)
    carry_out_hand_overs(now=LATER)
    assert mails_to(rae) == ["hand_over", "hand_over_effected"]
    assert mails_to(petra) == ["hand_over_done"]
    assert mails_to(paul) == ["hand_over_coming", "hand_over_received"]
    record = AccessRecord.objects.filter(runner=rae, at=LATER).order_by("pk")
    assert [(row.actor, row.act, row.detail) for row in record] == [
        (petra, "consent", "access of Petra Physio ended"),
        (petra, "consent", "access given to Paul Physio"),
    ]


def test_mails_to_clinicians_name_nobody(petra, paul):
    """They wait for a mail server, and she may have ended the access meanwhile."""
    runners_of(petra)
    proposed(petra, paul, told=False)
    carry_out_hand_overs(now=LATER)
    words = {mail.kind: mail.subject + mail.text + mail.html for mail in AccountMail.objects.all()}
    assert "Rae 0" not in words["hand_over_coming"] and "R0" not in words["hand_over_coming"]
    mails_are("sent", NOW)
    carry_out_hand_overs(now=LATER)
    for kind in ("hand_over_done", "hand_over_received"):
        mail = AccountMail.objects.get(kind=kind)
        said = mail.subject + mail.text + mail.html
        assert "Rae 0" not in said and "R0" not in said


def test_the_wording_that_she_agreed_to_goes_with_her(petra, paul):
    runners_of(petra)
    Consent.objects.update(text_version=1)
    proposed(petra, paul)
    carry_out_hand_overs(now=LATER)
    assert consents_to(paul, LATER)[0].text_version == 1


# --- silence is agreement only of somebody who was told ------------------------------------------
def test_a_notice_that_was_never_sent_hands_nobody_over(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul, told=False)
    assert carry_out_hand_overs(now=NOW + 300 * DAY) == 0
    assert outcome_of(hand_over) == "open"
    assert seen_by(petra) == {rae}


def test_the_seven_days_begin_when_the_notice_is_out(petra, paul):
    runners_of(petra)
    proposed(petra, paul, told=False)
    mails_are("sent", NOW + DAY)
    assert carry_out_hand_overs(now=LATER + DAY - HOUR) == 0
    assert carry_out_hand_overs(now=LATER + DAY) == 1


@pytest.mark.parametrize("became", ["dead", "expired"])
def test_a_notice_that_was_given_up_ends_the_proposal(petra, paul, became):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul, told=False)
    mails_are(became, NOW + DAY)
    assert carry_out_hand_overs(now=LATER + DAY) == 0
    assert outcome_of(hand_over) == "lapsed"
    assert (seen_by(petra, LATER), seen_by(paul, LATER)) == ({rae}, set())


def test_a_notice_whose_row_is_gone_proves_nothing(petra, paul):
    runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    HandOver.objects.update(notice=None)
    assert carry_out_hand_overs(now=LATER) == 0
    assert outcome_of(hand_over) == "lapsed"


# --- her answer -----------------------------------------------------------------------------------
def test_agreeing_does_it_at_once_also_before_the_mail_is_out(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul, told=False)
    agree_to_hand_over(hand_over=hand_over, runner=rae, now=NOW + HOUR)
    assert (seen_by(petra, NOW + HOUR), seen_by(paul, NOW + HOUR)) == (set(), {rae})
    assert "hand_over_effected" not in mails_to(rae)


def test_refusing_leaves_everything_as_it_is_and_is_told(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    for _ in range(2):
        refuse_hand_over(hand_over=hand_over, runner=rae, now=NOW + DAY)
    assert carry_out_hand_overs(now=LATER) == 0
    assert (seen_by(petra, LATER), seen_by(paul, LATER)) == ({rae}, set())
    assert mails_to(petra) == ["hand_over_refused"]


def test_she_may_refuse_after_the_date_where_it_was_not_done_yet(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    refuse_hand_over(hand_over=hand_over, runner=rae, now=LATER + 3 * DAY)
    assert carry_out_hand_overs(now=LATER + 3 * DAY) == 0
    assert outcome_of(hand_over) == "refused"


def test_refusing_what_is_done_is_said_to_be_too_late(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    carry_out_hand_overs(now=LATER)
    with pytest.raises(Refused, match="not open any more"):
        refuse_hand_over(hand_over=hand_over, runner=rae, now=LATER)
    assert outcome_of(hand_over) == "done"


def test_nobody_answers_for_another_runner(petra, paul):
    rae, other = runners_of(petra, 2)
    hand_over = HandOver.objects.get(pk__in=[h.pk for h in proposed(petra, paul)], consent__runner=rae)
    for answer in (refuse_hand_over, agree_to_hand_over):
        with pytest.raises(Refused):
            answer(hand_over=hand_over, runner=other, now=NOW + DAY)
    assert outcome_of(hand_over) == "open"


def test_a_refusal_is_not_asked_again(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    refuse_hand_over(hand_over=hand_over, runner=rae, now=NOW + DAY)
    assert proposed(petra, paul, now=NOW + 2 * DAY) == []
    assert mails_to(rae) == ["hand_over"]


def test_whoever_ended_that_colleagues_access_is_not_proposed_to_her(petra, paul):
    rae, sue = runners_of(petra, 2)
    grant_consent(runner=rae, clinician=paul, now=NOW - 9 * DAY)
    revoke_consent(runner=rae, clinician=paul, now=NOW - 8 * DAY)
    assert [hand_over.consent.runner for hand_over in proposed(petra, paul)] == [sue]


# --- meanwhile --------------------------------------------------------------------------------------
def test_consent_that_is_revoked_meanwhile_ends_it(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    revoke_consent(runner=rae, clinician=petra, now=NOW + DAY)
    assert outcome_of(hand_over) == "lapsed"
    assert carry_out_hand_overs(now=LATER) == 0
    assert seen_by(paul, LATER) == set()
    with pytest.raises(Refused):
        agree_to_hand_over(hand_over=hand_over, runner=rae, now=LATER)


def test_whoever_shows_the_colleague_out_meanwhile_has_refused(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + 9 * DAY, now=NOW)
    revoke_consent(runner=rae, clinician=paul, now=NOW + DAY)
    assert carry_out_hand_overs(now=LATER) == 0
    assert outcome_of(hand_over) == "refused"
    assert (seen_by(petra, LATER), seen_by(paul, LATER)) == ({rae}, set())


@pytest.mark.parametrize("who", ["petra", "paul"])
def test_a_colleague_who_leaves_meanwhile_ends_it_and_the_runner_is_told(petra, paul, who):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    person = {"petra": petra, "paul": paul}[who]
    leave_clinic(membership=membership_of(person), by=person, now=NOW + DAY)
    assert outcome_of(hand_over) == "lapsed"
    assert mails_to(rae) == ["hand_over", "hand_over_off"]
    assert carry_out_hand_overs(now=LATER) == 0
    assert seen_by(petra, LATER) == {rae}


@pytest.mark.parametrize("whose", ["paul", "rae"])
def test_an_account_that_was_closed_meanwhile_takes_and_gives_nothing(petra, paul, whose):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    User.objects.filter(pk={"paul": paul, "rae": rae}[whose].pk).update(is_active=False)
    assert carry_out_hand_overs(now=LATER) == 0
    assert outcome_of(hand_over) == "lapsed"
    assert seen_by(paul, LATER) == set()


def test_agreeing_to_what_cannot_be_done_any_more_is_refused_and_settles_it(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    User.objects.filter(pk=paul.pk).update(is_active=False)
    with pytest.raises(Refused):
        agree_to_hand_over(hand_over=hand_over, runner=rae, now=NOW + DAY)
    assert outcome_of(hand_over) == "lapsed"
    assert seen_by(petra) == {rae}


def test_a_colleague_who_has_access_already_keeps_her_own_and_the_other_loses_hers(petra, paul):
    (rae,) = runners_of(petra)
    grant_consent(runner=rae, clinician=paul, now=NOW - 9 * DAY)
    proposed(petra, paul)
    assert carry_out_hand_overs(now=LATER) == 1
    assert (seen_by(petra, LATER), seen_by(paul, LATER)) == (set(), {rae})
    assert [consent.via for consent in consents_to(paul, LATER)] == ["grant"]


def test_a_cover_by_the_same_colleague_becomes_the_full_thing(petra, paul):
    (rae,) = runners_of(petra)
    proposed(petra, paul)
    start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + 10 * DAY, now=NOW)
    assert carry_out_hand_overs(now=LATER) == 1
    (consent,) = consents_to(paul, LATER)
    assert (consent.via, consent.expires_at) == ("hand_over", None)


def test_a_cover_by_a_third_colleague_ends_with_what_it_rests_on(petra, paul):
    olga = a_colleague("Olga Physio")
    membership = membership_of(petra)
    membership.clinic.memberships.create(clinician=olga, joined_at=NOW)
    runners_of(petra)
    start_cover(clinician=petra, colleague=olga, begins_at=NOW, ends_at=NOW + 20 * DAY, now=NOW)
    proposed(petra, paul)
    carry_out_hand_overs(now=LATER)
    assert seen_by(olga, LATER) == set()


# --- who may propose, what, to whom ---------------------------------------------------------------
def test_only_to_a_colleague_of_the_same_clinic_and_never_to_oneself(petra, paul):
    runners_of(petra)
    nell = User.objects.get(name="Nell Next")
    alone = a_colleague("Ada Alone")
    closed = a_colleague("Cleo Closed")
    membership_of(petra).clinic.memberships.create(clinician=closed, joined_at=NOW)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    closed.refresh_from_db()
    for to in (nell, alone, closed, petra):
        with pytest.raises(Refused, match="Choose a colleague"):
            propose_hand_over(consents=consents_to(petra), to=to, by=petra, now=NOW)
    assert not AccountMail.objects.exists()


def test_only_own_runners_and_none_whom_she_only_covers_for(petra, paul):
    (of_paul,) = runners_of(paul)
    (rae,) = runners_of(petra)
    start_cover(clinician=paul, colleague=petra, begins_at=NOW, ends_at=NOW + DAY, now=NOW)
    assert seen_by(petra) == {rae, of_paul}
    everything = list(Consent.objects.all())
    (hand_over,) = propose_hand_over(consents=everything, to=paul, by=petra, now=NOW)
    assert hand_over.consent.runner == rae


def test_a_second_proposal_of_the_same_runner_waits_for_the_first(petra, paul):
    olga = a_colleague("Olga Physio")
    membership_of(petra).clinic.memberships.create(clinician=olga, joined_at=NOW)
    runners_of(petra)
    assert len(proposed(petra, paul)) == 1
    assert proposed(petra, olga) == proposed(petra, paul) == []


def test_taken_back_it_does_not_happen_and_the_runner_is_told(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    for _ in range(2):
        withdraw_hand_over(hand_over=hand_over, by=petra, now=NOW + DAY)
    assert carry_out_hand_overs(now=LATER) == 0
    assert mails_to(rae) == ["hand_over", "hand_over_off"]
    assert proposed(petra, paul, now=NOW + 2 * DAY)


def test_the_colleague_may_decline_and_whoever_proposed_is_told(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    withdraw_hand_over(hand_over=hand_over, by=paul, now=NOW + DAY)
    assert outcome_of(hand_over) == "withdrawn"
    assert mails_to(petra) == ["hand_over_declined"]
    assert mails_to(rae) == ["hand_over", "hand_over_off"]


def test_nobody_else_takes_it_back(petra, paul):
    runners_of(petra)
    (hand_over,) = proposed(petra, paul)
    withdraw_hand_over(hand_over=hand_over, by=User.objects.get(name="Nell Next"), now=NOW + DAY)
    assert outcome_of(hand_over) == "open"


# --- by a lead, for somebody of her clinic -----------------------------------------------------------
def test_a_lead_proposes_all_runners_of_a_colleague_and_only_the_colleague_reads_what_becomes_of_each(
    petra, paul
):
    rae, sue = runners_of(paul, 2)
    runners_of(petra)
    hand_overs = propose_whole_caseload(clinician=paul, to=petra, by=petra, now=NOW)
    assert {hand_over.consent.runner for hand_over in hand_overs} == {rae, sue}
    mails_are("sent", NOW)
    refuse_hand_over(hand_over=hand_overs[0], runner=hand_overs[0].consent.runner, now=NOW + DAY)
    carry_out_hand_overs(now=LATER)
    assert len(seen_by(petra, LATER)) == 2
    assert mails_to(paul) == ["hand_over_proposed", "hand_over_refused", "hand_over_done"]
    assert mails_to(petra) == ["hand_over_coming", "hand_over_received"]


def test_a_colleague_is_told_at_once_what_a_lead_proposes_and_may_take_it_back(petra, paul):
    runners_of(paul, 2)
    hand_overs = propose_whole_caseload(clinician=paul, to=petra, by=petra, now=NOW)
    told = AccountMail.objects.get(kind="hand_over_proposed")
    assert (told.recipient, told.created_at) == (paul, NOW)
    for words in (told.text, told.html):
        assert "Petra Physio" in words and "2 runners of yours over to themselves" in words
        assert "Rae" not in words and "R0" not in words
    for hand_over in hand_overs:
        withdraw_hand_over(hand_over=hand_over, by=paul, now=NOW + HOUR)
    assert carry_out_hand_overs(now=LATER) == 0


def test_nobody_is_told_of_what_she_proposes_herself(petra, paul):
    runners_of(petra)
    proposed(petra, paul)
    assert mails_to(petra) == []


def test_nobody_else_proposes_for_a_colleague(petra, paul):
    runners_of(petra)
    runners_of(paul)
    nell, mara = User.objects.get(name="Nell Next"), User.objects.get(role="manager")
    for by in (paul, nell, mara):
        with pytest.raises(Refused):
            propose_whole_caseload(clinician=petra, to=paul, by=by, now=NOW)
    assert not HandOver.objects.exists()


def test_runners_of_somebody_who_has_left_let_that_person_in_and_no_clinic(petra, paul):
    runners_of(paul)
    leave_clinic(membership=membership_of(paul), by=paul, now=NOW)
    with pytest.raises(Refused):
        propose_whole_caseload(clinician=paul, to=petra, by=petra, now=NOW + HOUR)


def test_a_colleague_whose_account_is_closed_can_be_relieved_of_her_runners(petra, paul):
    (rae,) = runners_of(paul)
    User.objects.filter(pk=paul.pk).update(is_active=False)
    propose_whole_caseload(clinician=paul, to=petra, by=petra, now=NOW)
    mails_are("sent", NOW)
    assert carry_out_hand_overs(now=LATER) == 1
    assert seen_by(petra, LATER) == {rae}


def test_proposing_many_costs_a_fixed_number_of_queries_and_one_mail_each(
    petra, paul, django_assert_max_num_queries
):
    runners_of(petra, 12)
    consents = consents_to(petra)
    with django_assert_max_num_queries(12 + 12):
        propose_hand_over(consents=consents, to=paul, by=petra, now=NOW)
    assert AccountMail.objects.filter(kind="hand_over").count() == 12
