"""No page asks another site for anything, and none needs an exception from the Content-Security-Policy.

Not a list of pages: every page that somebody finds by following links, in a real
browser, the administration too.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import User
from scripts.hostile import people
from scripts.hostile.attacks import Knowledge
from scripts.hostile.crawl import read_all
from scripts.hostile.inside import Application
from scripts.hostile.places import places
from scripts.hostile.site import Actor, Envelope, Site
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, the_library
from tests.journeys.conftest import DESKTOP
from tests.support.people import a_clinician, a_manager, a_runner
from tests.support.services import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
#: Who -> the fewest pages that she finds. Less would be a walk that went nowhere.
PEOPLE = {"stranger": 8, "runner": 25, "physiotherapist": 20, "manager": 45}


@pytest.fixture
def users() -> dict[str, User]:
    the_library()
    petra = a_clinician()
    rosa = live(an_enrolment(a_runner(), clinician=petra, days_ago=3), QUIET, COMFORTABLE).runner
    return {"runner": rosa, "physiotherapist": petra, "manager": a_manager()}


#: Files to keep: a browser does not open them as pages.
FILES = ("/download/", "/export/", ".csv", ".pdf", ".webmanifest", ".js")


@pytest.fixture
def known(settings, users) -> Callable[[Actor], list[str]]:
    """Return the addresses of the pages that an actor finds, one of each kind."""

    def found(actor: Actor) -> list[str]:
        known = Knowledge(places())
        read_all(Application(), Envelope(Site.of(settings)), actor, known)
        return sorted(min(paths) for name, paths in known.paths.items() if name != "healthz")

    return found


def watch(page: Page) -> tuple[set[str], list[str]]:
    """Return what will be noted from now on: hosts that are asked, and what the browser complains of."""
    hosts, complaints = set(), []

    def complain(what: object) -> None:
        complaints.append(f"{page.url}: {what}")

    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc or request.url[:5]))
    page.on("console", lambda line: complain(line.text) if line.type == "error" else None)
    page.on("pageerror", complain)
    # A picture that is still on its way when the next page opens is no complaint.
    page.on(
        "requestfailed", lambda request: None if "ABORTED" in request.failure else complain(request.failure)
    )
    return hosts, complaints


@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_asks_another_site_or_breaks_the_policy(new_page, live_server, settings, users, known, name):
    actor = people.actor(name, users[name]) if name in users else Actor(name)
    paths = [path for path in known(actor) if not path.endswith(FILES)]
    page = new_page(viewport=DESKTOP)
    if actor.session:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": actor.session, "url": live_server.url}
        page.context.add_cookies([cookie])
    hosts, complaints = watch(page)
    for path in paths:
        answer = page.goto(path, wait_until="load")
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert hosts <= {urlsplit(live_server.url).netloc, "data:"}
    assert not complaints
    assert len(paths) >= PEOPLE[name], paths


@pytest.mark.parametrize(
    "what",
    [
        "document.body.appendChild(Object.assign(new Image(), {src: 'http://elsewhere.example/a.png'}))",
        "document.head.appendChild(Object.assign(document.createElement('script'), {textContent: '1'}))",
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">a</p>')",
        "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"http://elsewhere.example/\"></iframe>')",
        "fetch('http://elsewhere.example/').catch(() => 0)",
    ],
    ids=["picture", "script", "style", "frame", "fetch"],
)
def test_the_walk_would_see_it(browser: Browser, live_server, what):
    """And the policy stops it, whatever found its way into a page."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/safety/")
    _hosts, complaints = watch(page)
    page.evaluate(what)
    wait_until(lambda: page.wait_for_timeout(20) or complaints, seconds=5, what="a complaint")
    context.close()
    assert "Content Security Policy" in complaints[0]
