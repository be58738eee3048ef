"""Whose phone it is: what the next person finds on it, and what is kept for nobody else."""

import json

import pytest
from playwright.sync_api import Page, expect

from accounts.phone import phone_id
from programs.models import DiaryEntry
from tests.builders import an_enrolment
from tests.journeys.phone import (
    NO_DRAFT,
    STORED,
    becomes,
    cached,
    check_in,
    check_in_offline,
    count_entries,
    heading,
    offline,
    online,
    ready,
    sent,
    tick,
    wait_until,
)
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


# --- whose phone it is -----------------------------------------------------------------------------
def test_a_kept_page_keeps_its_policy(phone):
    """Or a script in it would run that the site would have blocked."""
    policies = phone.evaluate(
        "async () => { const cache = await caches.open('rehab-pages'); const keys = await cache.keys();"
        " return Promise.all(keys.map(async key =>"
        " (await cache.match(key)).headers.get('Content-Security-Policy'))) }"
    )
    assert len(policies) == 4 and all("default-src 'none'" in policy for policy in policies)


def test_no_page_of_anybody_is_kept(phone, rosa):
    for path in ("/today/", "/check-in/", "/progress/", "/account/", "/settings/"):
        phone.goto(path)
    check_in_offline(phone)
    offline(phone)
    phone.goto("/progress/")
    expect(heading(phone, "No connection")).to_be_visible()
    found = cached(phone)
    pages = {path for path in found if not path.startswith("/static/")}
    assert pages == {"/offline/", "/offline/check-in/", "/offline/kept/", "/offline/something-wrong/"}
    everything = " ".join(found[path] for path in pages)
    for word in (rosa.runner.name, rosa.runner.email, phone_id(rosa.runner), "csrfmiddlewaretoken"):
        assert word not in everything, word
    assert "checked" not in found["/offline/check-in/"]


def test_the_next_person_finds_nothing_and_sends_nothing(phone, rosa):
    check_in_offline(phone)
    # Before there is a connection again: else her answers are on their way, and rightly so.
    phone.context.clear_cookies()
    online(phone)
    other = an_enrolment(runner=a_runner("olga@example.org", "Olga Other"))
    sign_in(phone, other.runner.email)
    ready(phone)
    becomes(phone, f"async () => (await outbox.owner()).id === '{phone_id(other.runner)}'")
    assert phone.evaluate("async () => (await outbox.mine()).length") == 0
    phone.evaluate("() => outbox.send()")
    assert not count_entries()
    stored = phone.evaluate(STORED)
    assert not [word for word in ("rest", "session", "/check-in/", rosa.runner.email) if word in stored]
    expect(phone.get_by_text("Kept on this phone")).to_have_count(0)
    phone.context.clear_cookies()
    sign_in(phone, rosa.runner.email)
    expect(sent(phone)).to_be_visible()
    assert DiaryEntry.objects.get().enrolment == rosa


def test_a_page_that_was_left_open_is_not_kept_in_the_name_of_the_next_person(phone):
    phone.goto("/check-in/")
    other = an_enrolment(runner=a_runner("olga@example.org", "Olga Other"))
    tab = phone.context.new_page()
    phone.context.clear_cookies()
    sign_in(tab, other.runner.email)
    ready(tab)
    offline(phone)
    check_in(phone)
    expect(heading(phone, "Not saved")).to_be_visible()
    online(phone)
    tab.goto("/today/")
    assert not count_entries()


def test_signing_out_asks_while_something_waits(phone, check_accessibility):
    check_in_offline(phone)
    phone.route("**/offline/phone/", lambda route: route.abort("internetdisconnected"))
    online(phone)
    phone.goto("/account/")
    phone.get_by_role("button", name="Sign out").click()
    dialog = phone.get_by_role("dialog")
    expect(dialog).to_be_visible()
    check_accessibility(phone)
    dialog.get_by_role("button", name="Send them first").click()
    expect(dialog.get_by_text("They could not be sent")).to_be_visible()
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_have_count(0)
    phone.get_by_role("button", name="Sign out").click()
    phone.unroute("**/offline/phone/")
    dialog.get_by_role("button", name="Send them first").click()
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    assert count_entries() == 1


def test_signing_out_without_sending_locks_what_waits(phone, rosa):
    check_in_offline(phone)
    phone.route("**/offline/phone/", lambda route: route.abort("internetdisconnected"))
    online(phone)
    phone.goto("/account/")
    phone.get_by_role("button", name="Sign out").click()
    phone.get_by_role("dialog").get_by_role("button", name="Sign out all the same").click()
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    phone.unroute("**/offline/phone/")
    becomes(phone, "async () => typeof outbox !== 'undefined' && !(await outbox.owner()).key")
    assert "rest" not in phone.evaluate(STORED)
    offline(phone)
    phone.goto("/check-in/")
    expect(phone.get_by_text("Nobody is signed in on this phone")).to_be_visible()
    online(phone)
    sign_in(phone, rosa.runner.email)
    expect(sent(phone)).to_be_visible()


def test_what_nobody_came_back_for_is_deleted_after_a_week_and_she_is_told(phone, rosa):
    check_in_offline(phone)
    phone.evaluate(
        "async () => { const [i] = await outbox.mine(); const { path, date, fields, ...kept } = i;"
        " await outbox.put({ ...kept, at: Date.now() - 8 * 24 * 3600 * 1000 }) }"
    )
    phone.context.clear_cookies()
    online(phone)
    phone.goto("/safety/")
    becomes(phone, "async () => typeof outbox !== 'undefined' && !(await outbox.owner()).key")
    sign_in(phone, rosa.runner.email)
    expect(phone.get_by_text("could not be sent within 7 days")).to_be_visible()
    assert not count_entries()


