"""How much lies with whom in a clinic: numbers only, all for the lead, her own for everybody else."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import ask_runner
from accounts.services.covers import start_cover
from accounts.services.hand_overs import propose_hand_over
from programs.models import Enrolment, RedFlagCase
from programs.selectors.workload import workload_page
from programs.services.diary import report_red_flags
from programs.services.red_flag_cases import take_case
from programs.services.watch import watch_red_flags
from tests.builders import an_enrolment
from tests.support.clinics import DAY, NOW, a_clinic, a_colleague, consents_to
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
MOST = 8


@pytest.fixture
def petra() -> User:
    """The lead; Paul is her colleague."""
    petra = a_clinician()
    a_clinic(petra, a_colleague(), leads=(petra,))
    return petra


def runner_of(clinician: User) -> Enrolment:
    return an_enrolment(days_ago=5, now=NOW, clinician=clinician)


def sign(enrolment: Enrolment, at: datetime.datetime = NOW) -> RedFlagCase:
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=at, codes=("FEVER_UNWELL",))
    return RedFlagCase.objects.get(enrolment=enrolment)


def test_every_number_of_everybody(petra):
    paul = User.objects.get(name="Paul Physio")
    first, second, third = runner_of(petra), runner_of(petra), runner_of(paul)
    sign(first, NOW - 3 * DAY)
    seen = sign(second)
    take_case(case=seen, by=petra, now=NOW, shown=seen.as_shown)
    ask_runner(email="somebody@example.org", clinician=paul, now=NOW)
    propose_hand_over(consents=consents_to(petra)[:1], to=paul, by=petra, now=NOW)
    page = workload_page(viewer=petra, now=NOW)
    mine, hers = sorted(page.loads, key=lambda load: not load.is_you)
    assert (mine.runners, mine.red_flags, mine.unseen, mine.waiting_days) == (2, 2, 1, 3)
    assert (mine.hand_overs, mine.invitations, mine.covers) == (1, 0, 0)
    assert (hers.name, hers.runners, hers.red_flags, hers.waiting_days) == ("Paul Physio", 1, 0, None)
    assert hers.invitations == 1
    grant_consent(runner=third.runner, clinician=petra, now=NOW)
    totals = workload_page(viewer=petra, now=NOW).totals
    assert (totals.runners, totals.red_flags, totals.unseen, totals.waiting_days, totals.nobodys) == (
        3,
        2,
        1,
        3,
        0,
    )


def test_covers_say_who_for_whom_until_when(petra):
    paul = User.objects.get(name="Paul Physio")
    enrolment = runner_of(petra)
    start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + 2 * DAY, now=NOW)
    sign(enrolment)
    page = workload_page(viewer=petra, now=NOW)
    (cover,) = page.coverage
    assert (cover.clinician, cover.colleague, cover.runners, cover.has_begun) == (
        "Petra Physio",
        "Paul Physio",
        1,
        True,
    )
    loads = {load.name: load for load in page.loads}
    assert loads["Paul Physio"].red_flags == loads["Petra Physio"].covers == loads["Paul Physio"].covers == 1
    assert loads["Paul Physio"].runners == 0


def test_a_red_flag_that_nobody_has_access_to_is_counted_for_the_lead(petra):
    enrolment = runner_of(petra)
    sign(enrolment)
    revoke_consent(runner=enrolment.runner, clinician=petra, now=NOW)
    watch_red_flags(now=NOW)
    totals = workload_page(viewer=petra, now=NOW).totals
    assert (totals.red_flags, totals.nobodys) == (0, 1)
    page = signed_in(petra).get(reverse("workload")).content.decode()
    assert "A red flag that nobody looks after" in page


def test_a_colleague_reads_her_own_line_only_and_nobody_a_name_of_a_runner(petra):
    paul = User.objects.get(name="Paul Physio")
    enrolment = runner_of(petra)
    sign(enrolment)
    page = workload_page(viewer=paul, now=NOW)
    assert [load.name for load in page.loads] == ["Paul Physio"]
    assert page.totals is None
    for reader in (petra, paul):
        shown = signed_in(reader).get(reverse("workload")).content.decode()
        assert str(enrolment.runner) not in shown
        assert str(enrolment.public_id) not in shown
    assert "Petra Physio" not in signed_in(paul).get(reverse("workload")).content.decode()


def test_somebody_without_a_clinic_is_told_so():
    assert "You are in no clinic" in signed_in(a_clinician()).get(reverse("workload")).content.decode()


def test_as_many_queries_for_two_as_for_twelve(petra, record_property):
    counts = []
    for more in (0, 10):
        clinic = petra.memberships.get().clinic
        for number in range(more):
            colleague = a_clinician(f"c{number}@example.org", f"Colleague {number}")
            clinic.memberships.create(clinician=colleague, joined_at=NOW - DAY)
            sign(runner_of(colleague))
        with CaptureQueriesContext(connection) as counted:
            workload_page(viewer=petra, now=NOW)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= MOST
    record_property("queries of the workload page", counts[0])
