"""A runner takes her data with her, and leaves; her physiotherapist does not see her any more."""

import time
import zipfile

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import Consent, Erasure
from programs.archive.unpacking import unpacked
from programs.models import Decision, Enrolment
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits
from tests.support.people import PASSWORD, a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
#: Every page is looked at in other widths by test_every_page.py.
WIDTHS = pytest.mark.parametrize("width", [PHONE], ids=["390"])


@pytest.fixture
def enrolment(db) -> Enrolment:
    """Rosa, whom Petra follows, after two days."""
    the_library()
    enrolment = an_enrolment(a_runner(time_zone="Europe/London"), clinician=a_clinician(), days_ago=2)
    return live(enrolment, COMFORTABLE, QUIET)


def an_hour_later() -> None:
    """As if everybody had signed in an hour ago."""
    for session in Session.objects.all():
        store = SessionStore(session.pk)
        for record in store.get("account_authentication_methods", []):
            record["at"] = time.time() - 3600
        store.save()


def open_my_data(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("main").get_by_role("link", name="My data: download, delete").click()
    expect(page.get_by_role("heading", name="My data", level=1)).to_be_visible()


def prove_who_it_is(page: Page) -> None:
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    send(page, "Continue")


@WIDTHS
def test_she_takes_everything_away(new_page, enrolment, width, check_accessibility):
    page = new_page(viewport=width)
    sign_in(page, "rosa@example.org")
    open_my_data(page)
    check_accessibility(page)
    assert fits(page)
    an_hour_later()
    page.get_by_role("link", name="Download everything about me").click()
    prove_who_it_is(page)
    expect(page.get_by_role("heading", name="Download everything about me", level=1)).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    with page.expect_download() as download:
        send(page, "Download my data")
    assert download.value.suggested_filename.startswith("my-data-")
    content = download.value.path().read_bytes()
    assert zipfile.is_zipfile(download.value.path())
    assert len(unpacked(content)["decisions"]) == 2
    page.goto("/account/records/")
    expect(page.get_by_text("a copy of everything").first).to_be_visible()


@WIDTHS
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_she_leaves_and_nobody_sees_her_any_more(new_page, enrolment, width, script, check_accessibility):
    petra = new_page(viewport=DESKTOP)
    sign_in(petra, "petra@example.org")
    expect(petra.get_by_role("main").get_by_role("link", name="Rosa Runner").first).to_be_visible()
    page = new_page(viewport=width, java_script_enabled=script)
    sign_in(page, "rosa@example.org")
    open_my_data(page)
    page.get_by_role("link", name="Delete everything about me").click()
    expect(page.get_by_role("heading", name="What is kept without your name, and why")).to_be_visible()
    expect(page.get_by_text("Petra Physio, by e-mail, with your initials only.")).to_be_visible()
    if script:
        check_accessibility(page)
        assert fits(page)
    send(page, "Delete everything")
    expect(page.get_by_role("alert")).to_contain_text("Type the word delete")
    if script:
        expect(page.get_by_role("alert")).to_be_focused()
        check_accessibility(page)
    page.get_by_label("Type “delete” to confirm").fill("Delete")
    send(page, "Delete everything")
    expect(page.get_by_role("heading", name="It is deleted")).to_be_visible()
    if script:
        check_accessibility(page)
    try_to_sign_in(page)
    petra.reload()
    expect(petra.get_by_role("heading", name="Caseload", level=1)).to_be_visible()
    expect(petra.get_by_text("Rosa Runner")).to_have_count(0)
    petra.goto(f"/runners/{enrolment.public_id}/")
    expect(petra.get_by_role("heading", name="There is no such page")).to_be_visible()
    assert Decision.objects.count() == 2
    assert not Consent.objects.unrevoked().exists()


def try_to_sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("rosa@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    send(page, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")


@WIDTHS
def test_a_physiotherapist_closes_her_account(new_page, enrolment, width, check_accessibility):
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    open_my_data(page)
    check_accessibility(page)
    page.get_by_role("link", name="Close my account").click()
    expect(page.get_by_text("1 runner")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("Type “delete” to confirm").fill("delete")
    send(page, "Close my account")
    expect(page.get_by_role("heading", name="It is deleted")).to_be_visible()
    assert Erasure.objects.get().kind == "closed"
    runner = new_page()
    sign_in(runner, "rosa@example.org")
    runner.goto("/account/access/")
    expect(
        runner.get_by_text("Petra Physio can no longer").or_(runner.get_by_text("Only you")).first
    ).to_be_visible()
