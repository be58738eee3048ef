"""A warning sign from the tick to the way back: what to do, the letter, her own statement, a gentle start."""

import datetime

import pytest
from playwright.sync_api import Page, expect

from programs.models import Enrolment
from programs.services.diary import EntryValues
from tests.builders import an_enrolment, every_programme, live, the_library
from tests.journeys.test_runner import answer_all
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import axe_violations, fits
from tests.support.people import a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SIZES = ((320, 700), (390, 844), (1280, 900))


@pytest.fixture
def enrolment() -> Enrolment:
    """Paused by a warning sign of yesterday, which is closed."""
    the_library()
    every_programme()
    enrolment = an_enrolment(a_runner(), stage="S5_run3_walk2", days_ago=1)
    return live(enrolment, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))


def is_sound(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page), (page.url, width)
        assert axe_violations(page) == [], (page.url, width)


def test_from_the_pause_to_the_letter_and_back_to_walking(page, enrolment):
    sign_in(page, enrolment.runner.email)
    page.goto("/paused/")
    is_sound(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Letter to a clinician (PDF)").click()
    assert download.value.suggested_filename.startswith("letter-")
    page.get_by_role("link", name="I have been seen and may continue").click()
    is_sound(page)
    page.get_by_label("Who saw you").fill("Dr Ada Ames, GP")
    page.get_by_label("On which day").fill(datetime.datetime.now(datetime.UTC).date().isoformat())
    page.get_by_label("What you were told").fill("Walk this week, then run again.")
    send(page, "End the pause and start gently")
    expect(page.get_by_text("Choose yes or no.").first).to_be_visible()
    is_sound(page)
    answer_all(page)
    page.get_by_label("I have been seen and told I may continue").check()
    send(page, "End the pause and start gently")
    expect(page).to_have_url("/today/")
    expect(page.get_by_text("The pause is over.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Gentle walking")


def test_something_is_wrong_is_at_hand_for_everybody(page, enrolment):
    page.goto("/")
    is_sound(page)
    page.get_by_role("link", name="Something is wrong").first.click()
    expect(page.get_by_role("link", name="Call 999")).to_be_visible()
    is_sound(page)
    sign_in(page, enrolment.runner.email)
    page.goto("/exercises/")
    expect(page.get_by_role("heading", name="Paused: do not do these now")).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="Something is wrong").first.click()
    is_sound(page)
