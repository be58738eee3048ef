""" "Something is wrong" is on every page; while she is paused, no page asks for a run or an exercise."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from programs.models import Enrolment
from programs.services.diary import report_red_flags
from tests.access.table import OURS
from tests.builders import an_enrolment, reloaded, the_library
from tests.support.people import a_runner, signed_in
from tests.support.standing import standing

pytestmark = pytest.mark.django_db
STAGE = "S3_run1_walk4"
#: Answers that are files or data and no pages.
NO_PAGES = {"healthz", "livez", "readyz", "metrics", "manifest", "service_worker", "phone"}
NO_PAGES |= {"letter", "my_report", "programme_sheet"}
#: They end the session of whoever opens them, or stand for what works without a connection.
WITHOUT_A_HEADER = {"my_data_deleted"}
#: What only a prescription brings along; each is on some page of a runner who may train.
DOSES = ('class="doses"', 'class="exercise-card"', 'class="run-walk', 'href="/session/', "sheet.pdf")


def pages() -> dict[str, str]:
    """Name -> address of everything that a runner may open without pointing at somebody's thing."""
    found = {}
    for address in OURS:
        if address.door in ("runner", "member", "public") and "GET" in address.methods:
            try:
                found[address.name] = reverse(address.name, args=address.args)
            except NoReverseMatch:
                continue
    return {name: url for name, url in found.items() if name not in NO_PAGES | WITHOUT_A_HEADER}


def opened(client: Client, url: str) -> HttpResponse:
    """The page, wherever it leads; confirmations of who it is included."""
    return client.get(url, follow=True)


@pytest.fixture(scope="class")
def rosa_of_all(django_db_setup, django_db_blocker) -> Iterator[Enrolment]:
    with standing(django_db_blocker):
        the_library()
        yield an_enrolment(a_runner(), stage=STAGE, days_ago=1)


@pytest.fixture
def rosa(rosa_of_all, db) -> Enrolment:
    return reloaded(rosa_of_all)


@pytest.fixture
def paused(rosa) -> Enrolment:
    now = timezone.now()
    report_red_flags(enrolment=rosa, by=rosa.runner, now=now, codes=("CE_SADDLE",))
    return reloaded(rosa)


def link(name: str = "something_wrong") -> str:
    return f'href="{reverse(name)}"'


# --- the link ----------------------------------------------------------------------------
class TestEveryPage:
    @pytest.mark.parametrize("name", sorted(pages()))
    def test_every_page_of_a_runner_leads_to_it(self, rosa, name):
        page = opened(signed_in(rosa.runner), pages()[name])
        assert page.status_code == 200 and link() in page.content.decode()


@pytest.mark.parametrize("name", ["intake", "something_wrong", "programme", "settings", "account"])
def test_also_of_one_who_has_no_programme_yet(name):
    the_library()
    page = opened(signed_in(a_runner()), reverse(name))
    assert link() in page.content.decode()


@pytest.mark.parametrize("name", ["home", "safety", "account_login", "account_signup"])
def test_who_is_not_signed_in_is_led_to_whom_to_call(client, name):
    assert link("safety") in opened(client, reverse(name)).content.decode()


def test_the_page_for_everybody_names_number_and_signs_and_takes_no_form(client):
    page = client.get(reverse("safety")).content.decode()
    assert "tel:999" in page and "numbness or changed feeling between the legs" in page
    assert client.post(reverse("safety")).status_code == 405


@pytest.mark.parametrize("url", ["/no-such-page/", "/caseload/"])
def test_a_page_that_is_not_there_or_not_hers_has_it_too(rosa, url):
    page = signed_in(rosa.runner).get(url)
    assert page.status_code in (403, 404) and link() in page.content.decode()


@pytest.mark.parametrize("url", ["/today/", "/settings/"])
def test_a_page_that_broke_has_it_too(rosa, monkeypatch, url):
    def fail(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr("programs.views.doors.own_enrolment", fail)
    client = signed_in(rosa.runner)
    client.raise_request_exception = False
    page = client.get(url)
    assert page.status_code == 500
    assert link() in page.content.decode() and link("safety") in page.content.decode()


# --- the lock -----------------------------------------------------------------------------
def test_the_marks_of_a_prescription_are_those_of_a_runner_who_may_train(rosa):
    """Or the next test would look for what is nowhere."""
    client = signed_in(rosa.runner)
    everything = "".join(opened(client, url).content.decode() for url in pages().values())
    assert [mark for mark in DOSES if mark not in everything] == []


class TestEveryPageWhilePaused:
    @pytest.mark.parametrize("name", sorted(pages()))
    def test_no_page_of_a_paused_runner_asks_for_a_run_or_an_exercise(self, paused, name):
        page = opened(signed_in(paused.runner), pages()[name])
        text = page.content.decode()
        assert [mark for mark in DOSES if mark in text] == []
        assert page.status_code == 200 and link() in text


@pytest.mark.parametrize("name", ["exercises", "programme"])
def test_where_it_would_stand_she_reads_what_to_do_instead(paused, name):
    text = signed_in(paused.runner).get(reverse(name)).content.decode()
    assert "Paused: do not do these now" in text and link("paused") in text and "tel:999" in text


def test_no_exercise_can_be_read_with_its_dose(paused):
    for key in ("cat_cow", "plank", "jogging"):
        text = signed_in(paused.runner).get(reverse("exercise", args=[key])).content.decode()
        assert "Paused: do not do these now" in text and "How much" not in text


def test_a_version_of_a_programme_is_shut_to_her_and_open_to_others(paused):
    url = reverse("programme_version", args=["lbp-acute-default", 1])
    assert DOSES[0] not in signed_in(paused.runner).get(url).content.decode()
    other = a_runner("ruth@example.org")
    assert DOSES[0] in signed_in(other).get(url).content.decode()
