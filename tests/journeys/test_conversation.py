"""A physiotherapist and a runner write to each other; what is private stays so."""

import pytest
from playwright.sync_api import Page, expect

from programs.models import Enrolment
from tests.builders import QUIET, an_enrolment, live, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NOTE = "Worried about work; ask again."


@pytest.fixture
def fay(db) -> Enrolment:
    the_library()
    fay = an_enrolment(a_runner("fay@example.org", "Fay Fine"), clinician=a_clinician(), days_ago=2)
    return live(fay, QUIET, QUIET)


def main(page: Page):
    return page.get_by_role("main")


def sound(page: Page, check_accessibility) -> None:
    check_accessibility(page)
    assert fits(page)


def she_writes(clinic: Page, fay: Enrolment) -> None:
    clinic.goto(f"/runners/{fay.public_id}/messages/")
    main(clinic).get_by_label("Your message").fill("How was the first run?")
    main(clinic).get_by_role("button", name="Send").click()
    expect(clinic.get_by_text("Sent.")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])
def test_a_note_stays_private_and_a_message_comes_back_answered(new_page, fay, width, check_accessibility):
    clinic = new_page(viewport=width)
    sign_in(clinic, "petra@example.org")
    clinic.goto(f"/runners/{fay.public_id}/")
    main(clinic).get_by_role("link", name="Private note", exact=True).click()
    main(clinic).get_by_role("textbox", name="Note").fill(NOTE)
    sound(clinic, check_accessibility)
    main(clinic).get_by_role("button", name="Save the note").click()
    expect(clinic.get_by_text("The note is saved.")).to_be_visible()
    expect(main(clinic).get_by_text(NOTE)).to_be_visible()
    main(clinic).get_by_role("link", name="Correct the note of").click()
    expect(main(clinic).get_by_role("textbox", name="Note")).to_have_value(NOTE)
    main(clinic).get_by_role("textbox", name="Note").fill(f"{NOTE} Sleeps badly.")
    main(clinic).get_by_role("button", name="Save the note").click()
    main(clinic).get_by_text("What it said before").click()
    sound(clinic, check_accessibility)
    she_writes(clinic, fay)
    phone = new_page(viewport=width)
    sign_in(phone, "fay@example.org")
    main(phone).get_by_role("link", name="1 new message from your physiotherapist").click()
    expect(main(phone).get_by_text("Nobody watches these messages all day")).to_be_visible()
    expect(main(phone).get_by_text("How was the first run?")).to_be_visible()
    expect(main(phone).get_by_text(NOTE)).to_have_count(0)
    sound(phone, check_accessibility)
    main(phone).get_by_label("Your message").fill("Good, but my calf is tight.")
    main(phone).get_by_role("button", name="Send").click()
    expect(main(phone).get_by_text("is unread")).to_have_count(0)

    clinic.goto(f"/runners/{fay.public_id}/")
    main(clinic).get_by_role("link", name="1 unread message").click()
    expect(main(clinic).get_by_text("Good, but my calf is tight.")).to_be_visible()
    sound(clinic, check_accessibility)
    main(clinic).get_by_role("button", name="Mark as read").click()
    expect(clinic.get_by_text("Marked as read.")).to_be_visible()
    expect(main(clinic).get_by_role("button", name="Mark as read")).to_have_count(0)
    clinic.goto(f"/runners/{fay.public_id}/")
    sound(clinic, check_accessibility)
