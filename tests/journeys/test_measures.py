"""A runner names what she wants to do again, scores it by keyboard alone, and sees what changed."""

import datetime
import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.models import MeasureResponse, NamedActivity
from programs.services.measures import answer_questionnaire, name_activities
from tests.builders import COMFORTABLE, an_enrolment, live, the_library
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [320, 1280])
DAY = datetime.timedelta(days=1)
DAYS_AGO = 44
LONG = "Carry my daughter, who weighs eighteen kilograms by now, up to the third floor and down again"


def a_runner_with_scores(clinician=None):
    the_library()
    enrolment = an_enrolment(a_runner(), days_ago=DAYS_AGO, clinician=clinician)
    live(enrolment, *[COMFORTABLE] * 12)
    began = timezone.now() - DAYS_AGO * DAY
    words = ("Run 5 km", LONG, "Sit through a film")
    name_activities(enrolment=enrolment, by=enrolment.runner, now=began, words=words)
    for after, scores in ((0, (1, 4, None)), (14, (3, 6, 7)), (29, (5, 7, 9))):
        answers = {str(number): score for number, score in enumerate(scores, start=1)}
        whose = {"enrolment": enrolment, "by": enrolment.runner, "now": began + after * DAY}
        answer_questionnaire(**whose, key="psfs", edition=1, answers=answers)
    return enrolment


def looked_at(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for one."""
    if folder := os.environ.get("REHAB_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@WIDTHS
def test_the_pages_fit_and_pass_axe(new_page, check_accessibility, width):
    petra = a_clinician()
    enrolment = a_runner_with_scores(petra)
    page = new_page(viewport={"width": width, "height": 844})
    sign_in(page, enrolment.runner.email)
    for address in ("/measures/", "/measures/activities/", "/measures/answer/psfs/"):
        page.goto(address)
        assert fits(page), address
        check_accessibility(page)
        looked_at(page, f"{address.strip('/').replace('/', '-')}-{width}")


@WIDTHS
def test_empty_and_refused_pages_fit_and_pass_axe(new_page, check_accessibility, width):
    the_library()
    page = new_page(viewport={"width": width, "height": 844})
    sign_in(page, an_enrolment(a_runner()).runner.email)
    page.goto("/measures/")
    assert fits(page)
    check_accessibility(page)
    looked_at(page, f"measures-empty-{width}")
    page.goto("/measures/activities/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write at least one")).to_be_visible()
    assert fits(page)
    check_accessibility(page)
    looked_at(page, f"activities-refused-{width}")


@pytest.mark.parametrize("script", [True, False])
def test_from_naming_to_the_scores_by_keyboard_alone(new_page, script):
    the_library()
    page = new_page(java_script_enabled=script)
    sign_in(page, an_enrolment(a_runner()).runner.email)
    page.goto("/measures/")
    page.get_by_role("link", name="Name your activities").press("Enter")
    page.get_by_label("Activity 1").focus()
    page.keyboard.type("Run 5 km")
    page.keyboard.press("Tab")
    page.keyboard.type("Sit through a film")
    page.keyboard.press("Enter")
    first = page.get_by_role("group", name="Run 5 km")
    expect(first.get_by_role("radio", checked=True)).to_have_count(0)
    first.get_by_role("radio", name="0", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Save answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    assert list(NamedActivity.objects.values_list("words", flat=True)) == ["Run 5 km", "Sit through a film"]
    assert [given["answer"] for given in MeasureResponse.objects.get().answers] == [1, None]


@pytest.mark.parametrize("width", [1280])
def test_her_physiotherapist_sees_the_same(new_page, check_accessibility, width):
    petra = a_clinician()
    enrolment = a_runner_with_scores(petra)
    page = new_page(viewport={"width": width, "height": 844})
    sign_in(page, petra.email)
    page.goto(f"/runners/{enrolment.public_id}/")
    results = page.locator("#measure-psfs")
    expect(results).to_contain_text("From 2.5 to 6, a change of 3.5.")
    expect(results.get_by_role("link", name="Answer now")).to_have_count(0)
    assert fits(page)
    check_accessibility(page)
    looked_at(page, f"physiotherapist-{width}")
