"""The runner's page of who can see her data, and how she ends it."""

import datetime
import hashlib
import uuid

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import Act, Consent, ConsentVia, HandOver, HandOverOutcome, Invitation
from accounts.models.consent import CONSENT_TEXT_VERSION
from accounts.selectors import access_page
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import ask_runner
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.covers import start_cover
from accounts.services.errors import Refused
from accounts.services.hand_overs import propose_hand_over
from accounts.services.offers import accept_offer, make_offer
from programs.selectors.access_end import access_end_page
from programs.services.diary import EntryValues
from tests.builders import QUIET, an_enrolment, live
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

MORNING = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
URGENT = EntryValues(morning=2, rest=3, red_flags=("FEVER_UNWELL",))


def colleagues(*people) -> None:
    clinic = create_clinic(name="Riverside", by=a_manager(), now=MORNING)
    for person in people:
        join_clinic(clinic=clinic, clinician=person, now=MORNING)


def page_of(runner) -> str:
    return signed_in(runner).get(reverse("access")).content.decode()


# --- what she reads ---------------------------------------------------------------
def test_everything_about_access_takes_four_queries(django_assert_num_queries):
    """Consents, hand-overs, asks and the open code, however many there are; a clinic takes none."""
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    consent = grant_consent(runner=rosa, clinician=petra, now=MORNING)
    grant_consent(runner=rosa, clinician=a_clinician("pia@example.org"), now=MORNING)
    start_cover(
        clinician=petra, colleague=paul, begins_at=MORNING + DAY, ends_at=MORNING + 3 * DAY, now=MORNING
    )
    propose_hand_over(consents=[consent], to=paul, by=petra, now=MORNING)
    ask_runner(clinician=a_clinician("ada@example.org"), email=rosa.email, now=MORNING)
    make_offer(runner=rosa, now=MORNING)
    with django_assert_num_queries(4):
        page = access_page(runner=rosa, now=MORNING)
    assert [access.email for access in page.accesses] == ["petra@example.org", "pia@example.org"]
    assert [(access.name, access.covers) for access in page.upcoming] == [("Paul", "Petra Physio")]
    assert [hand_over.colleague for hand_over in page.hand_overs] == ["Paul"]
    assert len(page.asks) == 1
    assert page.offer.until == MORNING + 7 * DAY


def test_a_cover_says_for_whom_and_until_when():
    rosa, petra, paul = a_runner(time_zone="Europe/London"), a_clinician(), a_clinician("paul@e.org", "Paul")
    colleagues(petra, paul)
    now = timezone.now()
    grant_consent(runner=rosa, clinician=petra, now=now)
    start_cover(clinician=petra, colleague=paul, begins_at=now, ends_at=now + 5 * DAY, now=now)
    page = page_of(rosa)
    assert "holiday cover for Petra Physio" in page
    assert f"until {(now + 5 * DAY).astimezone(rosa.zone).day} " in page


@pytest.mark.parametrize(
    ("via", "words"),
    [
        (ConsentVia.GRANT, "you allowed it"),
        (ConsentVia.OFFER, "took your code"),
        (ConsentVia.ASK, "you accepted the invitation"),
        (ConsentVia.HAND_OVER, "took over from a colleague"),
    ],
)
def test_each_access_says_how_it_came_about(via, words):
    rosa = a_runner()
    grant_consent(runner=rosa, clinician=a_clinician(), now=MORNING, via=via)
    assert words in page_of(rosa)


@pytest.mark.parametrize("name", ["access", "offer"])
def test_what_is_shared_is_said_before_and_after(name):
    rosa = a_runner()
    answers = [signed_in(rosa).get(reverse(name)).content.decode()]
    answers.append(signed_in(rosa).post(reverse("offer")).content.decode())
    for words in ("your diary: every score", "They never see", "your password", "28 days"):
        assert all(words in answer for answer in answers)


def test_the_wording_that_people_agree_to_has_its_number():
    """Who changes what it says makes a new version; consents keep the one that was agreed to."""
    words = " ".join(strip_tags(render_to_string("account/access_shared.html")).split())
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    assert {CONSENT_TEXT_VERSION: digest} == {4: "99f6277829c2b645"}


# --- ending it --------------------------------------------------------------------
def test_a_look_at_the_question_ends_nothing():
    rosa = a_runner()
    consent = grant_consent(runner=rosa, clinician=a_clinician(), now=MORNING)
    address = reverse("access_revoke", args=[consent.public_id])
    answer = signed_in(rosa).get(address)
    assert "End the access of Petra Physio?" in answer.content.decode()
    assert signed_in(rosa).head(address).status_code == 200
    assert Consent.objects.unrevoked().exists()


