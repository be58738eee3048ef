"""Somebody sets her mails on a phone, and takes the time of a place that she travelled to."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import AccountMail, User
from programs.models import Enrolment
from tests.builders import an_enrolment, the_library
from tests.journeys.conftest import PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.mail_choices import choice_of
from tests.support.people import a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SMALL = {"width": 320, "height": 640}


@pytest.fixture
def rosa(db) -> Enrolment:
    """Asked every evening, in London."""
    the_library()
    runner = a_runner("rosa@example.org", "Rosa Reyes", time_zone="Europe/London")
    return an_enrolment(runner, days_ago=1, reminder_time=datetime.time(18))


def main(page: Page):
    return page.get_by_role("main")


def test_a_reminder_at_half_past_seven_without_a_script(new_page, rosa):
    page = new_page(viewport=SMALL, java_script_enabled=False)
    sign_in(page, "rosa@example.org")
    page.goto(reverse("settings"))
    main(page).get_by_role("link", name="Mails: reminder").click()
    reminder = main(page).get_by_role("group", name="Daily reminder")
    reminder.get_by_label("At what time").fill("07:30")
    main(page).get_by_role("group", name="Quiet hours").get_by_label("Until").fill("08:00")
    main(page).get_by_role("button", name="Save").click()
    assert fits(page)
    expect(main(page).get_by_text("This time is inside your quiet hours.").first).to_be_visible()
    main(page).get_by_role("group", name="Quiet hours").get_by_label("Until").fill("06:30")
    reminder.get_by_label("Sun").uncheck()
    main(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(reminder.get_by_text("07:30", exact=False)).to_be_visible()
    assert (choice_of(rosa.runner).wall, choice_of(rosa.runner).days) == (
        datetime.time(7, 30),
        [1, 2, 3, 4, 5, 6],
    )
    reminder.get_by_role("button", name="Send me a test").click()
    expect(page.get_by_text("A test is on its way to r…@…")).to_be_visible()
    assert AccountMail.objects.get().kind == "test"


def test_what_is_off_asks_for_no_time(new_page, rosa, check_accessibility):
    page = new_page(viewport=PHONE)
    sign_in(page, "rosa@example.org")
    page.goto(reverse("mail_settings"))
    check_accessibility(page)
    week = main(page).get_by_role("group", name="Summary of the week")
    expect(week.get_by_label("At what time")).to_be_visible()
    week.get_by_label("Send me this").uncheck()
    expect(week.get_by_label("At what time")).to_be_hidden()


def test_she_takes_the_time_of_tokyo_and_then_keeps_it(new_page, rosa, check_accessibility):
    there = new_page(viewport=PHONE, timezone_id="Asia/Tokyo")
    sign_in(there, "rosa@example.org")
    expect(main(there).get_by_text("This device is in Tokyo.")).to_be_visible()
    check_accessibility(there)
    main(there).get_by_role("button", name="Use Tokyo time").click()
    expect(there.get_by_text("Your time zone is Asia/Tokyo now.")).to_be_visible()
    expect(main(there).get_by_text("This device is in Tokyo.")).to_be_hidden()
    home = new_page(viewport=PHONE)
    sign_in(home, "rosa@example.org")
    main(home).get_by_role("button", name="Keep home time while travelling").click()
    expect(home.get_by_text("Home time stays.")).to_be_visible()
    expect(main(home).get_by_text("This device is in")).to_have_count(0)
    assert User.objects.get(email="rosa@example.org").time_zone == "Asia/Tokyo"
