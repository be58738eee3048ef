"""A physiotherapist's morning: who needs her, why, and what she does about it."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.models import Enrolment
from programs.services.diary import EntryValues
from tests.builders import QUIET, an_enrolment, live, reloaded, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REASON = "Seen in clinic this morning, moves freely."
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])


@pytest.fixture
def emma(db) -> Enrolment:
    """A runner of Petra's with an urgent pause; Fay beside her is fine."""
    the_library()
    petra = a_clinician()
    live(an_enrolment(a_runner("fay@example.org", "Fay Fine"), clinician=petra, days_ago=2), QUIET, QUIET)
    emma = an_enrolment(a_runner("emma@example.org", "Emma Urgent"), clinician=petra, days_ago=2)
    return live(emma, QUIET, EntryValues(morning=2, rest=3, red_flags=("FEVER_UNWELL",)))


def morning(new_page, width: dict) -> Page:
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    expect(page.get_by_role("heading", name="Caseload", level=1)).to_be_visible()
    return page


def main(page: Page):
    return page.get_by_role("main")


@WIDTHS
def test_she_sees_who_needs_her_first_and_clears_the_pause(new_page, emma, width, check_accessibility):
    page = morning(new_page, width)
    first = page.get_by_role("list", name="Runners by need").get_by_role("listitem").first
    expect(first).to_contain_text("Emma Urgent")
    expect(first).to_contain_text("Fever, chills, night sweats or feeling very unwell")
    check_accessibility(page)
    assert fits(page)
    first.get_by_role("link", name="Emma Urgent").click()
    expect(page.get_by_role("heading", name="Emma Urgent", level=1)).to_be_visible()
    for summary in main(page).locator(".ledger-more summary").all():
        summary.click()
    check_accessibility(page)
    assert fits(page)
    main(page).get_by_role("link", name="Clear the pause").click()
    check_accessibility(page)
    assert fits(page)
    main(page).get_by_label("Who assessed the runner").fill("Petra Physio, physiotherapist")
    main(page).get_by_label("Assessed on").fill(timezone.now().date().isoformat())
    main(page).get_by_label("Kind of reason").select_option(label="I examined the runner")
    main(page).get_by_label("Reason in words").fill(REASON)
    main(page).get_by_role("button", name="Clear the pause").click()
    expect(page.get_by_text("The pause is cleared.")).to_be_visible()
    expect(page.get_by_text(REASON).first).to_be_visible()
    assert not reloaded(emma).is_paused


@WIDTHS
def test_a_hold_that_is_refused_comes_back_filled_in(new_page, emma, width, check_accessibility):
    page = morning(new_page, width)
    page.get_by_role("link", name="Fay Fine").click()
    main(page).get_by_role("link", name="Hold until").click()
    until = timezone.now().date() + datetime.timedelta(days=120)
    main(page).get_by_label("Hold until and including").fill(until.isoformat())
    main(page).get_by_label("Kind of reason").select_option(label="Travel, work or family")
    main(page).get_by_label("Reason in words").fill("A long journey.")
    main(page).get_by_role("button", name="Hold").click()
    expect(page.get_by_role("alert")).to_contain_text("A hold lasts at most 90 days")
    expect(main(page).get_by_label("Kind of reason")).to_have_value("life")
    expect(main(page).get_by_label("Reason in words")).to_have_value("A long journey.")
    check_accessibility(page)
    assert fits(page)
    until = timezone.now().date() + datetime.timedelta(days=12)
    main(page).get_by_label("Hold until and including").fill(until.isoformat())
    main(page).get_by_role("button", name="Hold").click()
    expect(page.get_by_text("The hold is set.")).to_be_visible()


@WIDTHS
def test_she_sets_a_stage_without_a_script(new_page, emma, width, check_accessibility):
    page = new_page(viewport=width, java_script_enabled=False)
    sign_in(page, "petra@example.org")
    page.get_by_role("link", name="Fay Fine").click()
    main(page).get_by_role("link", name="Set stage").click()
    main(page).get_by_label("Stage from today").select_option(label="Brisk walking and core strength")
    review = timezone.now().date() + datetime.timedelta(days=7)
    main(page).get_by_label("Review on").fill(review.isoformat())
    main(page).get_by_label("Kind of reason").select_option(label="I examined the runner")
    main(page).get_by_label("Reason in words").fill(REASON)
    main(page).get_by_role("button", name="Set stage").click()
    expect(page.get_by_text("The stage is set.")).to_be_visible()
    expect(page.get_by_text("Set the stage: Brisk walking and core strength")).to_be_visible()


def test_she_finds_somebody_by_name_and_by_need(new_page, emma, check_accessibility):
    page = morning(new_page, DESKTOP)
    rows = page.locator(".cases")
    page.get_by_label("Name", exact=True).fill("fay")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("1 of 2 runners shown.")).to_be_visible()
    expect(rows.get_by_role("link", name="Emma Urgent")).to_have_count(0)
    page.get_by_role("link", name="Show all").click()
    page.get_by_label("Need", exact=True).select_option(label="Red flag: urgent (1)")
    page.get_by_role("button", name="Show").click()
    expect(rows.get_by_role("link", name="Emma Urgent")).to_be_visible()
    page.goto("/caseload/?q=nobody")
    expect(page.get_by_role("heading", name="Nobody fits")).to_be_visible()
    check_accessibility(page)


def test_before_anybody_let_her_in_she_reads_how_they_do(new_page, check_accessibility):
    a_clinician()
    page = morning(new_page, PHONE)
    expect(page.get_by_text(re.compile("No runner has let you in yet"))).to_be_visible()
    expect(main(page).get_by_role("link", name="invite them by e-mail")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
