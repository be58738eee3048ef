"""The pages on which a physiotherapist chooses where to move a runner, compares, and moves."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Enrolment, Override, ProgrammeVersion
from tests.builders import QUIET, an_enrolment, every_programme, live, reloaded, the_library
from tests.integration.test_moves import other_version, second_edition
from tests.integration.test_overrides import paused
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
WHY = {"reason_code": "programme", "reason": "A gentler ladder fits better."}


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def walker(petra) -> Enrolment:
    the_library()
    return live(an_enrolment(a_runner(), clinician=petra, days_ago=2), QUIET, QUIET)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def address(enrolment: Enrolment, version: ProgrammeVersion | None = None) -> str:
    query = f"?version={version.pk}" if version else ""
    return reverse("override_move", args=[enrolment.public_id]) + query


def review() -> str:
    return (timezone.now() + datetime.timedelta(days=7)).date().isoformat()


def test_she_chooses_among_what_is_published_for_her_runners(petra, walker):
    other, newer, foreign = other_version(), second_edition(), other_version("foreign")
    foreign.template.created_by = a_clinician("else@example.org")
    foreign.template.save()
    page = text_of(signed_in(petra).get(address(walker)))
    assert f"?version={other.pk}" in page and f"?version={newer.pk}" in page
    assert f"?version={foreign.pk}" not in page
    assert f"?version={walker.version_id}" not in page
    assert page.index(f"?version={newer.pk}") < page.index(f"?version={other.pk}"), "her own programme first"


@pytest.mark.parametrize("chosen", ["999999", "x", "-1", "0", "²"])
def test_a_version_that_is_not_there_leads_back_to_the_choice(petra, walker, chosen):
    answer = signed_in(petra).get(reverse("override_move", args=[walker.public_id]), {"version": chosen})
    assert answer.status_code == 200
    assert "Choose another." in text_of(answer)


def test_she_sees_what_is_different_and_proposes_no_stage_by_itself(petra, walker):
    page = text_of(signed_in(petra).get(address(walker, second_edition())))
    assert "Gentle walking <strong>(present stage)</strong>" in page
    assert "has the same key as the present stage" in page
    assert "Every difference" in page
    assert 'value="S1_walking" selected' not in page
    assert 'value="S0_relative_rest"' not in page


def test_she_moves_the_runner(petra, walker):
    version, browser = other_version(), signed_in(petra)
    sent = {"version": version.pk, "stage": "N_S2_core", "review_on": review(), **WHY}
    refused = browser.post(address(walker), {**sent, "reason": ""})
    assert refused.status_code == 200 and "The other way" in text_of(refused)
    answer = browser.post(address(walker), sent, follow=True)
    assert "The runner is moved." in text_of(answer)
    assert reloaded(walker).version == version
    assert Override.objects.get().review_on.isoformat() == review()


def test_what_was_retired_meanwhile_is_said(petra, walker):
    version = other_version()
    ProgrammeVersion.objects.filter(pk=version.pk).update(status="retired")
    sent = {"version": version.pk, "stage": "N_S2_core", "review_on": review(), **WHY}
    assert "Choose another." in text_of(signed_in(petra).post(address(walker), sent))
    assert not Override.objects.exists()


def test_it_says_that_a_pause_stays(petra, walker):
    page = text_of(signed_in(petra).get(address(paused(walker), other_version())))
    assert "A move does not end a pause." in page


def test_the_pages_keep_to_their_queries_however_many_programmes_there_are(petra, walker):
    version, browser = second_edition(), signed_in(petra)
    found = []
    for _round in range(2):
        for query in (None, version):
            browser.get(address(walker, query))
            with CaptureQueriesContext(connection) as counted:
                assert browser.get(address(walker, query)).status_code == 200
            found.append(len(counted))
        every_programme()
    assert found[:2] == found[2:]
