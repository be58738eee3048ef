"""A step is confirmed, a runner is moved, a programme ends: the physiotherapist's side and the runner's."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.models import Enrolment
from tests.builders import COMFORTABLE, an_enrolment, live, reloaded, the_library
from tests.integration.test_moves import other_version
from tests.integration.test_sign_off import asking_version
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REASON = "Walks briskly, without a limp."
SUMMARY = "You walk an hour without pain. Go on like that."


@pytest.fixture
def rosa(db) -> Enrolment:
    """Ready for the next step, which waits to be confirmed."""
    the_library()
    version = asking_version()
    other_version()
    enrolment = an_enrolment(
        a_runner("rosa@example.org", "Rosa Ready"), clinician=a_clinician(), days_ago=4, version=version
    )
    return live(enrolment, *[COMFORTABLE] * 4)


def main(page: Page):
    return page.get_by_role("main")


def sound(page: Page, check_accessibility) -> None:
    check_accessibility(page)
    assert fits(page)


def fill_reason(page: Page) -> None:
    main(page).get_by_label("Kind of reason").select_option("assessment")
    main(page).get_by_label("Reason in words").fill(REASON)


def test_a_step_waits_and_is_confirmed(new_page, rosa, check_accessibility):
    runner = new_page(viewport=PHONE)
    sign_in(runner, "rosa@example.org")
    expect(runner.get_by_role("heading", name="Ready, waiting for Petra Physio")).to_be_visible()
    sound(runner, check_accessibility)
    page = new_page(viewport=DESKTOP)
    sign_in(page, "petra@example.org")
    page.goto(reverse("override_sign_off", args=[rosa.public_id]))
    expect(page.get_by_text("Ready, and waiting for you")).to_be_visible()
    sound(page, check_accessibility)
    fill_reason(page)
    main(page).get_by_role("button", name="Confirm the stage").click()
    expect(page.get_by_text("The stage is confirmed.")).to_be_visible()
    runner.reload()
    expect(runner.get_by_role("heading", name="Confirmed by Petra Physio")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])
def test_a_runner_is_moved_without_a_script(new_page, rosa, width, check_accessibility):
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    page.goto(reverse("override_move", args=[rosa.public_id]))
    sound(page, check_accessibility)
    main(page).get_by_role("link", name="The other way, version 1").click()
    main(page).get_by_text("Every difference").click()
    sound(page, check_accessibility)
    main(page).get_by_label("Stage in the new programme").select_option("N_S2_core")
    review = timezone.now().date() + datetime.timedelta(days=7)
    main(page).get_by_label("Review on").fill(review.isoformat())
    fill_reason(page)
    main(page).get_by_role("button", name="Move the runner").click()
    expect(page.get_by_text("The runner is moved.")).to_be_visible()
    assert reloaded(rosa).stage == "N_S2_core"


def test_a_programme_ends_and_she_reads_why(new_page, rosa, check_accessibility):
    page = new_page(viewport=PHONE, java_script_enabled=False)
    sign_in(page, "petra@example.org")
    page.goto(reverse("discharge", args=[rosa.public_id]))
    assert fits(page)
    main(page).get_by_label("Completed").check()
    main(page).get_by_label("Summary").fill(SUMMARY)
    main(page).get_by_role("button", name="End the programme").click()
    expect(page.get_by_text("The programme has ended.")).to_be_visible()
    runner = new_page(viewport=PHONE)
    sign_in(runner, "rosa@example.org")
    expect(runner.get_by_role("heading", name="Your programme has ended")).to_be_visible()
    expect(runner.get_by_text(SUMMARY)).to_be_visible()
    sound(runner, check_accessibility)
    main(runner).get_by_role("link", name="Progress, and every decision").click()
    expect(runner.get_by_role("heading", name="Progress", level=1)).to_be_visible()


def test_she_leaves_by_herself(new_page, rosa, check_accessibility):
    page = new_page(viewport=PHONE)
    sign_in(page, "rosa@example.org")
    page.goto(reverse("settings"))
    main(page).get_by_role("link", name="End my programme").click()
    sound(page, check_accessibility)
    main(page).get_by_role("button", name="End my programme").click()
    expect(page.get_by_text("You ended it yourself.")).to_be_visible()
    sound(page, check_accessibility)
