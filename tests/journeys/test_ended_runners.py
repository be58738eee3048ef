"""A physiotherapist finds a runner whose programme has ended, and reads what came in after it."""

import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.services.conversation import write_message
from programs.services.discharges import discharge
from tests.builders import QUIET, an_enrolment, live, the_library
from tests.journeys.conftest import PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def petra(db):
    """Cara has completed and asks something; Fay goes on."""
    the_library()
    petra, now = a_clinician(), timezone.now()
    cara, fay = a_runner("cara@example.org", "Cara Completed"), a_runner("fay@example.org", "Fay Fine")
    live(an_enrolment(fay, clinician=petra, days_ago=1), QUIET)
    ended = live(an_enrolment(cara, clinician=petra, days_ago=1), QUIET)
    discharge(enrolment=ended, by=petra, now=now, outcome="completed", summary="Go on like that.")
    write_message(enrolment=ended, by=cara, now=now, words="May I run a race?", key=uuid.uuid4())
    return petra


def test_a_search_and_a_list_lead_to_who_has_ended(new_page, petra, check_accessibility):
    page: Page = new_page(viewport=PHONE)
    sign_in(page, "petra@example.org")
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name="1 unread message Cara Completed")).to_be_visible()
    main.get_by_label("Name").fill("cara")
    main.get_by_role("button", name="Show", exact=True).click()
    expect(main).to_contain_text("Nobody of that name follows a programme now.")
    check_accessibility(page)
    assert fits(page)
    main.get_by_role("link", name="Ended programmes").click()
    expect(main).to_contain_text("Completed.")
    check_accessibility(page)
    assert fits(page)
    main.get_by_role("link", name="Cara Completed", exact=True).click()
    expect(main).to_contain_text("Outcome: Completed")
