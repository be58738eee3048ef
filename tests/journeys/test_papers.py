"""A physiotherapist takes the papers of a runner along, and the runner her own."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.builders import COMFORTABLE, an_enrolment, live, the_library
from tests.journeys.conftest import PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_runner_takes_her_report_along(new_page):
    the_library()
    live(an_enrolment(a_runner(), days_ago=3), *[COMFORTABLE] * 3)
    page = new_page(viewport=PHONE)
    sign_in(page, "rosa@example.org")
    page.goto(reverse("progress"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Report of your progress").click()
    assert waiting.value.suggested_filename.startswith("report-")


def test_a_physiotherapist_sees_how_far_people_and_engine_agree(new_page, check_accessibility):
    the_library()
    petra = a_clinician()
    live(an_enrolment(a_runner(), clinician=petra, days_ago=3), *[COMFORTABLE] * 3)
    page = new_page(viewport=PHONE)
    sign_in(page, "petra@example.org")
    page.goto(reverse("agreement"))
    expect(page.get_by_role("heading", name="Agreement with the engine", level=1)).to_be_visible()
    expect(page.get_by_role("row", name="All rules")).to_contain_text("too few")
    check_accessibility(page)
    assert fits(page)
    page.get_by_role("link", name="A year").click()
    expect(page.get_by_role("link", name="A year")).to_have_attribute("aria-current", "true")
