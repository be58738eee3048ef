"""A physiotherapist copies a programme, breaks a limit, mends it, and puts its stages in another order."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from programs.models import ProgrammeVersion, VersionStatus
from tests.builders import every_programme, the_library
from tests.journeys.conftest import DESKTOP
from tests.journeys.phone import wait_until
from tests.journeys.test_sign_in import sign_in
from tests.support.people import a_clinician

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
COPY = "Copy and change Return to running after low back pain"
DAYS = "Days on this stage at least"


@pytest.fixture
def petra(db) -> User:
    the_library()
    every_programme()
    return a_clinician()


def draft() -> ProgrammeVersion:
    return ProgrammeVersion.objects.get(status=VersionStatus.DRAFT)


def titles(page: Page) -> list[str]:
    return page.locator("#ladder h3 a").all_inner_texts()


def copied(page: Page) -> None:
    sign_in(page, "petra@example.org")
    page.get_by_role("link", name="Programmes").click()
    page.get_by_role("button", name=COPY, exact=True).click()
    expect(page.get_by_text("Nothing is wrong with this draft")).to_be_visible()


def drag(page: Page, handle: Locator, goal: Locator) -> None:
    """As a hand does it: it lets go only where the goal has shown itself as one; drag_to lets go at once."""
    handle.hover()
    page.mouse.down()
    box = goal.bounding_box()

    def is_goal() -> bool:
        for part in (0.4, 0.5):
            page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
        return "is-goal" in (goal.get_attribute("class") or "")

    wait_until(page, is_goal)
    page.mouse.up()


def test_she_copies_a_programme_breaks_a_limit_mends_it_and_moves_a_stage(
    new_page, petra, check_accessibility
):
    page = new_page(viewport=DESKTOP)
    copied(page)
    check_accessibility(page)
    page.get_by_role("link", name="4. Run 1, walk 4").click()
    days = page.get_by_label(DAYS, exact=True)
    days.fill("1")
    # Said while she types, before anything is saved.
    wrong = page.locator("#check")
    expect(wrong).to_contain_text(f"{DAYS}: 1 is not accepted. It must be a whole number from 3 to 56.")
    check_accessibility(page)
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("It cannot be published yet")).to_be_visible()
    wrong.get_by_role("link", name=DAYS).click()
    expect(days).to_be_focused()
    days.fill("10")
    expect(wrong).to_contain_text("Nothing is wrong on this page.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert draft().document["stages"][3]["criteria"]["min_days"]["value"] == 10
    page.get_by_role("link", name="The draft", exact=True).click()
    # By keyboard alone.
    up = page.get_by_role("button", name="Up Run 2, walk 3")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The stage is number 4 now.")).to_be_visible()
    assert titles(page)[3:5] == ["4. Run 2, walk 3", "5. Run 1, walk 4"]
    drag(page, page.locator("#stage-5 [data-handle]"), page.locator("#stage-4"))
    expect(page.locator("#stage-4")).to_contain_text("Run 1, walk 4")


def test_without_scripts_a_session_is_drawn_and_saved_on_a_phone(new_page, petra, check_accessibility):
    page = new_page(java_script_enabled=False)
    sign_in(page, "petra@example.org")
    page.goto("/programmes/")
    page.get_by_role("button", name=COPY, exact=True).click()
    page.get_by_role("link", name="4. Run 1, walk 4").click()
    page.get_by_role("link", name="Run 1 min, walk 4 min, five times").click()
    page.get_by_label("Run for in row 2").fill("2:30")
    page.get_by_label("Then walk for in row 2").fill("0:00")
    page.get_by_label("Times in row 2").fill("1")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#check")).to_contain_text("at most 5 minutes, the limit of this stage")
    expect(page.get_by_text("Run 2½ minutes.")).to_be_visible()
    assert len(draft().document["stages"][3]["sessions"][0]["run_walk"]["intervals"]) == 2