def test_the_pages_of_the_phone_are_in_her_language_with_the_numbers_of_her_country(phone, rosa):
    for page in ("/offline/kept/", "/offline/something-wrong/"):
        assert '<html lang="en-GB"' in cached(phone)[page]
    rosa.runner.language, rosa.runner.country = "zh-hans", "DE"
    rosa.runner.save()
    phone.goto("/today/")
    wait_until(phone, lambda: '<html lang="zh-Hans"' in cached(phone)["/offline/something-wrong/"])
    offline(phone)
    phone.goto("/something-wrong/")
    expect(phone.get_by_role("link", name="112").first).to_be_visible()


# --- the last session ------------------------------------------------------------------------------
SESSION = "/session/1/"


def session_of(page: Page) -> list[str]:
    return [path for path in cached(page) if path.startswith("/session/")]


def is_offered(page: Page) -> bool:
    page.goto("/progress/")
    expect(heading(page, "No connection")).to_be_visible()
    page.wait_for_timeout(300)
    return page.get_by_role("link", name="The session that you opened last").is_visible()


def test_the_session_that_was_opened_last_works_without_a_connection(phone, rosa):
    phone.goto(SESSION)
    assert not [word for word in (rosa.runner.name, rosa.runner.email) if word in cached(phone)[SESSION]]
    title = phone.get_by_role("heading", level=1).inner_text()
    offline(phone)
    phone.reload()
    expect(heading(phone, title).first).to_be_visible()
    assert phone.evaluate("() => [...document.styleSheets].every(sheet => sheet.cssRules.length)")
    assert is_offered(phone)
    phone.get_by_role("link", name="The session that you opened last").click()
    expect(heading(phone, title).first).to_be_visible()


def test_it_is_gone_when_the_session_is_over(phone):
    phone.goto(SESSION)
    becomes(phone, "() => caches.has('rehab-session')")
    phone.evaluate("() => document.dispatchEvent(new Event('rehab:session-over'))")
    becomes(phone, "async () => !(await caches.has('rehab-session'))")
    phone.goto(SESSION)
    phone.goto("/check-in/")
    check_in(phone)
    expect(heading(phone, "Saved")).to_be_visible()
    becomes(phone, "async () => !(await caches.has('rehab-session'))")


def test_it_is_not_shown_on_another_day(phone):
    phone.goto(SESSION)
    phone.evaluate(
        "async () => { const cache = await caches.open('rehab-session'); const [r] = await cache.keys();"
        " const kept = await cache.match(r); const headers = new Headers(kept.headers);"
        " headers.set('X-Date', '2020-01-01');"
        " await cache.put(r, new Response(await kept.text(), { headers })) }"
    )
    offline(phone)
    phone.goto(SESSION)
    expect(heading(phone, "No connection")).to_be_visible()
    assert session_of(phone) == []


@pytest.mark.parametrize("way", ["she signs out", "her session ends", "somebody else signs in"])
def test_it_is_gone_for_the_next_person(phone, way):
    phone.goto(SESSION)
    assert session_of(phone) == [SESSION]
    if way == "she signs out":
        phone.goto("/account/")
        phone.get_by_role("button", name="Sign out").click()
        expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    else:
        phone.context.clear_cookies()
        phone.goto("/safety/")
    if way == "somebody else signs in":
        other = an_enrolment(runner=a_runner("olga@example.org", "Olga Other"))
        sign_in(phone, other.runner.email)
        ready(phone)
    becomes(phone, "async () => !(await caches.has('rehab-session'))")
    offline(phone)
    assert not is_offered(phone)
    phone.goto(SESSION)
    expect(heading(phone, "No connection")).to_be_visible()


def test_nothing_that_was_typed_is_there_for_the_next_person(phone):
    phone.goto("/check-in/")
    tick(phone, rest="7")
    phone.context.clear_cookies()
    phone.goto("/safety/")
    becomes(phone, NO_DRAFT)


def test_whoever_deletes_her_account_leaves_nothing_on_the_phone(phone, rosa):
    """Sealed answers go with the rest, and not only after a week."""
    check_in_offline(phone)
    phone.context.clear_cookies()
    online(phone)
    phone.goto("/my-data/deleted/")
    becomes(phone, "async () => typeof outbox !== 'undefined' && !(await outbox.owner()).key")
    stored = json.loads(phone.evaluate(STORED))
    assert not [row for row in stored if row.get("person") or row.get("id")]


def test_nobody_but_a_runner_is_given_a_worker(new_page):
    petra = a_clinician()
    page = new_page(service_workers="allow")
    sign_in(page, petra.email)
    page.goto("/caseload/")
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert cached(page) == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_the_phone_are_readable_by_everybody(page, check_accessibility, width):
    page.set_viewport_size({"width": width, "height": 800})
    levels = ("none", "urgent", "emergency", "emergency&failed=1")
    for path in ("", "check-in/", "something-wrong/", *(f"kept/?level={level}" for level in levels)):
        page.goto(f"/offline/{path}")
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        assert fits(page), path
        check_accessibility(page)
