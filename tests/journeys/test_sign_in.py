"""People at the door: creating an account, signing in and out."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.second_factor import has_factor
from tests.support.browser import fits
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_runner, totp_code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, email: str, password: str = PASSWORD, *, second_factor: bool = True) -> None:
    """With the code of the app too, where there is one."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    user = User.objects.get(email=email)
    if second_factor and has_factor(user):
        page.get_by_label("Code", exact=True).fill(totp_code(user))
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Now your second factor")).to_have_count(0)


def fill_sign_up(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Name").fill("Nora New")
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)


def send(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_a_new_runner_creates_an_account_with_the_code_from_her_mail(page, mailoutbox, check_accessibility):
    fill_sign_up(page)
    expect(page.get_by_text("Your time zone: Europe/London")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_be_hidden()
    page.get_by_label("I am 18 or older").check()
    check_accessibility(page)
    send(page, "Create account")
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("Code from the mail").fill(
        re.search(r"[A-Z]{4}-[A-Z]{4}", delivered_mails()[0].body)[0]
    )
    send(page, "Continue")
    page.goto("/account/")
    expect(page.get_by_role("heading", name="Nora New")).to_be_visible()
    expect(page.get_by_text("Europe/London")).to_be_visible()
    check_accessibility(page)


def test_without_javascript_the_time_zone_is_a_list(new_page, mailoutbox):
    page = new_page(java_script_enabled=False)
    fill_sign_up(page)
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("I am 18 or older").check()
    send(page, "Create account")
    page.get_by_label("Code from the mail").fill(
        re.search(r"[A-Z]{4}-[A-Z]{4}", delivered_mails()[0].body)[0]
    )
    send(page, "Continue")
    page.goto("/account/")
    expect(page.get_by_text("Asia/Tokyo")).to_be_visible()


def test_a_wrong_code_is_said_and_the_right_one_still_counts(page, mailoutbox):
    fill_sign_up(page)
    page.get_by_label("I am 18 or older").check()
    send(page, "Create account")
    page.get_by_label("Code from the mail").fill("AAAA-AAAA")
    send(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.get_by_label("Code from the mail").fill(
        re.search(r"[A-Z]{4}-[A-Z]{4}", delivered_mails()[0].body)[0]
    )
    send(page, "Continue")
    page.goto("/account/")
    expect(page.get_by_role("heading", name="Nora New")).to_be_visible()


def test_errors_are_listed_take_the_focus_and_lead_to_the_fields(page, check_accessibility):
    fill_sign_up(page)
    page.get_by_role("main").locator("form").evaluate("form => { form.noValidate = true; }")
    send(page, "Create account")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Nora New")
    check_accessibility(page)
    summary.get_by_role("link", name=re.compile("18 or older")).click()
    expect(page.get_by_label("I am 18 or older")).to_be_focused()


def test_a_wrong_password_is_said_and_the_address_stays(page, check_accessibility):
    a_runner()
    sign_in(page, "rosa@example.org", "something else")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect(page.get_by_label("E-mail address")).to_have_value("rosa@example.org")
    check_accessibility(page)


def test_a_runner_signs_in_and_out(page):
    a_runner()
    sign_in(page, "rosa@example.org")
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("signed out")
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_everything_at_the_door_is_reached_by_keyboard(page):
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("E-mail address")).to_be_focused()


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/"],
)
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_at_the_door_needs_sideways_scrolling(new_page, check_accessibility, address, width):
    page = new_page(viewport={"width": width, "height": 844})
    page.goto(address)
    assert fits(page)
    check_accessibility(page)


@pytest.mark.parametrize(
    "address", ["/account/", "/account/access/", "/accounts/email/", "/accounts/password/change/"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_account_pages_fit_and_pass_axe(new_page, check_accessibility, address, width):
    a_runner()
    page = new_page(viewport={"width": width, "height": 844})
    sign_in(page, "rosa@example.org")
    page.goto(address)
    assert fits(page)
    check_accessibility(page)
