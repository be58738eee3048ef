"""A site manager looks for a mail that somebody misses."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.models import Enrolment, MessageKind
from tests.builders import an_enrolment, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.mail_rows import a_message, an_account_mail
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def rosa(db) -> Enrolment:
    """With a mail in every state; the safety notice waits for two hours."""
    the_library()
    a_manager()
    petra, now = a_clinician(), timezone.now()
    rosa = an_enrolment(a_runner(), clinician=petra)
    a_message(petra, rosa, now - 2 * HOUR, MessageKind.CLINICIAN_PAUSE, attempts=7, due_at=now + HOUR)
    for hours, status in enumerate(("sent", "uncertain", "skipped", "dead"), start=3):
        why = "" if status == "sent" else "SMTPRecipientsRefused 550"
        a_message(rosa.runner, rosa, now - hours * HOUR, status=status, outcome=why)
    a_message(petra, None, now - 9 * HOUR, MessageKind.DIGEST, status="sent")
    an_account_mail("somebody.with.quite.a.long.address@hospital-of-the-region.example.org", now)
    return rosa


def rows(page: Page):
    return page.get_by_role("region", name="Mails, newest first").get_by_role("listitem")


@WIDTHS
def test_a_late_safety_notice_is_found_by_its_state_and_address(new_page, rosa, width, check_accessibility):
    page = new_page(viewport=width)
    sign_in(page, "mara@example.org")
    page.get_by_role("link", name="Mails").click()
    expect(page.get_by_text("Mails are late")).to_be_visible()
    expect(rows(page)).to_have_count(7)
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("State").select_option("Late")
    page.get_by_role("button", name="Show").click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Mail about safety")
    expect(rows(page)).to_contain_text("7 tries")
    page.get_by_role("link", name="Show all").click()
    page.get_by_label("Address, or Message-ID").fill("rosa@")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(4)
