"""A drawing moves when somebody asks for it, stops when she closes it, and never where motion is unwanted."""

import pytest
from playwright.sync_api import Page

from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ADDRESS = "/exercises/bird_dog/"
MOVING = "exercises/moving/"


def opened(new_page, runner, **options) -> tuple[Page, list[str]]:
    """The exercise page, and the addresses of moving drawings that it fetched."""
    page, fetched = new_page(**options), []
    page.on("request", lambda request: fetched.append(request.url) if MOVING in request.url else None)
    sign_in(page, runner.email)
    page.goto(ADDRESS)
    return page, fetched


def is_moving(page: Page) -> bool:
    """Is the picture another one after a while? It rests for 1.5 seconds at most."""
    picture = page.locator(".moving img")
    page.wait_for_timeout(500)
    first = picture.screenshot()
    page.wait_for_timeout(2000)
    return picture.screenshot() != first


@pytest.mark.parametrize("width", [320, 1280])
def test_a_drawing_moves_on_request_only(new_page, rosa, check_accessibility, width):
    page, fetched = opened(new_page, rosa.runner, viewport={"width": width, "height": 844})
    assert not fetched
    summary = page.locator(".moving summary")
    summary.press("Enter")
    assert is_moving(page)
    assert len(fetched) == 1
    assert fits(page)
    check_accessibility(page)
    summary.press("Enter")
    assert not page.locator(".moving img").is_visible()


def test_nothing_moves_where_motion_is_unwanted(new_page, rosa):
    page, fetched = opened(new_page, rosa.runner, reduced_motion="reduce")
    assert not page.locator(".moving summary").is_visible()
    page.locator(".moving").evaluate("details => { details.open = true; details.style.display = 'block'; }")
    assert not is_moving(page)
    assert not fetched


def test_a_sheet_of_the_step_is_a_link_away(new_page, rosa):
    page = new_page()
    sign_in(page, rosa.runner.email)
    page.goto("/programme/")
    address = page.get_by_role("link", name="Print this step").get_attribute("href")
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
