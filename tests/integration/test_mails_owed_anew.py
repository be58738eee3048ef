"""What was skipped, given up or is in hand silences no later notice; and which clinic lays down what."""

import pytest

from accounts.models import Clinic, Membership, User
from accounts.services import grant_consent, revoke_consent
from programs.mail_contents import contents_of
from programs.models import MessageKind, MessageOwed, MessageStatus, RedFlagCase
from programs.services import fates
from programs.services.days import close_due
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from programs.services.flag_notices import owe_to
from programs.services.messages import message_row, owe_for_sign
from tests.builders import reloaded, the_library
from tests.integration.test_mails_overtaken import paused_for_severe_pain, seen_by_petra
from tests.integration.test_messages import MINUTE, MONDAY, ONE_DAY, a_reminded_runner, at
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
SECOND = MINUTE / 60


def flagged(enrolment, when, code="FEVER_UNWELL"):
    report_red_flags(enrolment=reloaded(enrolment), by=enrolment.runner, now=when, codes=(code,))


def a_seen_runner():
    the_library()
    enrolment = a_reminded_runner()
    return enrolment, seen_by_petra(enrolment, at(9))


def to(petra) -> MessageOwed:
    return MessageOwed.objects.get(recipient=petra, kind=MessageKind.CLINICIAN_PAUSE)


@pytest.mark.parametrize("fate", [MessageStatus.SKIPPED, MessageStatus.DEAD])
def test_a_second_sign_is_told_where_the_mail_of_the_first_was_not_sent(fate, mailoutbox):
    enrolment, petra = a_seen_runner()
    flagged(enrolment, at(12))
    if fate == MessageStatus.SKIPPED:
        revoke_consent(runner=enrolment.runner, clinician=petra, now=at(12) + SECOND)
        deliver_due(now=at(12, 1), contents=contents_of)
        grant_consent(runner=enrolment.runner, clinician=petra, now=at(12, 5))
    else:
        owed = MessageOwed.objects.filter(recipient=petra)
        owed.update(status=fate, settled_at=at(12, 1), outcome="refused", attempts=50)
    assert to(petra).status == fate
    flagged(enrolment, at(14), "NIGHT_UNRELENTING")
    assert (to(petra).status, to(petra).outcome, to(petra).attempts) == (MessageStatus.OWED, "", 0)
    deliver_due(now=at(14, 1), contents=contents_of)
    assert [mail.to for mail in mailoutbox].count([petra.email]) == 1
    # Once more on that day it is no news.
    flagged(enrolment, at(15), "FEVER_UNWELL")
    assert to(petra).status == MessageStatus.SENT


def test_what_is_judged_by_older_facts_does_not_settle_the_new_notice():
    enrolment, petra = a_seen_runner()
    flagged(enrolment, at(12))
    in_hand = to(petra)
    flagged(enrolment, at(14), "NIGHT_UNRELENTING")
    fates.skip([in_hand], {in_hand.pk: "the runner's consent has ended"}, at(14))
    assert to(petra).status == MessageStatus.OWED
    assert to(petra).message_id != in_hand.message_id


def test_a_pause_is_told_the_next_night_to_whoever_got_nothing(mailoutbox):
    enrolment, petra, date = paused_for_severe_pain()
    revoke_consent(runner=enrolment.runner, clinician=petra, now=at(5, date=date))
    deliver_due(now=at(7, 1, date=date), contents=contents_of)
    grant_consent(runner=enrolment.runner, clinician=petra, now=at(8, date=date))
    for _ in range(2):
        enrolment = reloaded(enrolment)
        close_due(now=enrolment.closes_at, job="night", first=enrolment.pk, last=enrolment.pk)
    deliver_due(now=at(9, date=date + 2 * ONE_DAY), contents=contents_of)
    assert [mail.to for mail in mailoutbox].count([petra.email]) == 1


def test_a_new_pause_on_the_date_of_one_that_was_cleared_is_told(mailoutbox):
    enrolment, petra, date = paused_for_severe_pain()
    flagged(enrolment, at(8, date=date))
    deliver_due(now=at(8, 1, date=date), contents=contents_of)
    before = len(mailoutbox)
    enrolment = reloaded(enrolment)
    enrolment.paused_at = at(10, date=date)
    enrolment.save()
    owe_for_sign(enrolment, at(10, date=date))
    deliver_due(now=at(10, 1, date=date), contents=contents_of)
    assert [mail.to for mail in mailoutbox[before:]].count([petra.email]) == 1


def test_a_mail_in_hand_does_not_settle_the_notice_that_is_owed_anew():
    enrolment, petra = a_seen_runner()
    lead = a_clinician("lead@example.org", "Lea", time_zone="Europe/London")
    flagged(enrolment, at(12))
    case = RedFlagCase.objects.get()
    owe_to(case, [lead], at(12))
    in_hand = MessageOwed.objects.get(recipient=lead)
    owe_to(case, [lead], at(12, 1))
    fates.sent([in_hand], at(12, 2))
    assert MessageOwed.objects.get(recipient=lead).status == MessageStatus.OWED


