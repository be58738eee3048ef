"""A phone without a connection: what it keeps, what it sends, and what the next person finds on it."""

import re
import time
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.phone import phone_id
from programs.models import Decision, DiaryEntry, Enrolment, EntryRevision
from tests.builders import an_enrolment, every_programme, the_library
from tests.journeys.test_sign_in import sign_in
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

READY = "async () => { await navigator.serviceWorker.ready; return Boolean(navigator.serviceWorker.controller) }"
OWNED = "async () => Boolean(((await outbox.owner()) || {}).key)"
NO_DRAFT = "() => !Object.keys(sessionStorage).some(key => key.startsWith('draft:'))"
#: Every kept page and file, with its text.
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""
#: All that a script can read from the database of the phone, as text.
STORED = """async () => {
  const open = indexedDB.open("rehab");
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const found = [];
  for (const store of database.objectStoreNames) {
    const asked = database.transaction(store).objectStore(store).getAll();
    const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    for (const row of rows) {
      const sealed = row.sealed ? new TextDecoder("latin1").decode(row.sealed) : "";
      found.push({ ...row, key: row.key ? "a key" : null, sealed, iv: null });
    }
  }
  database.close();
  return JSON.stringify(found);
}"""


@pytest.fixture(autouse=True)
def library():
    the_library()
    every_programme()


@pytest.fixture
def rosa() -> Enrolment:
    return an_enrolment()


@pytest.fixture
def page(new_page) -> Page:
    return new_page(service_workers="allow")


@pytest.fixture
def phone(page, rosa) -> Page:
    """Hers, with all that it needs to do without a connection."""
    sign_in(page, rosa.runner.email)
    ready(page)
    return page


def ready(page: Page) -> None:
    page.goto("/today/")
    page.wait_for_function(READY)
    page.wait_for_function(OWNED)


def offline(page: Page) -> None:
    page.context.set_offline(True)


def online(page: Page) -> None:
    page.context.set_offline(False)


def tick(page: Page, **answers: str | None) -> None:
    """By the names of the fields: what a field is called is not what is tried here."""
    for name, value in answers.items():
        if value is None:
            continue
        page.locator(f"input[name='{name}'][value='{value}']").check(force=True)


def save(page: Page) -> None:
    page.locator("form[data-check-in] button[type='submit']").click()


def check_in(page: Page, **answers: str | None) -> None:
    """A session day, as the first day of a programme is."""
    tick(page, **({"rest": "3", "session": "done", "during": "2"} | answers))
    save(page)


def check_in_offline(page: Page, **answers: str | None) -> None:
    page.goto("/check-in/")
    offline(page)
    check_in(page, **answers)
    expect(heading(page, "Kept on this phone")).to_be_visible()


def check_in_offline_with_a_sign(page: Page) -> None:
    page.goto("/check-in/")
    offline(page)
    check_in(page, red_flags="CE_SADDLE")
    expect(heading(page, "Get help now")).to_be_visible()


def heading(page: Page, words: str):
    return page.get_by_role("heading", name=words)


def sent(page: Page):
    return page.get_by_text("were sent")


def cached(page: Page) -> dict[str, str]:
    return page.evaluate(CACHED)


def wait_until(page: Page, came: Callable[[], bool]) -> None:
    """The page's own waiting lets the routes of a test run meanwhile."""
    end = time.monotonic() + 10
    while not came():
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def count_entries() -> int:
    return DiaryEntry.objects.count()


# --- sent once -------------------------------------------------------------------------------------
def test_a_check_in_without_a_connection_is_sent_once(phone, rosa):
    check_in_offline(phone)
    assert not count_entries()
    online(phone)
    expect(sent(phone)).to_be_visible()
    entry = DiaryEntry.objects.get()
    assert (entry.rest, entry.session, entry.during, entry.morning) == (3, "done", 2, None)
    for _ in range(2):
        phone.goto("/today/")
    assert count_entries() == 1 and not EntryRevision.objects.exists()
    assert phone.evaluate("async () => (await outbox.mine()).length") == 0


def test_the_form_of_the_phone_itself_does_the_same(phone, check_accessibility):
    """Also where the page of the check-in was never opened with a connection."""
    offline(phone)
    phone.goto("/check-in/")
    expect(heading(phone, "How is your back today?")).to_be_visible()
    check_accessibility(phone)
    check_in(phone, rest="4")
    expect(heading(phone, "Kept on this phone")).to_be_visible()
    check_accessibility(phone)
    online(phone)
    expect(sent(phone)).to_be_visible()
    assert DiaryEntry.objects.get().rest == 4


def test_a_mistake_is_asked_back_at_once(phone):
    offline(phone)
    phone.goto("/check-in/")
    save(phone)
    expect(heading(phone, "How is your back today?")).to_be_visible()
    check_in(phone)
    expect(heading(phone, "Kept on this phone")).to_be_visible()


