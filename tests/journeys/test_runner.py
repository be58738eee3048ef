"""A runner's way: intake, today, check-in, outlook; and a warning sign."""

import pytest
from playwright.sync_api import Page, expect

from programs.models import DiaryEntry, Enrolment
from tests.builders import COMFORTABLE, QUIET, an_enrolment, every_programme, live, the_library
from tests.journeys.test_sign_in import send, sign_in
from tests.support.people import a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def library():
    the_library()
    every_programme()


def answer_all(page: Page, answer: str = "No") -> None:
    for question in page.get_by_role("main").get_by_role("group").all():
        question.get_by_role("radio", name=answer, exact=True).check(force=True)


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_role("radio", name=answer, exact=True).check(force=True)


def through_the_intake(page: Page, check=lambda page: None) -> None:
    page.get_by_label("I agree that").check()
    page.get_by_label("I understand that").check()
    check(page)
    send(page, "Agree and continue")
    for _ in ("exclusions", "warning signs"):
        check(page)
        answer_all(page)
        send(page, "Continue")
    choose(page, "Pain at rest", "4")
    choose(page, "Usual pain on waking", "2")
    choose(page, "How long has your back hurt", "Less than 12 weeks")
    choose(page, "Bending forward, sitting", "Yes")
    choose(page, "Standing, walking downhill", "No")
    check(page)
    send(page, "Continue")
    check(page)
    send(page, "Continue")
    page.get_by_role("radio", name="Gentle walking").check(force=True)
    check(page)
    send(page, "Start my programme")


@pytest.mark.parametrize("script", [True, False])
def test_from_the_first_question_to_the_outlook(new_page, check_accessibility, script):
    a_runner(time_zone="Europe/London")
    page = new_page(java_script_enabled=script)
    check = check_accessibility if script else lambda page: None
    sign_in(page, "rosa@example.org")
    through_the_intake(page, check)
    check(page)
    page.get_by_role("link", name="Not now").click()
    expect(page.get_by_role("heading", name="A session day")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Check in", exact=True).click()
    check(page)
    choose(page, "Pain at rest", "3")
    choose(page, "The planned session", "I did all of it")
    choose(page, "Worst pain in the session", "2")
    check(page)
    send(page, "Save check-in")
    expect(page.get_by_role("heading", name="Tonight, if nothing else comes in")).to_be_visible()
    check(page)
    entry = DiaryEntry.objects.get()
    assert (entry.rest, entry.during, entry.morning) == (3, 2, None)
    assert Enrolment.objects.get().pattern == "flexion_intolerant"


def test_a_mistake_comes_back_filled_in_and_is_said_first(page, check_accessibility):
    sign_in(page, an_enrolment().runner.email)
    page.goto("/check-in/")
    page.get_by_role("checkbox", name="Leg, below the knee").check()
    send(page, "Save check-in")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Leg, below the knee")).to_be_checked()
    check_accessibility(page)


def test_the_session_questions_come_when_needed_and_never_hide_an_answer(page):
    sign_in(page, an_enrolment().runner.email)
    page.goto("/check-in/")
    during = page.get_by_role("group", name="Worst pain in the session")
    expect(during).to_be_hidden()
    choose(page, "The planned session", "I did all of it")
    expect(during).to_be_visible()
    choose(page, "Worst pain in the session", "9")
    choose(page, "The planned session", "I left it out for another reason")
    expect(during).to_be_visible()


def test_a_warning_sign_leads_to_what_to_do_at_once(page, check_accessibility):
    sign_in(page, an_enrolment().runner.email)
    page.get_by_role("link", name="Something is wrong").first.click()
    check_accessibility(page)
    page.get_by_label("both legs?").check()
    send(page, "Pause and tell me what to do")
    expect(page.get_by_role("heading", name="Get help now", level=1)).to_be_visible()
    expect(page.get_by_text("Call 999, or go to the nearest")).to_be_visible()
    check_accessibility(page)
    page.goto("/today/")
    expect(page.get_by_role("heading", name="No exercises today")).to_be_visible()
    check_accessibility(page)


def test_why_settings_and_corrections_are_readable_by_everybody(page, check_accessibility):
    enrolment = live(an_enrolment(stage="S3_run1_walk4", days_ago=4), COMFORTABLE, None, QUIET, COMFORTABLE)
    sign_in(page, enrolment.runner.email)
    yesterday = enrolment.decided_through
    for path in ("/today/", "/why/", "/settings/", f"/check-in/{yesterday}/", "/check-in/2020-01-01/"):
        page.goto(path)
        check_accessibility(page)
    page.goto(f"/check-in/{yesterday}/")
    choose(page, "Pain at rest", "5")
    send(page, "Save correction")
    expect(page.get_by_text("was 1/10, now 5/10")).to_be_visible()
    check_accessibility(page)


def test_the_landing_is_readable_by_everybody(page, check_accessibility):
    page.goto("/")
    check_accessibility(page)
