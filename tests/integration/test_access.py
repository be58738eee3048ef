"""Who gets in where: every address of the domain, for every kind of person.

The table names all of them; an address that is missing here fails the first test.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import grant_consent, revoke_consent
from programs.models import Enrolment, Override
from programs.services.diary import EntryValues
from programs.services.overrides import hold_until
from programs.urls import urlpatterns
from tests.builders import a_published_version, an_enrolment, live, the_library
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

RUNNER, CLINICIAN, ANY, PUBLIC = "runner", "clinician", "any", "public"


@dataclass(frozen=True)
class Address:
    """``role`` may come in; ``is_of_a_runner``: it leads to one runner's data by her id."""

    name: str
    role: str
    args: tuple = ()
    is_of_a_runner: bool = False
    method: str = "get"
    why_public: str = field(default="", compare=False)


DATE = "2026-01-05"
ADDRESSES = (
    Address("home", PUBLIC, why_public="the landing page; tells nothing about anybody"),
    Address("safety", PUBLIC, why_public="the safety notice is for everybody"),
    Address("demo_close_today", RUNNER, method="post"),
    Address("intake", RUNNER),
    Address("intake_result", RUNNER),
    Address("intake_step", RUNNER, ("suitable",)),
    Address("today", RUNNER),
    Address("paused", RUNNER),
    Address("why", RUNNER),
    Address("check_in", RUNNER),
    Address("check_in_for", RUNNER, (DATE,)),
    Address("check_in_saved", RUNNER, (DATE,)),
    Address("something_wrong", RUNNER),
    Address("settings", RUNNER),
    Address("my_data", ANY),
    Address("my_data_download", ANY),
    Address("my_data_delete", ANY),
    Address("my_data_deleted", PUBLIC, why_public="for whoever was just deleted; tells nothing about anybody"),
    Address("progress", RUNNER),
    Address("programme", RUNNER),
    Address("programmes", ANY),
    Address("programme_version", ANY, ("lbp-acute-default", 1)),
    Address("exercises", ANY),
    Address("exercise", ANY, ("cat_cow",)),
    Address("self_care", ANY),
    Address("caseload", CLINICIAN),
    Address("runner", CLINICIAN, is_of_a_runner=True),
    Address("override_hold", CLINICIAN, is_of_a_runner=True),
    Address("override_stage", CLINICIAN, is_of_a_runner=True),
    Address("override_clear", CLINICIAN, is_of_a_runner=True),
)
OBJECTS = [address for address in ADDRESSES if address.is_of_a_runner]
GUARDED = [address for address in ADDRESSES if address.role != PUBLIC]

CANARIES = ("Kestrel", "canary@example.org", "canary-reason", "CE_SADDLE", "Numbness")


