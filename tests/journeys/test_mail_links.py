"""From the mail to a score: in a browser without scripts and cookies, and in one that runs everything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from accounts.models import AccessRecord
from programs.models import DiaryEntry, Enrolment, MailChoice, MessageOwed
from programs.services.mail_choices import choose
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits
from tests.support.mail_links import a_mail, all_links, every_row, later, tap, way_out

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 1280)


@pytest.fixture
def mail(rosa: Enrolment) -> MessageOwed:
    choose(person=rosa.runner, kind="reminder", is_on=True, now=rosa.created_at)
    return a_mail(rosa, rosa.open_date)


@pytest.fixture
def in_a_mail_program(new_page) -> Iterator[Page]:
    """A window inside a mail program: no scripts, and every cookie is dropped."""
    page = new_page(java_script_enabled=False)
    kept = []

    def without_cookies(route) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name != "cookie"}
        answer = route.fetch(headers=headers, max_redirects=0)
        kept.extend(answer.headers.get("set-cookie", "").split())
        route.fulfill(response=answer)

    page.route("**/m/**", without_cookies)
    yield page
    assert not kept
    assert not page.context.cookies()


def test_a_score_without_scripts_cookies_and_sign_in(in_a_mail_program, mail):
    page = in_a_mail_program
    page.goto(tap(mail, 4))
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    assert not DiaryEntry.objects.exists()
    page.get_by_role("radio", name="6", exact=True).check(force=True)
    send(page, "Save this score")
    expect(page.get_by_role("heading", name="Saved. Thank you")).to_be_visible()
    assert DiaryEntry.objects.get().rest == 6
    page.goto(tap(mail, 9))
    expect(page.get_by_role("heading", name="recorded already")).to_be_visible()
    page.get_by_role("link", name="Sign in to the check-in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "/m/" not in page.evaluate("document.referrer")
    page.context.clear_cookies()


def test_from_strong_pain_to_the_full_check_in(page, mail, rosa, check_accessibility):
    seen = []
    page.on("request", lambda request: seen.append(request.headers.get("referer", "")))
    page.goto(tap(mail, 8))
    check_accessibility(page)
    send(page, "Save this score")
    expect(page.get_by_role("link", name="Call")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("link", name="Go on to the check-in").click()
    assert not [referrer for referrer in seen if "/m/" in referrer]
    sign_in(page, rosa.runner.email)
    page.goto("/check-in/")
    expect(page.get_by_role("radio", name="8", exact=True).first).to_be_checked()


def test_out_of_the_mails_and_back(page, mail, check_accessibility):
    page.goto(way_out(mail))
    check_accessibility(page)
    send(page, "Stop these mails")
    expect(page.get_by_role("heading", name="These mails are off")).to_be_visible()
    assert not MailChoice.objects.get(kind="reminder").is_on
    check_accessibility(page)
    send(page, "Undo: send them again")
    expect(page.get_by_role("heading", name="These mails are on again")).to_be_visible()
    assert MailChoice.objects.get(kind="reminder").is_on


def test_a_scanner_that_runs_scripts_and_waits_changes_no_row(new_page, mail, check_accessibility):
    """As those of mail providers do: the page, its scripts, a moment, and every page that it leads to."""
    page = new_page(viewport={"width": WIDTHS[0], "height": 640})
    before = every_row()
    for link in all_links(mail):
        page.goto(link)
        page.wait_for_load_state("networkidle")
        page.mouse.move(50, 300)
        page.mouse.wheel(0, 2_000)
        assert fits(page), link
    page.wait_for_timeout(3_000)
    assert not page.context.cookies()
    page.goto(later(mail))
    check_accessibility(page)
    for link in page.get_by_role("link").all():
        page.request.get(link.get_attribute("href"))
    assert every_row() == before
    assert not AccessRecord.objects.exists()
