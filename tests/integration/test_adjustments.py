"""Exercises changed for one runner: the service, its refusals, and every page that shows them."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AccessRecord, Act
from programs.access import own_enrolment
from programs.adjusting.in_force import adjustments_of
from programs.models import Adjustment, Decision, Enrolment, EnrolmentStatus, PainPattern
from programs.services.adjustments import Wanted, adjust
from programs.services.errors import NotLetIn, Refused
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import COMFORTABLE, an_enrolment, live, reloaded, the_library
from tests.support.exercises import an_own_exercise
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
WHY = {"reason_code": "assessment", "reason": "Weak left side"}
MOST_QUERIES = 20


@pytest.fixture
def petra():
    return a_clinician("petra@example.org", "Petra Physio")


@pytest.fixture
def enrolment(petra) -> Enrolment:
    the_library()
    return an_enrolment(stage="S2_core", clinician=petra, days_ago=1)


@pytest.fixture
def running(petra) -> Enrolment:
    the_library()
    return an_enrolment(stage="S3_run1_walk4", clinician=petra, days_ago=1)


def change(enrolment: Enrolment, by, exercise: str, kind: str, level: str = "", instead: str = "", **more):
    wanted = Wanted(exercise, kind, level, instead, more.pop("accepts_warning", False))
    return adjust(enrolment=enrolment, by=by, now=timezone.now(), wanted=wanted, **{**WHY, **more})


def in_force(enrolment: Enrolment) -> dict[str, str]:
    return {key: one.kind for key, one in adjustments_of(reloaded(enrolment)).by_key.items()}


def refusal(*args, **kwargs) -> Refused:
    before = Adjustment.objects.count(), AccessRecord.objects.count()
    with pytest.raises(Refused) as caught:
        change(*args, **kwargs)
    assert (Adjustment.objects.count(), AccessRecord.objects.count()) == before
    return caught.value


# --- the act ------------------------------------------------------------------------
def test_a_change_is_a_row_with_its_reason_and_a_line_of_the_audit_and_none_of_the_ledger(enrolment, petra):
    decisions = Decision.objects.count()
    review = timezone.now().date() + datetime.timedelta(days=14)
    change(enrolment, petra, "bird_dog", "dose", "A", review_on=review)
    row = Adjustment.objects.get()
    assert (row.kind, row.level, row.reason, row.reason_code, row.made_by, row.review_on) == (
        "dose",
        "A",
        "Weak left side",
        "assessment",
        petra,
        review,
    )
    record = AccessRecord.objects.get(act=Act.OVERRIDE)
    assert (record.runner, record.actor, record.detail) == (enrolment.runner, petra, "another dose")
    # The days that were due are closed first, as before every act; the change itself is no decision.
    assert Decision.objects.filter(override__isnull=False).count() == 0
    assert Decision.objects.count() - decisions <= 1


def test_the_newest_change_counts_and_restoring_ends_it(enrolment, petra):
    change(enrolment, petra, "bird_dog", "dose", "A")
    change(enrolment, petra, "bird_dog", "leave_out")
    assert in_force(enrolment) == {"bird_dog": "leave_out"}
    change(enrolment, petra, "bird_dog", "restore")
    assert in_force(enrolment) == {}
    assert Adjustment.objects.count() == 3


def test_the_column_of_the_door_says_the_same_as_the_table(enrolment, petra, django_assert_num_queries):
    review = timezone.now().date()
    change(enrolment, petra, "bird_dog", "dose", "A", review_on=review)
    change(enrolment, petra, "plank", "leave_out")
    at_the_door = own_enrolment(enrolment.runner)
    with django_assert_num_queries(0):
        found = adjustments_of(at_the_door)
    assert found == adjustments_of(reloaded(enrolment))
    assert found.by_key["bird_dog"].review_on == review
    assert found.by_key["bird_dog"].by == "Petra Physio"


def test_a_swap_for_what_is_off_needs_her_tick_and_takes_it_back_with_itself(running, petra):
    said = refusal(running, petra, "plank", "swap", "A", "deadlift")
    assert said.field == "accepts_warning"
    change(running, petra, "plank", "swap", "A", "deadlift", accepts_warning=True)
    assert in_force(running) == {"plank": "swap", "deadlift": "enable"}
    change(running, petra, "plank", "dose", "A")
    assert in_force(running) == {"plank": "dose"}


def test_what_was_turned_on_by_itself_outlives_a_swap(running, petra):
    change(running, petra, "deadlift", "enable", "A")
    change(running, petra, "plank", "swap", "A", "deadlift", accepts_warning=True)
    change(running, petra, "plank", "restore")
    assert in_force(running) == {"deadlift": "enable"}


def test_an_exercise_of_her_own_may_stand_in_and_somebody_elses_may_not(enrolment, petra):
    now = timezone.now()
    own = an_own_exercise(petra, now=now)
    others = an_own_exercise(a_clinician("olga@example.org", "Olga"), now=now)
    assert refusal(enrolment, petra, "plank", "swap", "A", others.key).field == "instead"
    assert refusal(enrolment, petra, others.key, "enable", "A").field is None
    change(enrolment, petra, "plank", "swap", "B", own.key)
    change(enrolment, petra, "bridge", "leave_out")
    assert in_force(enrolment) == {"plank": "swap", "bridge": "leave_out"}


REFUSED = {
    "an exercise of no step": (("triangle", "dose", "A"), "kind"),
    "a level that it has not": (("bird_dog", "dose", "D"), "level"),
    "no level": (("bird_dog", "dose", ""), "level"),
    "a swap for itself": (("bird_dog", "swap", "A", "bird_dog"), "instead"),
    "a swap for nothing": (("bird_dog", "swap", "A", ""), "instead"),
    "a swap for what the session has": (("bird_dog", "swap", "A", "bridge"), "instead"),
    "an exercise for a later step": (("bird_dog", "swap", "A", "deadlift"), "instead"),
    "a run in its place": (("bird_dog", "swap", "A", "jogging"), "instead"),
    "a run turned on": (("jogging", "enable", "A"), "kind"),
    "what is on already": (("bird_dog", "enable", "A"), "kind"),
    "all that a counting session has": (("walking", "leave_out"), "kind"),
    "taking back what is not there": (("bird_dog", "restore"), "kind"),
    "another kind": (("bird_dog", "run_faster"), "kind"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_writes_nothing(enrolment, petra, asked, field):
    assert refusal(enrolment, petra, *asked).field == field


def test_the_same_twice_is_refused_and_so_are_a_bad_reason_and_a_bad_date(enrolment, petra):
    change(enrolment, petra, "bird_dog", "dose", "A")
    assert "already" in refusal(enrolment, petra, "bird_dog", "dose", "A").message
    assert refusal(enrolment, petra, "plank", "leave_out", reason=" x ").field == "reason"
    assert refusal(enrolment, petra, "plank", "leave_out", reason_code="because").field == "reason_code"
    yesterday = timezone.now().date() - datetime.timedelta(days=2)
    assert refusal(enrolment, petra, "plank", "leave_out", review_on=yesterday).field == "review_on"


def test_only_with_consent_and_while_the_programme_runs(enrolment, petra):
    assert isinstance(refusal(enrolment, a_clinician("olga@example.org"), "plank", "leave_out"), NotLetIn)
    assert isinstance(refusal(enrolment, enrolment.runner, "plank", "leave_out"), NotLetIn)
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.COMPLETED)
    refusal(enrolment, petra, "plank", "leave_out")


def test_what_a_direction_forbids_is_turned_on_by_her_tick_alone(petra):
    the_library()
    enrolment = an_enrolment(clinician=petra, pattern=PainPattern.FLEXION_INTOLERANT)
    assert refusal(enrolment, petra, "child_pose", "enable", "A").field == "accepts_warning"
    change(enrolment, petra, "child_pose", "enable", "A", accepts_warning=True)
    page = signed_in(enrolment.runner).get(reverse("today")).content.decode()
    assert "Turned on for you by Petra Physio: Weak left side" in page


# --- the runner's pages -------------------------------------------------------------
def test_a_change_is_on_every_page_of_the_runner_that_shows_exercises(enrolment, petra):
    change(enrolment, petra, "bird_dog", "dose", "B")
    change(enrolment, petra, "plank", "leave_out")
    browser = signed_in(enrolment.runner)
    said, gone = "Changed for you by Petra Physio: Weak left side", "Plank: Weak left side (Petra Physio)"
    for address in (reverse("today"), reverse("programme")):
        page = browser.get(address).content.decode()
        assert said in page
        assert gone in page
    player = browser.get(reverse("player", args=[2])).content.decode()
    assert said in player
    assert 'data-picture="plank"' not in player
    paper = browser.get(reverse("programme_sheet")).content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "Weak left side" in " ".join(text.split())
    assert said in browser.get(reverse("exercise", args=["bird_dog"])).content.decode()
    assert (
        "Left out for you by Petra Physio"
        in browser.get(reverse("exercise", args=["plank"])).content.decode()
    )


def test_an_exercise_that_was_turned_on_is_not_called_off_on_its_page(running, petra):
    browser = signed_in(running.runner)
    address = reverse("exercise", args=["deadlift"])
    assert "Off by default" in browser.get(address).content.decode()
    change(running, petra, "deadlift", "enable", "A")
    page = browser.get(address).content.decode()
    assert "Off by default" not in page
    assert "Turned on for you by Petra Physio" in page


def test_changes_cost_no_page_of_the_runner_a_query(enrolment, petra, django_assert_max_num_queries):
    browser = signed_in(enrolment.runner)
    for exercise in ("bird_dog", "plank", "bridge"):
        change(enrolment, petra, exercise, "dose", "A")
    addresses = [reverse(name) for name in ("today", "programme", "exercises", "week")]
    addresses += [reverse("player", args=[2]), reverse("exercise", args=["bird_dog"])]
    for address in addresses:
        browser.get(address)
        with django_assert_max_num_queries(8):
            assert browser.get(address).status_code == 200


# --- the physiotherapist's pages ----------------------------------------------------
def test_the_list_shows_before_and_after_the_limit_and_the_review(enrolment, petra):
    today = timezone.now().date()
    change(enrolment, petra, "calf_stretch", "dose", "B", review_on=today)
    page = signed_in(petra).get(reverse("adjustments", args=[enrolment.public_id])).content.decode()
    assert "You asked for level B; this stage allows A at most." in page
    assert "Was to be looked at again" in page
    assert "(the next stage)" in page
    assert AccessRecord.objects.filter(detail="the exercises of your programme").count() == 1


def test_the_number_of_queries_does_not_grow_with_the_changes(
    enrolment, petra, django_assert_max_num_queries
):
    browser, address = signed_in(petra), reverse("adjustments", args=[enrolment.public_id])
    browser.get(address)
    for exercise in ("bird_dog", "plank", "bridge", "side_plank"):
        change(enrolment, petra, exercise, "dose", "A")
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get(address)
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get(reverse("adjust", args=[enrolment.public_id, "plank"]))


def test_the_form_changes_and_comes_back_filled_in_where_it_is_refused(running, petra):
    browser, address = signed_in(petra), reverse("adjust", args=[running.public_id, "plank"])
    sent = {"kind": "swap", "level": "A", "instead": "deadlift", **WHY}
    refused = browser.post(address, sent)
    assert refused.status_code == 200
    assert "turn it on yourself" in refused.content.decode()
    assert "Weak left side" in refused.content.decode()
    assert not Adjustment.objects.exists()
    done = browser.post(address, sent | {"accepts_warning": "on"})
    assert done.status_code == 302
    assert in_force(running) == {"plank": "swap", "deadlift": "enable"}


@pytest.mark.parametrize("key", ["jogging", "no_such_exercise"])
def test_no_form_for_a_run_or_for_nothing(enrolment, petra, key):
    assert signed_in(petra).get(reverse("adjust", args=[enrolment.public_id, key])).status_code == 404


def test_the_ledger_stays_sound(enrolment, petra):
    live(enrolment, COMFORTABLE)
    change(enrolment, petra, "bird_dog", "dose", "A")
    report = LedgerReport()
    assert list(verify_ledger(report)) == []
    assert report.checked == Decision.objects.filter(enrolment=enrolment).count() == 1