def test_ending_twice_is_ending_once():
    rosa = a_runner()
    consent = grant_consent(runner=rosa, clinician=a_clinician(), now=MORNING)
    address = reverse("access_revoke", args=[consent.public_id])
    browser = signed_in(rosa)
    for _ in range(2):
        answer = browser.post(address, follow=True)
        assert "Petra Physio can no longer see your data." in answer.content.decode()
    assert Consent.objects.get().revoked_by == rosa
    assert browser.get(address).url == reverse("access")


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_ends_what_is_not_hers(method):
    consent = grant_consent(runner=a_runner(), clinician=a_clinician(), now=MORNING)
    ruth = signed_in(a_runner("ruth@example.org"))
    for public_id in (consent.public_id, uuid.uuid4()):
        assert getattr(ruth, method)(reverse("access_revoke", args=[public_id])).status_code == 404
    assert Consent.objects.unrevoked().exists()


def test_who_is_erased_while_she_presses_a_button_gets_no_crash(monkeypatch):
    rosa = a_runner()
    consent = grant_consent(runner=rosa, clinician=a_clinician(), now=MORNING)

    def erased(person):
        raise Refused("This account does not exist any more.")

    for module in ("consents", "offers"):
        monkeypatch.setattr(f"accounts.services.{module}.lock_person", erased)
    browser = signed_in(rosa)
    for address in (
        reverse("offer"),
        reverse("offer_withdraw"),
        reverse("access_revoke", args=[consent.public_id]),
    ):
        assert browser.post(address).status_code == 404


def test_whoever_is_shown_out_does_not_come_back_by_an_open_code():
    rosa, petra = a_runner(), a_clinician()
    grant_consent(runner=rosa, clinician=petra, now=MORNING)
    code = make_offer(runner=rosa, now=MORNING)
    revoke_consent(runner=rosa, clinician=petra, now=MORNING)
    with pytest.raises(Refused):
        accept_offer(code=code, clinician=petra, now=MORNING)
    assert Invitation.objects.get().outcome == "withdrawn"


def test_what_rests_on_a_grant_ends_with_it_and_is_on_record():
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    consent = grant_consent(runner=rosa, clinician=petra, now=MORNING)
    start_cover(clinician=petra, colleague=paul, begins_at=MORNING, ends_at=MORNING + DAY, now=MORNING)
    propose_hand_over(consents=[consent], to=paul, by=petra, now=MORNING)
    revoke_consent(runner=rosa, clinician=petra, now=MORNING + DAY / 2)
    assert not Consent.objects.unrevoked().exists()
    assert HandOver.objects.get().outcome == HandOverOutcome.LAPSED
    said = rosa.access_records.filter(act=Act.CONSENT).order_by("pk").values_list("detail", flat=True)
    assert list(said)[-2:] == ["holiday cover by Paul ended", "access of Petra Physio ended"]


def test_the_question_says_what_ends_with_it(django_assert_num_queries):
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    now = timezone.now()
    consent = grant_consent(runner=rosa, clinician=petra, now=now)
    start_cover(clinician=petra, colleague=paul, begins_at=now, ends_at=now + DAY, now=now)
    propose_hand_over(consents=[consent], to=paul, by=petra, now=now)
    make_offer(runner=rosa, now=now)
    loaded = Consent.objects.select_related("runner", "clinician", "covers__clinician").get(pk=consent.pk)
    with django_assert_num_queries(4):
        page = access_end_page(consent=loaded, now=now)
    assert page.covered_by == ("Paul",)
    words = signed_in(rosa).get(reverse("access_revoke", args=[consent.public_id])).content.decode()
    for said in ("Paul, who covers for Petra Physio", "hand-over to Paul is off", "code that you made"):
        assert said in words
    assert "no other physiotherapist can restart it" not in words


@pytest.mark.parametrize(
    ("days", "others", "warned"),
    [((QUIET,), 0, False), ((URGENT,), 0, True), ((URGENT,), 1, False)],
    ids=["not paused", "paused and alone", "paused, and somebody else is there"],
)
def test_she_is_warned_where_nobody_is_left_who_could_end_a_pause(days, others, warned):
    rosa, petra = a_runner(), a_clinician()
    live(an_enrolment(rosa, clinician=petra, days_ago=1), *days)
    for number in range(others):
        grant_consent(runner=rosa, clinician=a_clinician(f"other{number}@example.org"), now=timezone.now())
    consent = Consent.objects.get(clinician=petra)
    words = signed_in(rosa).get(reverse("access_revoke", args=[consent.public_id])).content.decode()
    assert ("no other physiotherapist can restart it" in words) == warned
    assert ("only from 14 days after the pause began" in words) == warned


