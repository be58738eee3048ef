"""Every page of a runner in every state: axe finds nothing, nothing sticks out; both themes, both languages.

A page is opened once and then looked at at each width of its screen. The other journeys look closer
at one page each; ``scripts/pictures.py --axe`` walks the whole product of widths, languages and themes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from accounts.models import User
from programs.models import Enrolment
from programs.services.diary import EntryValues
from tests.builders import COMFORTABLE, QUIET, an_enrolment, every_programme, live, the_library
from tests.support.browser import axe_violations, fits
from tests.support.people import a_runner, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SORE = EntryValues(morning=2, rest=3, session="done", during=7, after=4)
SIGN = EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",))
SEND = "main form[method=post] button[type=submit]"
START, PAUSE, HURTS = "[data-do=start]", "[data-do=pause]", "[data-do=hurts]"
#: Words of the tabs that reach into the next tab, which neither axe nor the width of the page shows.
CROWDED = """() => [...document.querySelectorAll(".main-nav.tabs li")].filter((tab) => {
  const range = document.createRange();
  range.selectNodeContents(tab.querySelector(".words") || tab);
  const words = range.getBoundingClientRect(), box = tab.getBoundingClientRect();
  return words.left < box.left - 1 || words.right > box.right + 1;
}).map((tab) => tab.textContent.trim())"""

#: State -> address -> what is pressed there, one thing after the other.
PAGES: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "stranger": {"/": ((),), "/safety/": ((),), "/offline/": ((),), "/accounts/login/": ((), (SEND,))},
    "new": {"/start/": ((), (SEND,)), "/today/": ((),), "/something-wrong/": ((),)},
    "empty": {
        "/today/": ((),),
        "/week/": ((),),
        "/progress/": ((),),
        "/why/": ((),),
        "/measures/": ((),),
        "/account/records/": ((),),
    },
    "full": {
        "/today/": ((),),
        "/week/": ((),),
        "/check-in/": ((),),
        "/check-in/{closed}/": ((),),
        "/check-in/{closed}/saved/": ((),),
        "/note/on/{closed}/": ((),),
    },
    "full, to read": {
        "/progress/": ((),),
        "/programme/": ((),),
        "/exercises/": ((),),
        "/self-care/": ((),),
        "/nothing-here/": ((),),
    },
    "full, her own": {
        "/settings/": ((),),
        "/account/": ((),),
        "/account/access/": ((),),
        "/my-data/": ((),),
        "/session/1/": ((), (START,), (START, PAUSE), (START, HURTS)),
    },
    "paused": {
        "/today/": ((),),
        "/paused/": ((),),
        "/paused/back/": ((), (SEND,)),
        "/week/": ((),),
        "/check-in/": ((),),
        "/session/1/": ((),),
        "/exercises/": ((),),
    },
    "error": {
        "/check-in/": (("form[data-check-in] button[type=submit]",),),
        "/note/": ((SEND,),),
        "/something-wrong/": ((SEND,),),
        "/measures/activities/": ((SEND,),),
        "/offline/check-in/": ((),),
        "/offline/kept/": ((),),
    },
}


@dataclass(frozen=True)
class Screen:
    widths: tuple[int, ...]
    theme: str
    locale: str


SCREENS = {
    "light, English": Screen((320, 1280), "light", "en-GB"),
    "dark, Chinese": Screen((390,), "dark", "zh-CN"),
}


def nobody() -> None:
    return None


def a_new_runner() -> User:
    return a_runner()


def an_empty_programme() -> User:
    return an_enrolment(a_runner()).runner


def a_full_programme() -> User:
    """A step up, a missing day, a bad session and a step back; runs ahead."""
    enrolment = an_enrolment(a_runner(), stage="S3_run1_walk4", days_ago=11)
    return live(enrolment, *[COMFORTABLE] * 5, None, QUIET, SORE, QUIET, QUIET, QUIET).runner


def a_pause() -> User:
    """By a warning sign of yesterday, which is closed."""
    return live(an_enrolment(a_runner(), stage="S5_run3_walk2", days_ago=1), SIGN).runner


WHO: dict[str, Callable[[], User | None]] = {
    "stranger": nobody,
    "new": a_new_runner,
    "empty": an_empty_programme,
    "full": a_full_programme,
    "full, to read": a_full_programme,
    "full, her own": a_full_programme,
    "paused": a_pause,
    "error": an_empty_programme,
}


@pytest.fixture(autouse=True)
def library():
    the_library()
    every_programme()


def let_in(page: Page, address: str, user: User) -> None:
    """With the cookie of a sign-in; the sign-in itself has its own journey."""
    cookie = signed_in(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


def press(page: Page, selectors: tuple[str, ...]) -> None:
    """The server is asked, not the page; what is not there, as Start in a session that goes on, is passed."""
    for selector in selectors:
        page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })")
        target = page.locator(selector).first
        if target.is_visible():
            target.click()
        page.wait_for_load_state()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")


def wrong_with(page: Page, widths: tuple[int, ...]) -> list[str]:
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        unfold(page)
        where = f"{urlsplit(page.url).path} at {width}"
        found += [] if fits(page) else [f"{where}: scrolls sideways"]
        found += [f"{where}: the tab {words} is too narrow" for words in page.evaluate(CROWDED)]
        found += [f"{where}: {violation}" for violation in axe_violations(page)]
    return found


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
@pytest.mark.parametrize("state", PAGES)
def test_every_page_in_this_state(new_page, live_server, record_property, state, screen):
    user = WHO[state]()
    page = new_page(color_scheme=screen.theme, locale=screen.locale, reduced_motion="reduce")
    if user:
        let_in(page, live_server.url, user)
    closed = getattr(Enrolment.objects.filter(runner=user).first(), "decided_through", None)
    found, looked_at = [], 0
    for address, ways in PAGES[state].items():
        for pressed in ways:
            page.goto(address.format(closed=closed))
            press(page, pressed)
            found += wrong_with(page, screen.widths)
            looked_at += len(screen.widths)
    record_property(f"pages looked at, {state}", looked_at)
    assert not found, "\n".join(found)
