"""A session that a phone keeps, or plays, when the programme is paused."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.phone import (
    becomes,
    check_in,
    check_in_offline_with_a_sign,
    heading,
    offline,
    online,
    tick,
)
from tests.journeys.test_player import press
from tests.journeys.test_sign_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SESSION = "/session/1/"
KEPT = "() => caches.has('rehab-session')"
GONE = "async () => !(await caches.has('rehab-session'))"


def with_a_kept_session(phone: Page) -> None:
    phone.goto(SESSION)
    becomes(phone, KEPT)


def tell_of_a_sign(page: Page) -> None:
    page.goto("/something-wrong/")
    tick(page, red_flags="CE_SADDLE")
    page.get_by_role("main").locator("form button[type='submit']").click()


def has_no_session(page: Page) -> None:
    page.goto(SESSION)
    expect(
        page.get_by_role("link", name="Call 999").first.or_(heading(page, "No connection"))
    ).to_be_visible()
    assert not page.locator("[data-player]").count()


def test_a_warning_sign_takes_the_kept_session_away(phone):
    with_a_kept_session(phone)
    tell_of_a_sign(phone)
    phone.wait_for_url("**/paused/")
    becomes(phone, GONE)
    offline(phone)
    has_no_session(phone)


def test_so_does_one_that_waits_on_the_phone(phone):
    with_a_kept_session(phone)
    check_in_offline_with_a_sign(phone)
    assert phone.evaluate(GONE)
    has_no_session(phone)


def test_while_the_server_does_not_know_of_a_sign_it_is_not_asked_for_a_session(phone):
    check_in_offline_with_a_sign(phone)
    phone.route("**/offline/phone/", lambda route: route.abort("internetdisconnected"))
    phone.context.route("**/offline/phone/", lambda route: route.abort("internetdisconnected"))
    online(phone)
    phone.goto(SESSION)
    expect(phone.get_by_role("link", name="Call 999").first).to_be_visible()
    assert not phone.locator("[data-player]").count() and phone.evaluate(GONE)


@pytest.mark.parametrize("path", ["/today/", "/exercises/", SESSION])
def test_every_page_that_says_paused_takes_it_away(phone, rosa, new_page, path):
    """Paused on another device: the first page that knows of it tells this phone."""
    with_a_kept_session(phone)
    desktop = new_page()
    sign_in(desktop, rosa.runner.email)
    tell_of_a_sign(desktop)
    desktop.wait_for_url("**/paused/")
    phone.goto(path)
    becomes(phone, GONE)


def test_a_session_that_is_over_is_not_kept(phone):
    with_a_kept_session(phone)
    phone.goto("/session/9/")
    expect(heading(phone, "No session now")).to_be_visible()
    assert phone.evaluate(GONE)


def test_a_session_that_plays_stops(phone, check_accessibility):
    phone.goto(SESSION)
    press(phone, "Start")
    other = phone.context.new_page()
    other.goto("/check-in/")
    offline(phone)
    check_in(other, red_flags="CE_SADDLE")
    expect(heading(other, "Get help now")).to_be_visible()
    expect(heading(phone, "Your programme is paused")).to_be_visible()
    expect(phone.get_by_role("link", name="What to do now")).to_be_visible()
    expect(phone.get_by_role("button", name="Pause")).to_be_hidden()
    check_accessibility(phone)


def test_a_tab_that_slept_finds_out_when_it_is_looked_at(phone):
    """It heard no message, and asks the network for nothing."""
    phone.add_init_script("window.BroadcastChannel = class { postMessage() {} close() {} }")
    phone.goto(SESSION)
    press(phone, "Start")
    other = phone.context.new_page()
    tell_of_a_sign(other)
    other.wait_for_url("**/paused/")
    offline(phone)
    expect(phone.get_by_role("button", name="Pause")).to_be_visible()
    phone.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(heading(phone, "Your programme is paused")).to_be_visible()


def test_a_note_of_strong_pain_takes_the_kept_session_away(phone):
    with_a_kept_session(phone)
    phone.goto("/note/")
    tick(phone, occasion="flare", site="back", score="8")
    phone.get_by_role("main").locator("form button[type='submit']").first.click()
    phone.wait_for_url(lambda url: not url.endswith("/note/"))
    phone.goto("/today/")
    expect(heading(phone, "Check in first")).to_be_visible()
    becomes(phone, GONE)