def test_a_cover_that_falls_with_the_grant_is_nobody_who_is_left():
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    live(an_enrolment(rosa, clinician=petra, days_ago=1), URGENT)
    now = timezone.now()
    start_cover(clinician=petra, colleague=paul, begins_at=now, ends_at=now + DAY, now=now)
    asked = {consent.clinician_id: consent for consent in Consent.objects.select_related("runner")}
    later = now + DAY / 2
    assert access_end_page(consent=asked[petra.pk], now=later).leaves_a_pause_alone
    assert not access_end_page(consent=asked[paul.pk], now=later).leaves_a_pause_alone


def test_a_cover_that_has_not_begun_can_be_ended_before():
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    now = timezone.now()
    grant_consent(runner=rosa, clinician=petra, now=now)
    start_cover(clinician=petra, colleague=paul, begins_at=now + DAY, ends_at=now + 2 * DAY, now=now)
    cover = Consent.objects.get(clinician=paul)
    browser = signed_in(rosa)
    address = reverse("access_revoke", args=[cover.public_id])
    assert "will not begin to see your data" in browser.get(address).content.decode()
    browser.post(address)
    assert access_page(runner=rosa, now=now).upcoming == ()
    assert not Consent.objects.in_force(now + DAY).filter(clinician=paul).exists()
    assert Consent.objects.in_force(now).filter(clinician=petra).exists()


# --- the wording that she agreed to -------------------------------------------------
def test_who_agreed_to_the_first_wording_is_covered_by_nobody():
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    grant_consent(runner=rosa, clinician=petra, now=MORNING, text_version=1)
    start_cover(clinician=petra, colleague=paul, begins_at=MORNING, ends_at=MORNING + 9 * DAY, now=MORNING)
    assert not Consent.objects.filter(clinician=paul).exists()
    assert "No colleague covers here" in page_of(rosa)


def test_agreeing_again_agrees_to_the_present_wording():
    rosa, petra = a_runner(), a_clinician()
    old = grant_consent(runner=rosa, clinician=petra, now=MORNING, text_version=1)
    new = accept_offer(code=make_offer(runner=rosa, now=MORNING), clinician=petra, now=MORNING + DAY)
    old.refresh_from_db()
    assert (old.text_version, old.revoked_at) == (1, MORNING + DAY)
    assert (new.text_version, new.revoked_at) == (CONSENT_TEXT_VERSION, None)


# --- hand-overs -------------------------------------------------------------------
@pytest.fixture
def handing(db):
    """Petra proposes Rosa to Paul, a colleague of hers."""
    rosa, petra, paul = a_runner(), a_clinician(), a_clinician("paul@example.org", "Paul")
    colleagues(petra, paul)
    now = timezone.now()
    consent = grant_consent(runner=rosa, clinician=petra, now=now - DAY, text_version=1)
    propose_hand_over(consents=[consent], to=paul, by=petra, now=now)
    return HandOver.objects.select_related("consent__runner").get()


def test_a_hand_over_is_refused_by_a_button(handing):
    browser = signed_in(handing.consent.runner)
    assert "would like <strong>Paul</strong>" in browser.get(reverse("access")).content.decode()
    for _ in range(2):
        answer = browser.post(reverse("hand_over_refuse", args=[handing.public_id]), follow=True)
        assert "Paul does not take over. Nothing changes." in answer.content.decode()
    assert [consent.clinician.name for consent in Consent.objects.unrevoked()] == ["Petra Physio"]
    assert "would like" not in browser.get(reverse("access")).content.decode()


def test_a_hand_over_is_agreed_to_by_a_button_and_brings_no_newer_wording(handing):
    browser = signed_in(handing.consent.runner)
    answer = browser.post(reverse("hand_over_agree", args=[handing.public_id]), follow=True)
    assert "Paul has taken over." in answer.content.decode()
    consent = Consent.objects.unrevoked().get()
    assert (consent.clinician.name, consent.via, consent.text_version) == ("Paul", ConsentVia.HAND_OVER, 1)
    given = handing.consent.runner.access_records.get(detail="access given to Paul")
    assert given.actor.name == "Petra Physio"
    answer = browser.post(reverse("hand_over_refuse", args=[handing.public_id]), follow=True)
    assert "not open any more" in answer.content.decode()


@pytest.mark.parametrize("name", ["hand_over_refuse", "hand_over_agree"])
def test_nobody_answers_for_another_runner_and_no_link_answers(handing, name):
    address = reverse(name, args=[handing.public_id])
    ruth = signed_in(a_runner("ruth@example.org"))
    assert ruth.post(address).status_code == 404
    assert ruth.post(reverse(name, args=[uuid.uuid4()])).status_code == 404
    assert signed_in(handing.consent.runner).get(address).status_code == 405
    assert HandOver.objects.get().outcome == HandOverOutcome.OPEN
