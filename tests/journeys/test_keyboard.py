"""A runner's ways with Tab, Space, Enter and arrow keys alone, from Today to where each one ends.

The check-in and the note by keyboard are in ``test_ten_seconds.py``, the door is in ``test_sign_in.py``.
"""

import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from programs.models import DayChoice, DiaryEntry, Enrolment, MeasureResponse
from tests.builders import COMFORTABLE, QUIET, an_enrolment, every_programme, live, the_library
from tests.journeys.test_every_page import let_in
from tests.journeys.test_ten_seconds import Keys
from tests.support.people import a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enrolment() -> Enrolment:
    the_library()
    every_programme()
    enrolment = an_enrolment(a_runner(), stage="S3_run1_walk4", days_ago=4)
    return live(enrolment, COMFORTABLE, QUIET, COMFORTABLE, QUIET)


@pytest.fixture
def keys(page: Page, live_server, enrolment: Enrolment) -> Keys:
    let_in(page, live_server.url, enrolment.runner)
    page.goto("/today/")
    return Keys(page)


def enter(keys: Keys, target: Locator) -> None:
    """To it by Tab, and in; for what leads to no other page."""
    keys.to(target)
    keys.page.keyboard.press("Enter")


def follow(keys: Keys, target: Locator) -> None:
    keys.to(target)
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Enter")


def test_the_first_tab_passes_the_header(keys):
    keys.page.keyboard.press("Tab")
    expect(keys.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator("main")).to_be_focused()


def test_something_is_wrong(keys, enrolment):
    page = keys.page
    follow(keys, page.get_by_role("link", name="Something is wrong").first)
    keys.to(page.get_by_label("both legs?"))
    page.keyboard.press("Space")
    keys.button("Pause and tell me what to do")
    expect(page.get_by_role("heading", name="Get help now", level=1)).to_be_visible()
    keys.to(page.get_by_role("main").get_by_role("link", name="Call").first)
    assert DiaryEntry.objects.filter(enrolment=enrolment).latest("date").red_flags


def test_a_session_from_its_start_to_its_early_end(keys):
    page = keys.page
    follow(keys, page.locator("main a[href='/session/1/']").first)
    enter(keys, page.get_by_role("button", name="Start", exact=True))
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_focused()
    enter(keys, page.get_by_role("button", name="End early", exact=True))
    expect(page.get_by_role("heading", name="Why do you end here?")).to_be_focused()
    follow(keys, page.get_by_role("link", name="No more time"))
    expect(page.get_by_role("radio", name="I did part of it", exact=True)).to_be_checked()


def test_a_run_is_moved_in_the_week(keys, enrolment):
    """Today began with a run; the one in two days goes to the day after it."""
    weekday = enrolment.open_date.isoweekday()
    Enrolment.objects.filter(pk=enrolment.pk).update(
        run_days=sorted((weekday + ahead - 1) % 7 + 1 for ahead in (2, 4, 6))
    )
    off, on = (enrolment.open_date + datetime.timedelta(days=ahead) for ahead in (2, 3))
    page = keys.page
    page.goto("/week/")
    follow(keys, page.get_by_role("button", name=f"Day off {off:%A} {off.day} {off:%B}"))
    follow(keys, page.get_by_role("button", name=f"Run that day {on:%A} {on.day} {on:%B}"))
    choices = DayChoice.objects.filter(enrolment=enrolment)
    assert set(choices.values_list("date", "wants_session")) == {(off, False), (on, True)}


def test_activities_are_named_and_scored(keys):
    page = keys.page
    page.goto("/measures/activities/")
    keys.to(page.get_by_label("Activity 1"))
    page.keyboard.type("Run 5 km")
    page.keyboard.press("Enter")
    keys.answer("Run 5 km", "3")
    keys.button("Save answers")
    assert [given["answer"] for given in MeasureResponse.objects.get().answers] == [3]


def test_a_decision_is_opened(keys):
    page = keys.page
    follow(keys, page.get_by_role("link", name="Progress").first)
    follow(keys, page.get_by_role("link", name="Every day", exact=True))
    enter(keys, page.locator(".timeline summary").first)
    expect(page.locator(".timeline details").first.get_by_text("The day was over")).to_be_visible()


def test_the_language_is_changed(keys, enrolment):
    page = keys.page
    follow(keys, page.get_by_role("contentinfo").get_by_role("link", name="简体中文"))
    keys.to(page.locator("input[name=language]:checked"))
    page.keyboard.press("ArrowDown")
    follow(keys, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    enrolment.runner.refresh_from_db()
    assert enrolment.runner.language == "zh-hans"
