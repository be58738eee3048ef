"""A physiotherapist keeps her list: what happened since, a view of her own, somebody put off."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.models import CaseloadSeen, SharedMessage
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
#: On the clock of UTC, where these runners live.
CLOSE_HOUR = 3
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])


@pytest.fixture
def petra(db):
    """Sil is silent, Gus moved on last night, Fay is fine."""
    the_library()
    petra = a_clinician()
    # Before three in the morning yesterday is still open, and the last closed day is the one before.
    since = int(timezone.now().hour < CLOSE_HOUR)
    days = {"Sil Silent": [QUIET, None, None, None], "Gus Good": [COMFORTABLE] * 4, "Fay Fine": [QUIET] * 2}
    for name, lived in days.items():
        runner = a_runner(f"{name.split()[0].lower()}@example.org", name)
        live(an_enrolment(runner, clinician=petra, days_ago=len(lived) + since), *lived)
    return petra


@WIDTHS
def test_she_works_through_her_list_without_a_script(new_page, petra, width):
    page: Page = new_page(viewport=width, java_script_enabled=False)
    sign_in(page, "petra@example.org")
    main = page.get_by_role("main")
    assert fits(page)
    main.get_by_role("region", name="Since you last looked").get_by_role("link", name="Gus Good").click()
    expect(page.locator("li:target")).to_contain_text("Brisk walking")
    page.goto("/caseload/")
    main.get_by_role("button", name="I have seen these").click()
    expect(page.get_by_text("Nobody moved on or back, and nobody was paused.")).to_be_visible()
    assert CaseloadSeen.objects.count() == 1
    if width is PHONE:
        main.get_by_text("More filters").click()
    main.get_by_label("Need", exact=True).select_option(label="Silent (1)")
    main.get_by_role("button", name="Show", exact=True).click()
    main.get_by_label("Keep these filters as").fill("Quiet ones")
    main.get_by_role("button", name="Keep", exact=True).click()
    expect(main.get_by_role("navigation", name="Kept views").get_by_role("link")).to_have_text("Quiet ones")
    main.get_by_role("link", name="Put off … Sil Silent").click()
    assert fits(page)
    until = timezone.now().date() + datetime.timedelta(days=3)
    main.get_by_label("Put off until").fill(until.isoformat())
    main.get_by_label("Why").fill("On a journey, back on Friday.")
    main.get_by_role("button", name="Put off").click()
    later = main.get_by_role("list", name="Runners whom you put off")
    expect(later).to_contain_text("On a journey, back on Friday.")
    assert fits(page)
    later.get_by_role("button", name="Back on the list now").click()
    expect(main.get_by_role("list", name="Runners by need").get_by_role("listitem").first).to_contain_text(
        "Sil"
    )


def test_she_writes_to_two_at_once(new_page, petra, check_accessibility):
    page: Page = new_page(viewport=PHONE)
    sign_in(page, "petra@example.org")
    main = page.get_by_role("main")
    for name in ("Sil Silent", "Fay Fine"):
        main.get_by_label(f"Choose {name}").check()
    main.get_by_text("Write to those whom you chose").click()
    check_accessibility(page)
    main.get_by_label("Message").fill("How does it go?")
    main.get_by_role("button", name="Send to those chosen").click()
    expect(page.get_by_text("The message went to 2 runners")).to_be_visible()
    assert SharedMessage.objects.count() == 2
    main.get_by_role("link", name="Put off … Sil Silent").click()
    check_accessibility(page)