@dataclass(frozen=True)
class Stage:
    """The people on stage; ``enrolment`` is that of the runner with canaries in her data."""

    enrolment: Enrolment
    people: dict[str, User | None]

    def browser(self, who: str) -> Client:
        return signed_in(self.people[who])

    def url(self, address: Address, enrolment: Enrolment | None = None) -> str:
        args = ((enrolment or self.enrolment).public_id,) if address.is_of_a_runner else address.args
        return reverse(address.name, args=args)


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """Set once for this module; what a test does itself is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_the_stage()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def demonstration(settings) -> None:
    """With its button, so that every address is there."""
    settings.DEMO = True


def set_the_stage() -> Stage:
    the_library()
    now = timezone.now()
    runner = a_runner("canary@example.org", "Carla Kestrel")
    hers, revoked, elsewhere = (
        a_clinician(f"{name}@example.org", f"{name} Physio") for name in ("hers", "revoked", "elsewhere")
    )
    enrolment = an_enrolment(runner, clinician=hers, days_ago=1)
    grant_consent(runner=runner, clinician=revoked, now=now)
    revoke_consent(runner=runner, clinician=revoked, now=now)
    flagged = EntryValues(morning=3, rest=4, red_flags=("CE_SADDLE",))
    enrolment = live(enrolment, flagged)
    hold_until(enrolment=enrolment, by=hers, now=now, until=now.date(), reason="canary-reason")
    other = a_runner("other@example.org", "Olga Other")
    an_enrolment(other, clinician=elsewhere)
    people = {
        "the runner": runner,
        "another runner": other,
        "her physiotherapist": hers,
        "one whose consent ended": revoked,
        "one of somebody else": elsewhere,
        "a site manager": a_manager(),
        "a stranger": None,
    }
    return Stage(enrolment, people)


def ask(browser: Client, address: Address, url: str):
    return getattr(browser, address.method)(url)


def says_nothing(answer) -> None:
    body = answer.content.decode()
    assert not [canary for canary in CANARIES if canary in body]


def test_the_table_names_every_address():
    assert sorted(address.name for address in ADDRESSES) == sorted(p.name for p in urlpatterns)


def test_what_is_public_says_why_and_everything_else_is_guarded():
    roles = {pattern.name: getattr(pattern.callback, "required_role", None) for pattern in urlpatterns}
    for address in ADDRESSES:
        assert roles[address.name] == (None if address.role == PUBLIC else address.role), address.name
        assert bool(address.why_public) == (address.role == PUBLIC)


def test_everything_that_takes_a_runners_id_is_listed_as_such():
    with_id = {pattern.name for pattern in urlpatterns if "public_id" in str(pattern.pattern)}
    assert {address.name for address in OBJECTS} == with_id


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.method == "get"], ids=lambda a: a.name)
def test_every_address_of_the_table_is_a_page_that_is_there(stage, address):
    """Or the walk would pass by "not found" and prove nothing."""
    a_published_version()
    who = "her physiotherapist" if address.role == CLINICIAN else "the runner"
    assert ask(stage.browser(who), address, stage.url(address)).status_code in (200, 302)


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_a_stranger_is_led_to_the_sign_in(stage, address):
    answer = ask(stage.browser("a stranger"), address, stage.url(address))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=")
    says_nothing(answer)


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_another_role_is_refused(stage, address):
    others = {
        RUNNER: ("her physiotherapist", "a site manager"),
        CLINICIAN: ("the runner", "another runner", "a site manager"),
        ANY: (),
    }
    for who in others[address.role]:
        answer = ask(stage.browser(who), address, stage.url(address))
        assert answer.status_code == 403, who
        if who != "the runner":
            says_nothing(answer)


ACT = {"reason": "x" * 10, "until": "2030-01-01", "stage": "S8_run20_30", "review_on": "2030-01-01"}


@pytest.mark.parametrize("address", OBJECTS, ids=lambda address: address.name)
@pytest.mark.parametrize("who", ["one whose consent ended", "one of somebody else"])
def test_a_runner_who_is_not_yours_does_not_exist(stage, who, address):
    browser, url = stage.browser(who), stage.url(address)
    answers = [browser.get(url), browser.head(url)]
    if address.name != "runner":  # that page only reads
        answers.append(browser.post(url, ACT))
    for answer in answers:
        assert answer.status_code == 404
        says_nothing(answer)
    assert Override.objects.count() == 1


@pytest.mark.parametrize("address", OBJECTS, ids=lambda address: address.name)
def test_not_yours_and_not_there_look_the_same(stage, address):
    browser = stage.browser("one of somebody else")
    not_hers = browser.get(stage.url(address))
    missing = browser.get(reverse(address.name, args=(uuid.uuid4(),)))
    assert without_token(not_hers) == without_token(missing)


def without_token(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.mark.parametrize("address", OBJECTS, ids=lambda address: address.name)
def test_her_physiotherapist_gets_in(stage, address):
    answer = stage.browser("her physiotherapist").get(stage.url(address))
    assert answer.status_code == 200
    assert "Kestrel" in answer.content.decode()


def test_looking_only_looks(stage):
    """A mail scanner, or a prefetching browser, must not act."""
    before = Override.objects.count()
    for address in OBJECTS:
        stage.browser("her physiotherapist").get(
            stage.url(address), {"reason": "x" * 9, "until": "2030-01-01"}
        )
    assert Override.objects.count() == before


def test_a_forged_post_without_a_token_does_not_act(stage):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(stage.people["her physiotherapist"])
    hold = next(address for address in OBJECTS if address.name == "override_hold")
    answer = browser.post(stage.url(hold), {"until": "2030-01-01", "reason": "forged"})
    assert answer.status_code == 403
    assert Override.objects.count() == 1


@pytest.mark.parametrize("address", [a for a in GUARDED if a.role == ANY], ids=lambda address: address.name)
@pytest.mark.parametrize("who", ["the runner", "her physiotherapist", "a site manager"])
def test_what_is_for_every_member_opens_and_tells_of_nobody(stage, who, address):
    a_published_version()
    answer = stage.browser(who).get(stage.url(address))
    assert answer.status_code == 200
    assert "Kestrel" not in answer.content.decode() or who == "the runner"


@pytest.mark.parametrize(
    "address", [a for a in ADDRESSES if a.role != CLINICIAN], ids=lambda address: address.name
)
def test_no_page_of_another_runner_tells_of_her(stage, address):
    says_no_name(ask(stage.browser("another runner"), address, stage.url(address)))


def says_no_name(answer) -> None:
    """Questions about warning signs stand on pages of their own right; her name and words do not."""
    body = answer.content.decode()
    assert not [canary for canary in CANARIES[:3] if canary in body]


@pytest.mark.parametrize("who", ["one whose consent ended", "one of somebody else"])
def test_no_caseload_but_that_of_her_physiotherapist_names_her(stage, who):
    says_no_name(stage.browser(who).get(reverse("caseload")))
    assert "Kestrel" in stage.browser("her physiotherapist").get(reverse("caseload")).content.decode()


def test_personal_pages_are_not_kept_by_a_browser(stage):
    for address in OBJECTS:
        answer = stage.browser("her physiotherapist").get(stage.url(address))
        assert "no-store" in answer.headers["Cache-Control"]
