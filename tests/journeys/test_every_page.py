"""Every page in every state: axe finds nothing, nothing sticks out; both themes, both languages.

A page is opened once and then looked at at each width of its screen. The other journeys look closer
at one page each; ``scripts/pictures.py --axe`` walks the whole product of widths, languages and themes.
"""

import datetime
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Clinic, User
from accounts.services import grant_consent
from programs.models import Enrolment, ProgrammeVersion, VersionStatus
from programs.services.clinical_notes import write_note
from programs.services.conversation import write_message
from programs.services.diary import EntryValues
from programs.services.drafts import begin_draft
from programs.services.editions import publish
from tests.builders import (
    COMFORTABLE,
    QUIET,
    a_published_version,
    an_enrolment,
    every_programme,
    live,
    the_library,
)
from tests.support.browser import axe_violations, fits
from tests.support.clinics import a_clinic
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WEEKS = datetime.timedelta(weeks=4)
SORE = EntryValues(morning=2, rest=3, session="done", during=7, after=4)
SIGN = EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",))
SEND = "main form[method=post] :is(button, input)[type=submit]"
WRITE = "main form:has(textarea) :is(button, input)[type=submit]"
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
        # Ends the programme, so the last.
        "/settings/leave/": ((), (SEND,)),
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
        "/messages/": ((WRITE,),),
    },
    "her runners": {
        "/caseload/": ((),),
        "/runners/{paused}/": ((),),
        "/runners/{going}/": ((),),
        "/runners/{going}/put-off/": ((SEND,),),
        "/runners/{going}/exercises/": ((),),
        "/runners/{going}/exercises/bird_dog/": ((SEND,),),
        "/runners/{going}/messages/": ((WRITE,),),
        "/runners/{going}/notes/": ((),),
        "/runners/{going}/sign-off/": ((SEND,),),
        "/runners/{going}/move/?version={newest}": ((SEND,),),
        "/runners/{paused}/discharge/": ((SEND,),),
    },
    "her clinic": {
        "/agreement/": ((),),
        "/clinic/workload/": ((),),
        "/account/clinics/{clinic}/settings/": ((),),
        "/programmes/": ((),),
        "/programmes/import/": ((),),
        "/own-exercises/new/": ((SEND,),),
        "/programmes/{own}/versions/": ((),),
        "/programmes/{own}/1/retire/": ((SEND,),),
        "/programmes/{own}/draft/walk/": ((),),
        "/programmes/{own}/draft/publish/": ((SEND,),),
    },
    "her draft": {
        "/programmes/{own}/draft/": ((),),
        "/programmes/{own}/draft/rules/": ((),),
        "/programmes/{own}/draft/stages/4/": ((),),
        "/programmes/{own}/draft/stages/4/sessions/1/": ((),),
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


def a_physiotherapist(min_days: int = 5) -> User:
    """Who leads a clinic and has a draft; one runner follows what it published, another is paused."""
    petra, now = a_clinician(), timezone.now()
    a_clinic(petra, leads=(petra,))
    document = {**a_published_version().document, "title": "Our own way back", "sign_off": True}
    first = begin_draft(by=petra, now=now - WEEKS, document=document)
    own = publish(draft=first, by=petra, now=now - WEEKS, note="The first", known_hash=first.content_hash)
    ann = a_runner()
    grant_consent(runner=ann, clinician=petra, now=now - WEEKS)
    going = an_enrolment(ann, version=own, days_ago=9)
    going = live(going, *[COMFORTABLE] * 8, None)
    given = {"enrolment": going, "by": ann, "now": now, "words": "May I swim?", "key": uuid4()}
    write_message(**given)
    write_note(**{**given, "by": petra, "words": "Squats well.", "key": uuid4()})
    paused = a_runner("severin@example.org", "Severin Sore")
    live(an_enrolment(paused, stage="S5_run3_walk2", days_ago=1, clinician=petra), SIGN)
    changed = deepcopy(own.document)
    changed["stages"][3]["criteria"]["min_days"]["value"] = min_days
    begin_draft(by=petra, now=now, document=changed, template=own.template)
    return petra


def a_physiotherapist_with_a_faulty_draft() -> User:
    return a_physiotherapist(min_days=1)


WHO: dict[str, Callable[[], User | None]] = {
    "stranger": nobody,
    "new": a_new_runner,
    "empty": an_empty_programme,
    "full": a_full_programme,
    "full, to read": a_full_programme,
    "full, her own": a_full_programme,
    "paused": a_pause,
    "error": an_empty_programme,
    "her runners": a_physiotherapist,
    "her clinic": a_physiotherapist,
    "her draft": a_physiotherapist_with_a_faulty_draft,
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


def places(user: User | None) -> dict:
    """What stands in braces in an address: her own last decided day, or the things of a physiotherapist."""
    if user is None or not user.is_clinician:
        return {"closed": getattr(Enrolment.objects.filter(runner=user).first(), "decided_through", None)}
    own = ProgrammeVersion.objects.get(status=VersionStatus.PUBLISHED, template__created_by=user)
    return {
        "own": own.template.key,
        "clinic": Clinic.objects.get().public_id,
        "going": own.enrolments.get().public_id,
        "paused": Enrolment.objects.get(paused_at__isnull=False).public_id,
        "newest": a_published_version().pk,
    }


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
@pytest.mark.parametrize("state", PAGES)
def test_every_page_in_this_state(new_page, live_server, record_property, state, screen):
    user = WHO[state]()
    page = new_page(color_scheme=screen.theme, locale=screen.locale, reduced_motion="reduce")
    if user:
        let_in(page, live_server.url, user)
    names, found, looked_at = places(user), [], 0
    for address, ways in PAGES[state].items():
        for pressed in ways:
            answer = page.goto(address.format(**names))
            assert answer.ok or address == "/nothing-here/", address
            press(page, pressed)
            found += wrong_with(page, screen.widths)
            looked_at += len(screen.widths)
    record_property(f"pages looked at, {state}", looked_at)
    assert not found, "\n".join(found)