def test_two_tabs_and_repeated_sending_make_one_entry(phone):
    check_in_offline(phone)
    other = phone.context.new_page()
    other.goto("/offline/kept/")
    for page in (phone, other):
        page.evaluate("() => { window.tries = Promise.allSettled([outbox.send(), outbox.send()]) }")
    online(phone)
    for page in (phone, other):
        page.evaluate("() => Promise.allSettled([outbox.send(), outbox.send(), outbox.send()])")
    phone.goto("/today/")
    other.goto("/today/")
    assert count_entries() == 1 and not EntryRevision.objects.exists()


def test_a_page_that_is_killed_while_it_sends_leaves_one_entry(phone):
    """What arrived and was not acknowledged is sent again: the same answers are one entry."""
    check_in_offline(phone)
    context = phone.context
    other = context.new_page()
    other.goto("/offline/kept/")
    phone.route("**/check-in/**", lambda route: (route.fetch(), route.abort("internetdisconnected")))
    online(phone)
    wait_until(phone, lambda: count_entries() == 1)
    phone.close()
    other.goto("/today/")
    expect(sent(other)).to_be_visible()
    assert count_entries() == 1 and not EntryRevision.objects.exists()


def test_of_a_changed_mind_the_last_word_arrives(phone, rosa):
    check_in_offline(phone)
    phone.goto("/check-in/")
    check_in(phone, rest="5")
    expect(heading(phone, "Kept on this phone")).to_be_visible()
    online(phone)
    expect(sent(phone)).to_be_visible()
    assert DiaryEntry.objects.get().rest == 5
    assert not EntryRevision.objects.exists()


def test_a_warning_sign_that_was_ticked_once_is_sent_also_when_the_form_was_filled_in_again(phone):
    check_in_offline_with_a_sign(phone)
    phone.goto("/check-in/")
    check_in(phone, rest="5")
    online(phone)
    expect(phone).to_have_url(re.compile("/paused/"))
    entry = DiaryEntry.objects.get()
    assert (entry.rest, entry.red_flags) == (5, ["CE_SADDLE"])


def test_a_double_tap_keeps_one(phone):
    phone.goto("/check-in/")
    offline(phone)
    tick(phone, rest="3", session="done", during="2")
    phone.locator("form[data-check-in] button[type='submit']").dblclick()
    expect(heading(phone, "Kept on this phone")).to_be_visible()
    online(phone)
    expect(sent(phone)).to_be_visible()
    assert count_entries() == 1 and not EntryRevision.objects.exists()


# --- what the server does not take as it is --------------------------------------------------------
def test_newer_answers_win_and_she_is_asked_to_look(phone, rosa, new_page):
    """Nothing is overwritten in silence, and nothing that she said is dropped."""
    check_in_offline(phone)
    desktop = new_page()
    sign_in(desktop, rosa.runner.email)
    desktop.goto("/check-in/")
    check_in(desktop, rest="6")
    expect(heading(desktop, "Saved")).to_be_visible()
    online(phone)
    look = phone.get_by_role("link", name="Please look")
    expect(look).to_be_visible()
    assert DiaryEntry.objects.get().rest == 6
    look.click()
    expect(phone.get_by_text("These answers are from this phone")).to_be_visible()
    expect(phone.locator("input[name='rest'][value='3']")).to_be_checked()
    save(phone)
    expect(heading(phone, "Saved")).to_be_visible()
    assert DiaryEntry.objects.get().rest == 3
    phone.goto("/today/")
    expect(phone.get_by_role("link", name="Please look")).to_have_count(0)


def test_she_may_throw_them_away(phone, rosa):
    check_in_offline(phone, session=None, during=None)
    online(phone)
    phone.get_by_role("link", name="Please look").click()
    phone.get_by_role("button", name="Throw away").click()
    expect(phone.get_by_text("These answers are from this phone")).to_have_count(0)
    phone.goto("/today/")
    expect(phone.get_by_role("link", name="Please look")).to_have_count(0)


def test_a_session_that_ended_keeps_the_answers_until_she_signs_in(phone, rosa):
    check_in_offline(phone)
    Session.objects.all().delete()
    online(phone)
    expect(phone.get_by_role("link", name="Sign in to send them")).to_be_visible()
    assert not count_entries()
    sign_in(phone, rosa.runner.email)
    expect(sent(phone)).to_be_visible()
    assert count_entries() == 1


# --- warning signs ---------------------------------------------------------------------------------
def test_a_warning_sign_says_at_once_what_to_do_and_is_sent_first(phone, check_accessibility):
    check_in_offline_with_a_sign(phone)
    expect(phone.get_by_role("link", name="Call 999")).to_be_visible()
    expect(phone.get_by_text("Nobody has been told yet").locator("visible=true")).to_be_visible()
    check_accessibility(phone)
    online(phone)
    expect(phone).to_have_url(re.compile("/paused/"))
    assert Decision.objects.get().refer == "emergency"


