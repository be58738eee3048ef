"""The pages of hand-overs: who is named to whom, what is written down, and the doors."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, HandOver, User
from accounts.selectors.hand_overs import hand_over_choices, hand_overs_page
from accounts.services import grant_consent, revoke_consent
from accounts.services.covers import start_cover
from accounts.services.hand_overs import propose_whole_caseload, refuse_hand_over
from tests.support.clinics import (
    DAY,
    NOW,
    a_clinic,
    a_colleague,
    consents_to,
    proposed,
    runners_of,
)
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra() -> User:
    return a_clinician()


@pytest.fixture
def paul(petra) -> User:
    paul = a_colleague()
    a_clinic(petra, paul, leads=(petra,))
    return paul


def words_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def chosen(petra: User, *runners: User, **fields) -> dict:
    """What the form sends for these runners."""
    keys = [str(consent.public_id) for consent in consents_to(petra) if consent.runner in runners]
    return {"to": str(User.objects.get(name="Paul Physio").public_id), "runners": keys} | fields


# --- proposing -------------------------------------------------------------------------------------
def test_some_of_her_runners_are_proposed(petra, paul):
    rae, sue, tia = runners_of(petra, 3)
    answer = signed_in(petra).post(reverse("hand_over_new"), chosen(petra, rae, tia), follow=True)
    assert "2 runners are told" in words_of(answer)
    assert {hand_over.consent.runner for hand_over in HandOver.objects.all()} == {rae, tia}


def test_all_of_her_runners_are_proposed_with_one_tick(petra, paul):
    runners_of(petra, 3)
    signed_in(petra).post(reverse("hand_over_new"), chosen(petra, everybody="on"))
    assert HandOver.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"to": ""}, "Choose a colleague"),
        ({"to": "0e4d2b52-6a6b-4a0e-9d3a-0a8f5d6d1c11"}, "Select a valid choice"),
        ({"to": "x"}, "Select a valid choice"),
        ({"runners": []}, "Choose at least one runner"),
        ({"runners": ["0e4d2b52-6a6b-4a0e-9d3a-0a8f5d6d1c11"]}, "Choose runners of the list only"),
        ({"runners": ["'--"]}, "Choose runners of the list only"),
    ],
)
def test_what_is_not_chosen_is_asked_for(petra, paul, change, says):
    (rae,) = runners_of(petra)
    answer = signed_in(petra).post(reverse("hand_over_new"), chosen(petra, rae) | change)
    assert says in words_of(answer)
    assert not HandOver.objects.exists()


def test_runners_of_somebody_else_are_no_choice(petra, paul):
    (of_paul,) = runners_of(paul)
    runners_of(petra)
    start_cover(clinician=paul, colleague=petra, begins_at=NOW, ends_at=NOW + DAY, now=NOW)
    consents = list(of_paul.consents_given.all())
    for consent in consents:
        sent = {"to": str(paul.public_id), "runners": [str(consent.public_id)]}
        answer = signed_in(petra).post(reverse("hand_over_new"), sent)
        assert "Choose runners of the list only" in words_of(answer)
    assert not HandOver.objects.exists()


def test_asking_again_is_said_to_have_told_nobody(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul, now=timezone.now())
    refuse_hand_over(hand_over=hand_over, runner=rae, now=timezone.now())
    answer = signed_in(petra).post(reverse("hand_over_new"), chosen(petra, rae), follow=True)
    assert "Nothing new was proposed" in words_of(answer)


def test_the_choices_cost_two_queries_whoever_many_there_are(petra, paul, django_assert_num_queries):
    runners_of(petra, 5)
    with django_assert_num_queries(2):
        choices = hand_over_choices(clinician=petra, now=NOW)
    assert [name for _, name in choices.colleagues] == ["Paul Physio"]
    assert len(choices.runners) == len(choices.runner_ids) == 5


# --- the list ----------------------------------------------------------------------------------------
def test_her_list_names_whom_she_may_see_and_nobody_else(petra, paul, django_assert_num_queries):
    rae, sue = runners_of(petra, 2)
    proposed(petra, paul)
    revoke_consent(runner=sue, clinician=petra, now=NOW + DAY)
    with django_assert_num_queries(5):
        page = hand_overs_page(clinician=petra, now=NOW + DAY)
    rows = {row.runner: row for row in page.own}
    assert rows.keys() == {str(rae), ""}
    assert (rows[str(rae)].state, rows[str(rae)].is_open) == ("waits for the runner", True)
    assert rows[""].state == "could no longer be done"
    assert page.runner_ids == {rae.pk}


def test_the_colleague_reads_from_whom_and_nothing_of_whom(petra, paul):
    runners_of(petra, 2)
    proposed(petra, paul, now=timezone.now())
    page = words_of(signed_in(paul).get(reverse("hand_overs")))
    assert page.count("A runner of Petra Physio") == 2
    assert "Rae" not in page


def test_the_lead_reads_numbers(petra, paul):
    rae, _ = runners_of(paul, 2)
    now = timezone.now()
    hand_overs = propose_whole_caseload(clinician=paul, to=petra, by=petra, now=now)
    refuse_hand_over(hand_over=hand_overs[0], runner=rae, now=now)
    page = words_of(signed_in(petra).get(reverse("hand_overs")))
    assert "Paul Physio to Petra Physio" in page
    assert "1 waiting for an answer" in page and "1 refused" in page
    assert "Rae" not in page


def test_every_name_on_these_pages_is_a_row_of_the_record(petra, paul):
    rae, sue = runners_of(petra, 2)
    proposed(petra, paul, now=timezone.now())
    before = AccessRecord.objects.count()
    browser = signed_in(petra)
    browser.get(reverse("hand_overs"))
    new = AccessRecord.objects.order_by("pk")[before:]
    assert {(row.runner, row.actor, row.act, row.detail) for row in new} == {
        (rae, petra, "list", "list of hand-overs"),
        (sue, petra, "list", "list of hand-overs"),
    }
    assert {row.origin for row in new} == {"127.0.0.1"}
    (tia,) = runners_of(petra)
    before = AccessRecord.objects.count()
    browser.get(reverse("hand_over_new"))
    (row,) = AccessRecord.objects.order_by("pk")[before:]
    assert (row.runner, row.detail) == (tia, "form of a hand-over")


# --- taking back, declining, doors -------------------------------------------------------------------
@pytest.mark.parametrize("who", ["petra", "paul"])
def test_it_is_withdrawn_by_one_and_declined_by_the_other(petra, paul, who):
    runners_of(petra)
    (hand_over,) = proposed(petra, paul, now=timezone.now())
    person = {"petra": petra, "paul": paul}[who]
    answer = signed_in(person).post(reverse("hand_over_withdraw", args=[hand_over.public_id]), follow=True)
    assert "will not happen" in words_of(answer)
    assert HandOver.objects.get().outcome == "withdrawn"


def test_the_hand_over_of_others_does_not_exist(petra, paul):
    (rae,) = runners_of(petra)
    (hand_over,) = proposed(petra, paul, now=timezone.now())
    nell = a_colleague("Nell Next")
    grant_consent(runner=rae, clinician=nell, now=NOW)
    address = reverse("hand_over_withdraw", args=[hand_over.public_id])
    assert signed_in(nell).post(address).status_code == 404
    assert signed_in(rae).post(address).status_code == 403
    assert HandOver.objects.get().outcome == "open"


def test_a_lead_proposes_for_a_colleague_on_a_page_without_names(petra, paul):
    runners_of(paul, 2)
    olga = a_colleague("Olga Physio")
    petra.memberships.get().clinic.memberships.create(clinician=olga, joined_at=NOW)
    address = reverse("member_hand_over", args=[paul.memberships.get().public_id])
    browser = signed_in(petra)
    page = words_of(browser.get(address))
    assert "Paul Physio has 2 runners" in page
    assert "Rae" not in page
    answer = browser.post(address, {"to": str(olga.public_id)}, follow=True)
    assert "2 runners are told" in words_of(answer)
    assert set(HandOver.objects.values_list("to", "proposed_by")) == {(olga.pk, petra.pk)}


def test_a_lead_has_no_such_page_for_herself_nor_for_another_clinic(petra, paul):
    nell = a_colleague("Nell Next")
    a_clinic(nell, name="Next Door")
    for person in (petra, nell):
        address = reverse("member_hand_over", args=[person.memberships.get().public_id])
        assert signed_in(petra).get(address).status_code == 404


def test_without_a_colleague_or_a_runner_the_page_says_so(petra):
    browser = signed_in(petra)
    assert "No colleague" in words_of(browser.get(reverse("hand_over_new")))
    a_clinic(petra, a_colleague())
    assert "Nobody to hand over" in words_of(browser.get(reverse("hand_over_new")))
