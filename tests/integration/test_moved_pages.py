"""Every page after a move: days of the programme that was left are told by its own words."""

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.models import Enrolment
from programs.services.moves import move_version
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, the_library
from tests.integration.test_moves import other_version, second_edition
from tests.integration.test_page_queries import PAGES, counts
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
OF_A_RUNNER = ("runner", "runner_sheet", "runner_letter", "runner_csv", "override_hold", "override_stage")
MORE = ("override_clear", "override_sign_off", "override_move", "discharge", "caseload")
OLD, NEW = "Gentle walking", "N Brisk walking and core strength"


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def moved(petra) -> Enrolment:
    """She advanced once, then was moved to a programme whose stages have other keys; two days ago."""
    the_library()
    enrolment = an_enrolment(a_runner(), clinician=petra, days_ago=9)
    enrolment = live(enrolment, *[COMFORTABLE] * 5, QUIET)
    assert enrolment.stage == "S2_core"
    move_version(
        enrolment=enrolment,
        by=petra,
        now=enrolment.closes_at,
        version=other_version(),
        stage="N_S2_core",
        reason_code="programme",
        reason="Another ladder.",
    )
    enrolment = live(enrolment, COMFORTABLE, COMFORTABLE)
    an_entry(enrolment, now=timezone.now(), morning=1, rest=2)
    return enrolment


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_every_page_of_hers_is_there(moved):
    browser = signed_in(moved.runner)
    for name in (*PAGES, "programme_sheet", "letter", "note", "my_data", "leave_programme"):
        assert browser.get(reverse(name)).status_code in (200, 302), name
    for entry in moved.entries.all():
        for name in ("check_in_for", "check_in_saved"):
            answer = browser.get(reverse(name, args=[entry.date.isoformat()]))
            assert answer.status_code in (200, 302), (name, entry.date)


def test_her_pages_keep_to_eight_queries(moved):
    """What is published never changes, so the edition that she left is in memory."""
    assert {name: count for name, count in counts(signed_in(moved.runner)).items() if count > 8} == {}


def test_every_page_of_her_physiotherapist_is_there(petra, moved):
    browser = signed_in(petra)
    assert browser.get(reverse("caseload")).status_code == 200
    for name in (*OF_A_RUNNER, *MORE[:-1]):
        answer = browser.get(reverse(name, args=[moved.public_id]))
        assert answer.status_code in (200, 302), name


def test_progress_names_the_stages_of_both_programmes(moved):
    page = text_of(signed_in(moved.runner).get(reverse("progress") + "?show=every-day&range=all"))
    assert OLD in page and NEW in page
    assert "From “Brisk walking and core strength” to “N Brisk walking and core strength”" in page
    assert "From “Gentle walking” to “Brisk walking and core strength”" in page
    for key in ("S1_walking", "S2_core", "N_S2_core"):
        assert key not in page, "titles, not keys"


def test_her_page_names_the_stages_of_both_programmes(petra, moved):
    page = text_of(signed_in(petra).get(reverse("runner", args=[moved.public_id]) + "?diary=whole"))
    assert OLD in page and NEW in page
    assert "S1_walking" not in page and "N_S2_core" not in page
    assert "The other way" in page


def test_each_decision_names_the_programme_that_decided_it(moved):
    page = text_of(signed_in(moved.runner).get(reverse("progress") + "?show=every-day&range=all"))
    assert "The other way, edition 1" in page
    assert page.count("The other way, edition 1") < page.count(", edition 1")


def test_a_move_to_a_version_with_the_same_keys_shows(petra):
    the_library()
    enrolment = live(an_enrolment(a_runner(), clinician=petra, days_ago=4), QUIET, QUIET)
    document = second_edition().document
    stages = [{**stage, "title": f"New {stage['title']}"} for stage in document["stages"]]
    move_version(
        enrolment=enrolment,
        by=petra,
        now=enrolment.closes_at,
        version=second_edition(stages=stages),
        stage="S1_walking",
        reason_code="programme",
        reason="The newer edition.",
    )
    enrolment = live(enrolment, QUIET)
    page = text_of(signed_in(enrolment.runner).get(reverse("progress") + "?show=every-day&range=all"))
    assert "“Gentle walking”" in page or "Gentle walking" in page.replace("New Gentle walking", "")
    assert "New Gentle walking" in page