def test_a_warning_sign_alone_is_kept_too(phone):
    """Whatever else the form lacks, as with a connection; and on the page for it as well."""
    phone.goto("/something-wrong/")
    offline(phone)
    tick(phone, red_flags="CE_SADDLE")
    phone.get_by_role("main").locator("form button[type='submit']").click()
    expect(heading(phone, "Get help now")).to_be_visible()
    online(phone)
    expect(phone).to_have_url(re.compile("/paused/"))
    assert Decision.objects.get().refer == "emergency"


def test_what_to_do_about_warning_signs_is_there_without_a_connection(phone):
    offline(phone)
    phone.goto("/something-wrong/")
    expect(phone.get_by_role("link", name="Call 999").first).to_be_visible()


# --- whose phone it is -----------------------------------------------------------------------------
def test_no_page_of_anybody_is_kept(phone, rosa):
    for path in ("/today/", "/check-in/", "/progress/", "/account/", "/settings/"):
        phone.goto(path)
    check_in_offline(phone)
    offline(phone)
    phone.goto("/progress/")
    expect(heading(phone, "No connection")).to_be_visible()
    found = cached(phone)
    pages = {path for path in found if not path.startswith("/static/")}
    assert pages == {"/offline/", "/offline/check-in/", "/offline/kept/", "/safety/"}
    everything = " ".join(found[path] for path in pages)
    for word in (rosa.runner.name, rosa.runner.email, phone_id(rosa.runner), "csrfmiddlewaretoken"):
        assert word not in everything, word


def test_the_next_person_finds_nothing_and_sends_nothing(phone, rosa):
    check_in_offline(phone)
    online(phone)
    phone.context.clear_cookies()
    other = an_enrolment(runner=a_runner("olga@example.org", "Olga Other"))
    sign_in(phone, other.runner.email)
    ready(phone)
    phone.wait_for_function(f"async () => (await outbox.owner()).id === '{phone_id(other.runner)}'")
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
    phone.wait_for_function("async () => typeof outbox !== 'undefined' && !(await outbox.owner()).key")
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
    phone.wait_for_function("async () => typeof outbox !== 'undefined' && !(await outbox.owner()).key")
    sign_in(phone, rosa.runner.email)
    expect(phone.get_by_text("could not be sent within 7 days")).to_be_visible()
    assert not count_entries()


# --- the last session ------------------------------------------------------------------------------
SESSION = "/session/1/"


def session_of(page: Page) -> list[str]:
    return [path for path in cached(page) if path.startswith("/session/")]


def is_offered(page: Page) -> bool:
    page.goto("/progress/")
    expect(heading(page, "No connection")).to_be_visible()
    page.wait_for_timeout(300)
    return page.get_by_role("link", name="The session that you opened last").is_visible()


def test_the_session_that_was_opened_last_works_without_a_connection(phone):
    phone.goto(SESSION)
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
    phone.wait_for_function("() => caches.has('rehab-session')")
    phone.evaluate("() => document.dispatchEvent(new Event('rehab:session-over'))")
    phone.wait_for_function("async () => !(await caches.has('rehab-session'))")
    phone.goto(SESSION)
    phone.goto("/check-in/")
    check_in(phone)
    expect(heading(phone, "Saved")).to_be_visible()
    phone.wait_for_function("async () => !(await caches.has('rehab-session'))")


def test_it_is_not_shown_on_another_day(phone):
    phone.goto(SESSION)
    phone.evaluate(
        "async () => { const cache = await caches.open('rehab-session'); const [r] = await cache.keys();"
        " const kept = await cache.match(r); const headers = new Headers(kept.headers);"
        " headers.set('X-Date', '2020-01-01'); await cache.put(r, new Response(await kept.text(), {headers})) }"
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
    phone.wait_for_function("async () => !(await caches.has('rehab-session'))")
    offline(phone)
    assert not is_offered(phone)
    phone.goto(SESSION)
    expect(heading(phone, "No connection")).to_be_visible()


# --- what was typed --------------------------------------------------------------------------------
def test_a_form_that_was_half_filled_in_comes_back(phone):
    phone.goto("/check-in/")
    tick(phone, rest="7", session="partial")
    phone.reload()
    expect(phone.locator("input[name='rest'][value='7']")).to_be_checked()
    expect(phone.get_by_text("are back")).to_be_visible()
    save(phone)
    expect(heading(phone, "Saved")).to_be_visible()
    phone.wait_for_function(NO_DRAFT)


def test_nothing_that_was_typed_is_there_for_the_next_person(phone):
    phone.goto("/check-in/")
    tick(phone, rest="7")
    phone.context.clear_cookies()
    phone.goto("/safety/")
    phone.wait_for_function(NO_DRAFT)


def test_nobody_but_a_runner_is_given_a_worker(new_page):
    petra = a_clinician()
    page = new_page(service_workers="allow")
    sign_in(page, petra.email)
    page.goto("/caseload/")
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert cached(page) == {}
