"""Second factors, passkeys and sessions, as a person meets them."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.second_factor import code_at, steps_around
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_manager, a_runner, totp_code, without_second_factor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
#: Every page is looked at in other widths by test_every_page.py.
WIDTHS = pytest.mark.parametrize("width", [PHONE], ids=["390"])


def give_passkeys(page: Page) -> None:
    """A device in the browser that holds passkeys and always knows its owner."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    send(page, "Sign out")
    # Her phone looks first whether something waits to be sent.
    page.wait_for_url(lambda url: "logout" not in url)


def code_of(page: Page) -> str:
    """What an app would show that took the secret from the page."""
    page.get_by_text("Cannot scan it?").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    return code_at(secret, list(steps_around(timezone.now()))[1])


def codes_kept_from(page: Page) -> list[str]:
    return [
        item.inner_text() for item in page.get_by_role("list", name="Codes that are left").locator("li").all()
    ]


@WIDTHS
def test_a_physiotherapist_is_led_to_her_app_and_later_gets_in_with_a_recovery_code(
    new_page, width, check_accessibility
):
    without_second_factor(a_clinician())
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    expect(page.get_by_role("heading", name="One more step: a second factor")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    page.goto("/caseload/")
    expect(page.get_by_role("heading", name="One more step: a second factor")).to_be_visible()
    page.get_by_role("link", name="Set up an app").click()
    code = code_of(page)
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("Code that the app shows").fill(code)
    send(page, "Finish")
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    kept = codes_kept_from(page)
    assert len(kept) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Caseload", level=1)).to_be_visible()
    sign_out(page)
    sign_in(page, "petra@example.org", second_factor=False)
    expect(page.get_by_role("heading", name="Now your second factor")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("Code", exact=True).fill(kept[0])
    send(page, "Sign in")
    expect(page.get_by_text("You used a recovery code. You have 9 left.")).to_be_visible()
    expect(page.get_by_role("heading", name="Caseload", level=1)).to_be_visible()


def test_a_wrong_code_is_said_takes_the_focus_and_leads_to_the_field(page, check_accessibility):
    petra = a_clinician()
    sign_in(page, "petra@example.org", second_factor=False)
    page.get_by_label("Code", exact=True).fill("000000")
    send(page, "Sign in")
    summary = page.get_by_role("alert").filter(has_text="This code is not right")
    expect(summary).to_be_focused()
    check_accessibility(page)
    summary.get_by_role("link").click()
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    page.get_by_label("Code", exact=True).fill(totp_code(petra))
    send(page, "Sign in")
    expect(page.get_by_role("heading", name="Caseload", level=1)).to_be_visible()


@WIDTHS
def test_a_runner_adds_a_passkey_and_signs_in_with_it_alone(new_page, width, check_accessibility):
    a_runner()
    page = new_page(viewport=width)
    give_passkeys(page)
    sign_in(page, "rosa@example.org")
    page.goto("/account/")
    page.get_by_role("link", name="Second factor and passkeys").click()
    check_accessibility(page)
    assert fits(page)
    page.get_by_role("link", name="Add a passkey").click()
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/")
    check_accessibility(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Passkeys", level=1)).to_be_visible()
    expect(page.get_by_role("main").locator("strong")).to_have_text("My phone")
    check_accessibility(page)
    assert fits(page)
    page.get_by_role("link", name="Rename").click()
    check_accessibility(page)
    page.get_by_label("Name of this passkey").fill("My old phone")
    send(page, "Save")
    page.get_by_role("link", name="Remove My old phone").click()
    expect(page.get_by_role("heading", name="Remove “My old phone”?")).to_be_visible()
    check_accessibility(page)
    send(page, "Remove it")
    expect(page.get_by_role("heading", name="No passkey yet")).to_be_visible()
    check_accessibility(page)


def test_a_passkey_is_a_physiotherapists_second_factor_too(page, check_accessibility):
    without_second_factor(a_clinician())
    give_passkeys(page)
    sign_in(page, "petra@example.org")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    sign_out(page)
    sign_in(page, "petra@example.org", second_factor=False)
    check_accessibility(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Caseload", level=1)).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_text("This is your only second factor")).to_be_visible()
    check_accessibility(page)


def test_a_passkey_that_does_not_come_is_said(page, check_accessibility):
    a_runner()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The browser gave us no passkey.")
    check_accessibility(page)


def test_where_a_browser_takes_no_passkey_none_is_offered(new_page, live_server):
    page = new_page()
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/accounts/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


def test_another_session_is_ended_and_that_browser_is_out(new_page, check_accessibility):
    a_runner()
    phone, desk = new_page(), new_page(viewport=DESKTOP)
    for page in (phone, desk):
        sign_in(page, "rosa@example.org")
        page.goto("/account/")
        expect(page.get_by_role("heading", name="Rosa Runner")).to_be_visible()
    desk.get_by_role("link", name="Where you are signed in").click()
    check_accessibility(desk)
    rows = desk.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(2)
    rows.filter(has_not_text="this one").get_by_role("button", name="Sign out").click()
    expect(desk.get_by_text("Signed out there.")).to_be_visible()
    expect(rows).to_have_count(1)
    phone.goto("/account/")
    expect(phone.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    desk.goto("/account/")
    expect(desk.get_by_role("heading", name="Rosa Runner")).to_be_visible()


def test_without_javascript_there_is_the_code_and_no_button_that_does_nothing(new_page):
    without_second_factor(a_clinician())
    page = new_page(java_script_enabled=False)
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    sign_in(page, "petra@example.org")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Code that the app shows").fill("000000")
    send(page, "Finish")
    summary = page.get_by_role("alert").filter(has_text="This code is not right")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Code that the app shows")).to_be_focused()
    page.get_by_label("Code that the app shows").fill(code_of(page))
    send(page, "Finish")
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    page.goto("/accounts/2fa/webauthn/add/")
    expect(page.get_by_text("Passkeys need JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Add it")).to_have_count(0)


def test_the_administration_opens_after_the_second_factor(page):
    mara = a_manager()
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill("mara@example.org")
    page.get_by_label("Password", exact=True).fill("seven calm kilometres")
    send(page, "Sign in")
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.goto("/admin/programs/decision/")
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.get_by_label("Code", exact=True).fill(totp_code(mara))
    send(page, "Sign in")
    expect(page.get_by_role("heading", name="Site management")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_about_second_factors_fits_and_passes_axe(new_page, check_accessibility, width):
    a_clinician()
    page = new_page(viewport={"width": width, "height": 844})
    sign_in(page, "petra@example.org")
    for address in (
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/sessions/",
    ):
        page.goto(address)
        assert fits(page)
        check_accessibility(page)
