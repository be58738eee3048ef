"""A few hundred of the hostile requests of `make hostile`, and that they would find what is wrong."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.models import User
from rehab.urls import urlpatterns as real_urlpatterns
from scripts.hostile import people, tables
from scripts.hostile.attacks import ACTS, Attacks, Knowledge
from scripts.hostile.campaign import attack
from scripts.hostile.crawl import Unreached, learn
from scripts.hostile.inside import Application
from scripts.hostile.places import Place, places
from scripts.hostile.report import Report
from scripts.hostile.site import Actor, Answer, Envelope, Request, Site
from tests.builders import QUIET, an_enrolment, live, the_library
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = pytest.mark.django_db
COUNT = 400


@pytest.fixture
def send() -> Application:
    return Application()


@pytest.fixture
def actors() -> list[Actor]:
    the_library()
    petra = a_clinician()
    rosa = live(an_enrolment(a_runner(), clinician=petra, days_ago=3), QUIET, QUIET).runner
    users = {
        "runner": rosa,
        "newcomer": a_runner("nadia@example.org", "Nadia New"),
        "physiotherapist": petra,
        "manager": a_manager(),
    }
    return people.actors(users)


@pytest.fixture
def envelope(settings) -> Envelope:
    return Envelope(Site.of(settings))


def sent_all(send):
    return lambda batch: [send(request) for request in batch]


def test_hostile_requests_give_no_error_and_change_nothing(send, actors, envelope):
    known = learn(send, envelope, actors, places())
    report = attack(sent_all(send), Attacks(envelope, actors, known, seed=1), count=COUNT, every=50)
    assert report.is_good, "\n".join(report.lines())
    assert sum(report.statuses.values()) == COUNT
    assert len(report.places) > 80


# --- they would find it -----------------------------------------------------------------
def planted_error(request: HttpRequest, number: str) -> HttpResponse:
    """What a careless page does with a number of the address."""
    User.objects.filter(pk=int(number)).exists()
    return HttpResponse()


def planted_act(request: HttpRequest) -> HttpResponse:
    """What a page does that checks nothing."""
    User.objects.filter(email="rosa@example.org").update(name=request.POST.get("name", "")[:150])
    return HttpResponse()


def planted_echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(request.GET.values()))


urlpatterns = [
    *real_urlpatterns,
    path("planted/<str:number>/", planted_error, name="planted_error"),
    path("planted-act/", planted_act, name="planted_act"),
    path("planted-echo/", planted_echo, name="planted_echo"),
]


@pytest.fixture
def planted(settings, actors, envelope):
    """Attack one planted page only."""
    settings.ROOT_URLCONF = __name__

    def attacked(send, name: str) -> Report:
        known = Knowledge([place for place in places() if place.name == name])
        known.paths = {name: {place.path({}) for place in known.places if not place.parameters}}
        return attack(sent_all(send), Attacks(envelope, actors, known, 1), count=400, every=100)

    return attacked


def test_an_error_is_found(send, planted):
    report = planted(send, "planted_error")
    assert not report.is_good
    assert any(line.startswith("500: GET '/planted/") for line in report.errors)


def test_a_change_is_found_with_the_requests_that_may_have_done_it(send, planted):
    report = planted(send, "planted_act")
    assert "accounts_user" in report.changes[0]
    assert "POST '/planted-act/'" in report.changes[0]


def test_a_script_that_is_shown_is_found(send, planted):
    assert any(line.startswith("shows a script") for line in planted(send, "planted_echo").errors)


def test_a_way_that_leads_elsewhere_is_found():
    report = Report()
    asked = Request("stranger", "home", "", "GET", "/")
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        report.answered(asked, Answer(302, headers={"Location": there}))
    report.answered(asked, Answer(302, headers={"Location": "/today/"}))
    assert len(report.errors) == 3


def test_an_attack_that_gets_in_nowhere_is_no_success(send, envelope):
    with pytest.raises(Unreached, match="caseload"):
        learn(send, envelope, [Actor("stranger")], places())


# --- what they reach --------------------------------------------------------------------
def test_every_address_can_be_filled():
    for place in places():
        assert place.path(dict.fromkeys(place.parameters, "1")).startswith("/")


def test_every_act_without_a_field_is_an_address_of_ours():
    names = {place.name for place in places()}
    assert not ACTS.keys() - names


def test_every_table_that_may_change_is_there():
    assert not tables.MAY_CHANGE.keys() - tables.fingerprint().keys()


def test_the_same_seed_sends_the_same_requests(envelope):
    def first(seed: int) -> list[tuple[str, bytes]]:
        known = Knowledge([Place("home", "", ())])
        requests = iter(Attacks(envelope, [Actor("stranger")], known, seed))
        return [(request.target, request.body) for request, _ in zip(requests, range(50), strict=False)]

    assert first(7) == first(7) != first(8)
