"""A phone without a connection: what it keeps is sent once, and nothing of it is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from programs.models import Decision, DiaryEntry, EntryRevision
from tests.journeys.phone import (
    A_DRAFT,
    NO_DRAFT,
    becomes,
    check_in,
    check_in_offline,
    check_in_offline_with_a_sign,
    count_entries,
    heading,
    offline,
    online,
    save,
    sent,
    tick,
    wait_until,
)
from tests.journeys.test_sign_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
A_DRAFT_OF_SEVEN = """() => Object.keys(sessionStorage).some((key) => key.startsWith("draft:") &&
  JSON.parse(sessionStorage.getItem(key)).some(([name, value]) => name === "rest" && value === "7"))"""
#: The service worker is registered only when the test says so, and drafts are looked at after it.
SLOW_PHONE = """const register = navigator.serviceWorker.register.bind(navigator.serviceWorker);
navigator.serviceWorker.register = (...given) =>
  new Promise((done) => { window.goOn = () => done(register(...given)); });"""


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
    # On no page of the site, which would send as well, and be told that it arrived.
    other = context.new_page()
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
    phone.goto("/accounts/login/")
    expect(phone.get_by_text("Answers are kept on this phone")).to_be_visible()
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


def test_a_sign_acts_and_the_answers_beside_it_are_kept_for_a_look(phone, rosa, new_page):
    """The server took the sign alone: newer answers stand, and these are not lost."""
    check_in_offline_with_a_sign(phone)
    desktop = new_page()
    sign_in(desktop, rosa.runner.email)
    desktop.goto("/check-in/")
    check_in(desktop, rest="6")
    expect(heading(desktop, "Saved")).to_be_visible()
    online(phone)
    expect(phone).to_have_url(re.compile("/paused/"))
    entry = DiaryEntry.objects.get()
    assert (entry.rest, entry.red_flags) == (6, ["CE_SADDLE"])
    phone.get_by_role("link", name="Please look").click()
    expect(phone.locator("input[name='rest'][value='3']")).to_be_checked()
    expect(phone.locator("input[value='CE_SADDLE']")).to_be_checked()
    save(phone)
    wait_until(phone, lambda: DiaryEntry.objects.get().rest == 3)
    assert DiaryEntry.objects.get().red_flags == ["CE_SADDLE"]
    becomes(phone, "async () => !(await outbox.mine()).length")


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


# --- what was typed --------------------------------------------------------------------------------
def test_a_form_that_was_half_filled_in_comes_back(phone):
    phone.goto("/check-in/")
    tick(phone, rest="7", session="partial")
    becomes(phone, A_DRAFT)
    phone.reload()
    expect(phone.locator("input[name='rest'][value='7']")).to_be_checked()
    expect(phone.get_by_text("are back")).to_be_visible()
    save(phone)
    expect(heading(phone, "Saved")).to_be_visible()
    becomes(phone, NO_DRAFT)


def test_what_is_written_while_the_phone_is_still_busy_is_newer_than_a_draft(phone):
    phone.goto("/check-in/")
    tick(phone, rest="2", session="done")
    becomes(phone, A_DRAFT)
    phone.add_init_script(SLOW_PHONE)
    phone.goto("/check-in/")
    expect(phone.locator("input[name='rest'][value='2']")).not_to_be_checked()
    tick(phone, rest="7")
    becomes(phone, "() => Boolean(window.goOn)")
    phone.evaluate("() => window.goOn()")
    becomes(phone, A_DRAFT_OF_SEVEN)
    expect(phone.locator("input[name='rest'][value='7']")).to_be_checked()
