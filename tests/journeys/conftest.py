"""A real browser in front of a real server.

Scoped to this package: Playwright keeps an event loop open in this thread,
and Django refuses its database there unless told that we know.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from programs.models import Enrolment
from tests.builders import an_enrolment, every_programme, the_library
from tests.journeys.phone import ready
from tests.journeys.test_sign_in import sign_in
from tests.support import missing
from tests.support.browser import FLAGS, axe_violations, chromium

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
#: Milliseconds until something is missing: other tests compute on the same cores.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as monkeypatch, sync_playwright() as playwright:
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = chromium(playwright.chromium.executable_path)
        if not path:
            missing.could_not_run("a browser", "Install chromium or chromium-headless-shell.")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open a page as another person, with cookies of her own; options as for a browser context.

    Without a service worker, which would go on fetching behind a test's back; test_offline.py allows it.

    Whatever the browser complains of on any of them fails the test: a blocked
    script or style, a missing file, an error in a script.
    """
    contexts, complaints = [], []

    def note(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        # A page that answers 404 on purpose is judged by its test, not here.
        is_the_page = message.page is not None and url == message.page.url
        is_meant = is_the_page and message.text.startswith("Failed to load resource")
        # Said only where a test took the connection away, or where the site asks back.
        is_meant = is_meant or any(words in message.text for words in ("INTERNET_DISCONNECTED", "(Conflict)"))
        if message.type == "error" and not is_meant:
            complaints.append(f"{message.text} ({url})")

    def open_page(**options) -> Page:
        usual = {"viewport": PHONE, "locale": "en-GB", "timezone_id": "Europe/London"}
        options = usual | {"service_workers": "block"} | options
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A phone, because phones come first."""
    return new_page()


@pytest.fixture
def desktop(new_page: Callable[..., Page]) -> Page:
    return new_page(viewport=DESKTOP)


@pytest.fixture
def check_accessibility() -> Callable[[Page], None]:
    """Fail where axe finds anything on the page as it is now."""

    def check(page: Page) -> None:
        violations = axe_violations(page)
        assert not violations, f"{page.url}\n" + "\n".join(violations)

    return check


@pytest.fixture
def rosa() -> Enrolment:
    the_library()
    every_programme()
    return an_enrolment()


@pytest.fixture
def phone(new_page: Callable[..., Page], rosa: Enrolment) -> Page:
    """Rosa's, with all that it needs to do without a connection."""
    page = new_page(service_workers="allow")
    sign_in(page, rosa.runner.email)
    ready(page)
    return page
