"""A lead: how the clinic works, how much lies with whom, and a red flag that somebody takes."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Clinic
from programs.models import RedFlagCase
from programs.services.diary import report_red_flags
from tests.builders import an_enrolment, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits
from tests.support.clinics import a_clinic, a_colleague
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])


@pytest.fixture
def emma(db):
    """A runner of Petra, who leads a clinic with Paul; something is wrong with her just now."""
    the_library()
    petra = a_clinician()
    a_clinic(petra, a_colleague(), name="Riverside Physiotherapy", leads=(petra,))
    emma = an_enrolment(a_runner("emma@example.org", "Emma Urgent"), clinician=petra, days_ago=2)
    report_red_flags(enrolment=emma, by=emma.runner, now=timezone.now(), codes=("FEVER_UNWELL",))
    return emma


def main(page: Page):
    return page.get_by_role("main")


@WIDTHS
def test_a_lead_sets_how_the_clinic_works_and_reads_the_workload(new_page, emma, width, check_accessibility):
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    page.goto("/account/clinic/")
    check_accessibility(page)
    assert fits(page)
    main(page).get_by_role("link", name="Change how the clinic works").click()
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("Emergency number").fill("call us")
    send(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("Enter only what a phone can dial")
    check_accessibility(page)
    page.get_by_label("Emergency number").fill("112")
    send(page, "Save")
    expect(page.get_by_role("status")).to_contain_text("are saved")
    assert Clinic.objects.get().emergency_number == "112"
    page.goto("/account/clinic/")
    main(page).get_by_role("link", name="Workload of the clinic").click()
    expect(main(page).get_by_role("row", name="Petra Physio")).to_contain_text("1 unseen")
    expect(main(page)).not_to_contain_text("Emma")
    check_accessibility(page)
    assert fits(page)


def test_a_physiotherapist_takes_a_red_flag(new_page, emma, check_accessibility):
    page = new_page(viewport=PHONE)
    sign_in(page, "petra@example.org")
    page.goto(f"/runners/{emma.public_id}/")
    expect(main(page)).to_contain_text("Not seen yet; falls to")
    check_accessibility(page)
    send(page, "I have seen this and look after it")
    expect(page.get_by_role("status").filter(has_text="You look after")).to_contain_text(
        "You look after this red flag now"
    )
    expect(main(page)).to_contain_text("Seen by Petra Physio")
    assert RedFlagCase.objects.get().seen_by.name == "Petra Physio"
    check_accessibility(page)
    assert fits(page)
