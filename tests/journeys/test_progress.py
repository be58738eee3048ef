"""A runner looks back, reads her ladder and learns an exercise; a physiotherapist reads a programme."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.services.diary import EntryValues
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, the_library
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [320, 1280])
SORE = EntryValues(morning=2, rest=3, session="done", during=7, after=4)


def a_runner_with_a_past():
    """Eleven days: up a step, one missing day, a bad session, and a step back."""
    the_library()
    enrolment = an_enrolment(a_runner(), days_ago=11)
    return live(enrolment, *[COMFORTABLE] * 5, None, QUIET, SORE, QUIET, QUIET)


@pytest.fixture
def signed_in_page(new_page):
    """Open a page at a width, signed in as the runner."""

    def open_page(width: int) -> Page:
        a_runner_with_a_past()
        page = new_page(viewport={"width": width, "height": 844})
        sign_in(page, "rosa@example.org")
        return page

    return open_page


@WIDTHS
def test_runner_pages_fit_and_pass_axe(signed_in_page, check_accessibility, width):
    page = signed_in_page(width)
    for address in ("/progress/", "/programme/", "/exercises/", "/exercises/cobra/", "/self-care/"):
        page.goto(address)
        for closed in page.locator("details").all():
            closed.evaluate("details => { details.open = true; }")
        assert fits(page), address
        check_accessibility(page)


@WIDTHS
def test_programmes_and_the_safety_notice_fit_and_pass_axe(new_page, check_accessibility, width):
    the_library()
    a_clinician()
    an_enrolment()
    page = new_page(viewport={"width": width, "height": 844})
    page.goto("/safety/")
    assert fits(page)
    check_accessibility(page)
    sign_in(page, "petra@example.org")
    for address in ("/programmes/", "/programmes/lbp-acute-default/1/"):
        page.goto(address)
        assert fits(page), address
        check_accessibility(page)


def test_the_picture_and_the_table_say_the_same(signed_in_page):
    page = signed_in_page(390)
    page.goto("/progress/")
    expect(page.locator("main").get_by_role("img", name="Pain,")).to_have_count(1)
    page.get_by_text("Show the same as a table").click()
    table = page.locator(".pain-table")
    expect(table).to_contain_text("not recorded")
    expect(table).to_contain_text("Moved on one step")
    expect(table).to_contain_text("One step back")
    expect(page.locator(".chart-narrow .mark.advance")).to_have_count(1)
    expect(page.locator(".chart-narrow .mark.step-back")).to_have_count(1)
    # The days that were lived through, the missing one, and those not yet over.
    assert table.get_by_role("row").count() == 1 + 12


def test_a_runner_chooses_how_far_back_and_sees_every_day(signed_in_page):
    page = signed_in_page(390)
    page.goto("/progress/")
    page.get_by_role("link", name="Everything", exact=True).click()
    expect(page.get_by_role("link", name="Everything", exact=True)).to_have_attribute("aria-current", "true")
    changes = page.locator(".timeline > li")
    assert changes.count() == 2
    page.get_by_role("link", name="Every day").click()
    assert changes.count() == 10
    newest = changes.first
    newest.get_by_text("What it rests on").click()
    expect(newest.get_by_text("The day was over")).to_be_visible()
    expect(newest.get_by_text("Then: ").first).to_be_visible()
    expect(page.get_by_role("link", name="Everything", exact=True)).to_have_attribute("aria-current", "true")


def test_a_runner_finds_her_step_and_from_it_an_exercise(signed_in_page):
    page = signed_in_page(390)
    page.goto("/programme/")
    here = page.locator(".step.current")
    expect(here).to_contain_text("Gentle walking")
    expect(here.get_by_text("Stop if")).to_be_visible()
    expect(page.get_by_text("You stay on this version")).to_be_visible()
    here.get_by_role("link", name="Cat-cow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cat-cow")
    expect(page.get_by_role("main").get_by_role("img")).to_be_visible()


def test_everything_is_there_without_scripts(new_page):
    a_runner_with_a_past()
    page = new_page(java_script_enabled=False)
    sign_in(page, "rosa@example.org")
    page.goto("/progress/")
    expect(page.get_by_role("img", name="Pain,")).to_be_visible()
    page.get_by_text("Show the same as a table").click()
    expect(page.locator(".pain-table")).to_be_visible()


def test_the_chart_stands_on_paper(signed_in_page):
    page = signed_in_page(1280)
    page.goto("/progress/")
    page.emulate_media(media="print")
    expect(page.locator(".pain-chart .chart-wide svg")).to_be_visible()
    expect(page.locator(".main-nav")).to_be_hidden()


def test_a_year_of_days_is_drawn_without_delay(new_page):
    enrolment = an_enrolment(a_runner(), days_ago=400)
    live(enrolment, QUIET, QUIET)
    page = new_page()
    sign_in(page, "rosa@example.org")
    began = timezone.now()
    page.goto("/progress/?range=all")
    expect(page.get_by_role("img", name="Pain,")).to_be_visible()
    assert timezone.now() - began < datetime.timedelta(seconds=5)
