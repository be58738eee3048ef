"""Mails about a pause that do not arrive: those who can do something about it see it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import grant_consent
from programs.models import Enrolment, MessageKind, MessageOwed
from programs.selectors.caseload import caseload_page
from programs.selectors.runner import runner_page
from programs.selectors.undelivered import Undelivered
from programs.selectors.workload import workload_page
from programs.services.diary import report_red_flags
from tests.builders import an_enrolment, reloaded
from tests.support.clinics import a_clinic, a_colleague
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
PAUSE, TO_CLINICIAN = MessageKind.PAUSE, MessageKind.CLINICIAN_PAUSE


@pytest.fixture
def petra() -> User:
    """The lead; Paul is her colleague."""
    petra = a_clinician()
    a_clinic(petra, a_colleague(), leads=(petra,))
    return petra


@pytest.fixture
def paul(petra) -> User:
    return User.objects.get(name="Paul Physio")


@pytest.fixture
def rosa(petra) -> Enrolment:
    """Paused since an hour, by a warning sign of hers."""
    enrolment = an_enrolment(days_ago=5, clinician=petra)
    report_red_flags(
        enrolment=enrolment, by=enrolment.runner, now=timezone.now() - HOUR, codes=("FEVER_UNWELL",)
    )
    return reloaded(enrolment)


def bounces(person: User) -> datetime.datetime:
    at = timezone.now() - HOUR
    User.objects.filter(pk=person.pk).update(bounced_at=at, bounce="550")
    return at


def given_up(kind: str, **which) -> datetime.datetime:
    at = timezone.now()
    owed = MessageOwed.objects.filter(kind=kind, status="owed", **which)
    assert owed.update(status="dead", settled_at=at, outcome="SMTPDataError 451")
    return at


def arrived(kind: str, **which) -> None:
    MessageOwed.objects.filter(kind=kind, **which).update(status="sent", settled_at=timezone.now())


def seen_by(clinician: User, enrolment: Enrolment) -> Undelivered:
    enrolment = Enrolment.objects.select_related("runner", "version").get(pk=enrolment.pk)
    return runner_page(enrolment=enrolment, by=clinician, now=timezone.now()).about.undelivered


def page_of(clinician: User, enrolment: Enrolment) -> str:
    answer = signed_in(clinician).get(reverse("runner", args=[enrolment.public_id]))
    return " ".join(answer.content.decode().split())


def loads(viewer: User) -> dict[str, datetime.datetime | None]:
    return {
        load.name: load.unreached_since for load in workload_page(viewer=viewer, now=timezone.now()).loads
    }


def workload_of(viewer: User) -> str:
    return " ".join(signed_in(viewer).get(reverse("workload")).content.decode().split())


# --- the page of a runner -----------------------------------------------------------------
def test_mails_that_wait_their_turn_are_no_matter(petra, rosa):
    assert seen_by(petra, rosa) == Undelivered()
    assert "have not reached" not in page_of(petra, rosa)


def test_a_pause_that_never_reached_the_runner_is_said_to_her_physiotherapist(petra, rosa):
    at = given_up(PAUSE)
    assert seen_by(petra, rosa).runner_since == at
    text = page_of(petra, rosa)
    assert "Mails have not reached this runner since" in text
    assert "They may not know that the programme is paused: phone them." in text


def test_an_address_that_bounces_is_said_paused_or_not(petra, rosa):
    well = an_enrolment(days_ago=5, clinician=petra)
    at = bounces(well.runner)
    assert seen_by(petra, well).runner_since == at
    text = page_of(petra, well)
    assert "Ask them for another address" in text
    assert "phone them" not in text


def test_a_notice_that_a_physiotherapist_never_got_is_said_to_the_others(petra, paul, rosa):
    given_up(TO_CLINICIAN, recipient=petra)
    assert seen_by(petra, rosa) == Undelivered(notice_to="Petra Physio")
    assert "A notice of this pause may not have reached Petra Physio." in page_of(petra, rosa)


def test_a_notice_that_nobody_has_confirmed_is_said_as_well(petra, paul, rosa):
    given_up(TO_CLINICIAN, recipient=petra)
    MessageOwed.objects.filter(kind=TO_CLINICIAN, recipient=petra).update(status="uncertain")
    assert seen_by(petra, rosa) == Undelivered(notice_to="Petra Physio")


def test_while_it_is_tried_again_at_an_address_that_refuses_it_is_said_as_well(petra, rosa):
    bounces(petra)
    assert seen_by(petra, rosa).notice_to == "Petra Physio"
    arrived(TO_CLINICIAN, recipient=petra)
    assert seen_by(petra, rosa).notice_to == ""


def test_a_notice_of_an_earlier_pause_says_nothing_of_this_one(petra, rosa):
    given_up(TO_CLINICIAN)
    given_up(PAUSE)
    before = rosa.paused_at - HOUR
    MessageOwed.objects.filter(enrolment=rosa).update(created_at=before, wanted_at=before)
    assert seen_by(petra, rosa) == Undelivered()


def test_several_are_counted(petra, paul, rosa):
    given_up(TO_CLINICIAN, recipient=petra)
    hers = MessageOwed.objects.get(kind=TO_CLINICIAN, recipient=petra)
    hers.pk, hers.recipient, hers.message_id = None, paul, "<another@example.org>"
    hers.save()
    assert seen_by(petra, rosa) == Undelivered(notice_to="Petra Physio", more=1)
    assert "Nor to 1 colleague more." in page_of(petra, rosa)


# --- the caseload -------------------------------------------------------------------------
def marks(clinician: User) -> set[str]:
    page = caseload_page(clinician=clinician, now=timezone.now())
    return {mark.words for row in page.rows for mark in row.marks if mark.icon == "warning"}


def test_a_row_says_that_a_paused_runner_gets_no_mails(petra, rosa):
    assert marks(petra) == set()
    bounces(rosa.runner)
    assert marks(petra) == {"Mails do not reach this runner: they may not know of the pause"}
    assert "Mails do not reach this runner" in signed_in(petra).get("/caseload/").content.decode()


def test_a_row_says_that_whoever_looks_after_a_red_flag_gets_none(petra, paul, rosa):
    bounces(petra)
    grant_consent(runner=rosa.runner, clinician=paul, now=timezone.now())
    assert marks(paul) == {"Mails do not reach Petra Physio: tell them of it yourself"}
    assert marks(petra) == {"Mails do not reach you"}


def test_a_row_of_somebody_who_is_well_says_nothing_of_mails(petra):
    bounces(an_enrolment(days_ago=5, clinician=petra).runner)
    assert marks(petra) == set()


# --- the workload -------------------------------------------------------------------------
def test_a_lead_sees_whom_mails_do_not_reach(petra, paul, rosa):
    at = bounces(paul)
    assert loads(petra) == {"Petra Physio": None, "Paul Physio": at}
    text = workload_of(petra)
    assert "Mails do not reach Paul Physio" in text
    assert "Open red flags there: 0." in text


def test_a_lead_sees_who_missed_a_red_flag_and_how_many_are_open(petra, rosa):
    at = given_up(TO_CLINICIAN, recipient=petra)
    assert loads(petra)["Petra Physio"] == at
    text = workload_of(petra)
    assert "Mails do not reach you" in text
    assert "Open red flags there: 1." in text


def test_a_pause_that_is_over_is_missed_by_nobody(petra, rosa):
    given_up(TO_CLINICIAN, recipient=petra)
    Enrolment.objects.filter(pk=rosa.pk).update(refer="none", paused_at=None)
    assert loads(petra)["Petra Physio"] is None


def test_a_colleague_sees_nothing_of_others(petra, paul, rosa):
    bounces(petra)
    assert loads(paul) == {"Paul Physio": None}
    assert "do not reach" not in workload_of(paul)