def test_a_lead_who_was_let_in_when_it_fell_due_and_is_no_more_gets_no_link():
    enrolment, petra = a_seen_runner()
    flagged(enrolment, at(12))
    lead = a_clinician("lead@example.org", "Lea", time_zone="Europe/London")
    grant_consent(runner=enrolment.runner, clinician=lead, now=at(12, 5))
    owe_to(RedFlagCase.objects.get(), [lead], at(12, 10))
    mail = MessageOwed.objects.select_related("recipient", "enrolment").get(
        recipient=lead, kind=MessageKind.FLAG_UNSEEN
    )
    assert contents_of([mail], at(12, 15))[mail.pk].context["lets_in"]
    revoke_consent(runner=enrolment.runner, clinician=lead, now=at(12, 20))
    assert not contents_of([mail], at(12, 30))[mail.pk].context["lets_in"]


def test_a_mail_about_safety_needs_no_zone_to_be_in_time():
    enrolment, _ = a_seen_runner()
    flagged(enrolment, at(12))
    User.objects.update(time_zone="US/Pacific-New")
    deliver_due(now=at(12, 1), contents=contents_of)
    pauses = MessageOwed.objects.filter(kind__in=["pause", "clinician_pause"])
    assert set(pauses.values_list("status", flat=True)) == {MessageStatus.SENT}


@pytest.fixture
def two_clinics():
    """Paul, whom she let in first, and Petra; each in a clinic of the own."""
    the_library()
    enrolment = a_reminded_runner(name="Xenia Xu")
    found = {}
    for minutes, name in enumerate(("Paul", "Petra")):
        person = a_clinician(f"{name}@example.org".lower(), name, time_zone="Europe/London")
        clinic = Clinic.objects.create(name=name, created_at=at(1), created_by=person)
        Membership.objects.create(clinic=clinic, clinician=person, joined_at=at(1))
        grant_consent(runner=enrolment.runner, clinician=person, now=at(9, minutes))
        found[name] = (person, clinic)
    return enrolment, found


@pytest.mark.parametrize(
    ("pauls", "petras", "told_at_once"),
    [(False, True, {"Petra"}), (True, False, {"Paul", "Petra"}), (False, False, set())],
)
def test_a_red_flag_wakes_where_either_clinic_says_so(two_clinics, pauls, petras, told_at_once):
    enrolment, people = two_clinics
    for name, at_night in (("Paul", pauls), ("Petra", petras)):
        Clinic.objects.filter(pk=people[name][1].pk).update(red_flags_at_night=at_night)
    flagged(enrolment, at(23))
    due = {name: to(person).due_at for name, (person, _) in people.items()}
    assert {name for name, when in due.items() if when == at(23)} == told_at_once


@pytest.mark.parametrize(
    ("pauls", "petras", "named_to"),
    [(True, True, {"Paul", "Petra"}), (True, False, {"Paul"}), (False, True, set())],
)
def test_a_list_by_mail_names_her_where_both_clinics_let_it(two_clinics, pauls, petras, named_to):
    enrolment, people = two_clinics
    for name, by_name in (("Paul", pauls), ("Petra", petras)):
        Clinic.objects.filter(pk=people[name][1].pk).update(mails_name_runners=by_name)
    flagged(enrolment, at(12))
    mails = {name: a_list(person, MessageKind.DIGEST) for name, (person, _) in people.items()}
    said = contents_of(list(mails.values()), at(7, 30, MONDAY + ONE_DAY))
    who = {name: said[mail.pk].context["rows"][0].who for name, mail in mails.items()}
    assert {name for name, words in who.items() if words == "Xenia Xu"} == named_to


def a_list(person, kind) -> MessageOwed:
    date = MONDAY + ONE_DAY
    mail = message_row(recipient=person, enrolment=None, kind=kind, local_date=date, now=at(7, 30, date))
    mail.save()
    return mail


@pytest.mark.parametrize("fate", [MessageStatus.SENT, MessageStatus.DEAD])
def test_reviews_wait_for_the_fate_of_the_digest(fate):
    _, petra = a_seen_runner()
    digest, reviews = a_list(petra, MessageKind.DIGEST), a_list(petra, MessageKind.REVIEWS)
    now = at(7, 30, MONDAY + ONE_DAY)
    MessageOwed.objects.filter(pk=digest.pk).update(due_at=now + 5 * MINUTE)
    deliver_due(now=now, contents=contents_of)
    reviews.refresh_from_db()
    assert (reviews.status, reviews.due_at) == (MessageStatus.OWED, now + 6 * MINUTE)
    MessageOwed.objects.filter(pk=digest.pk).update(status=fate, settled_at=now, outcome="as it was")
    deliver_due(now=now + 6 * MINUTE, contents=contents_of)
    reviews.refresh_from_db()
    # Given up: it tells itself, where there is anything.
    told = "today's digest tells it" if fate == MessageStatus.SENT else "no review is due today"
    assert (reviews.status, reviews.outcome) == (MessageStatus.SKIPPED, told)
