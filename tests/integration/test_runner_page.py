"""A runner as her physiotherapist sees her: what can be done, the plan, and what a hold held back."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Enrolment, EnrolmentStatus, Snooze
from programs.selectors.act import act_page
from programs.selectors.runner import runner_page
from programs.selectors.today import today_page
from programs.services.clinical_notes import write_note
from programs.services.conversation import write_message
from programs.services.diary import EntryValues
from programs.services.overrides import hold_until, set_stage
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, reloaded, the_library
from tests.integration.test_page_queries import lived
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MOST_QUERIES = 22
FLAGGED = EntryValues(morning=2, rest=3, red_flags=("FEVER_UNWELL",))


@pytest.fixture
def petra():
    return a_clinician()


def hers(petra, *days, **fields) -> Enrolment:
    return live(an_enrolment(a_runner(), clinician=petra, days_ago=len(days), **fields), *days)


def shown(petra, enrolment: Enrolment) -> str:
    html = signed_in(petra).get(f"/runners/{enrolment.public_id}/").content.decode()
    return html[html.index("<main") : html.index("</main>")]


def page_of(petra, enrolment: Enrolment, now=None):
    return runner_page(enrolment=reloaded(enrolment), by=petra, now=now or timezone.now())


def links(html: str, enrolment: Enrolment) -> set[str]:
    return set(re.findall(rf'href="/runners/{enrolment.public_id}/([a-z./-]+)"', html))


# --- what can be done ---------------------------------------------------------------------
ALWAYS = {"report.pdf", "diary.csv", "messages/", "notes/"}
WHILE_IT_RUNS = {"hold/", "set-stage/", "exercises/", "move/", "discharge/"}


def test_of_a_runner_on_course_everything_but_what_needs_a_pause(petra):
    enrolment = hers(petra, QUIET)
    assert links(shown(petra, enrolment), enrolment) == ALWAYS | WHILE_IT_RUNS | {"sheet.pdf"}


def test_of_a_paused_runner_the_way_out_and_the_letter(petra):
    enrolment = hers(petra, QUIET, FLAGGED)
    html = shown(petra, enrolment)
    assert links(html, enrolment) >= {"clear/", "letter/"} | WHILE_IT_RUNS
    assert "sheet.pdf" not in html and "put-off/" not in html
    assert "Who has seen this red flag" in html


def test_of_a_silent_runner_that_she_can_be_put_off_and_why_she_was(petra):
    enrolment = hers(petra, QUIET, None, None, None, None)
    assert "put-off/" in links(shown(petra, enrolment), enrolment)
    today = timezone.now().date()
    Snooze.objects.create(
        enrolment=enrolment,
        need="silent",
        until=today + 2 * DAY,
        note="On holiday",
        made_at=timezone.now(),
        made_by=petra,
    )
    assert "On holiday" in shown(petra, enrolment)
    # A more pressing need ends it.
    live(enrolment, FLAGGED)
    assert "On holiday" not in shown(petra, enrolment)


def test_of_an_ended_programme_no_act(petra):
    enrolment = hers(petra, QUIET)
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.COMPLETED)
    html = shown(petra, enrolment)
    assert "This programme has ended" in html
    assert links(html, enrolment) == ALWAYS


def test_a_runner_whose_rows_cannot_be_read_is_still_shown(petra):
    enrolment = hers(petra, QUIET)
    Enrolment.objects.filter(pk=enrolment.pk).update(failures=3, last_error="KeyError", stage="S9_gone")
    html = shown(petra, enrolment)
    assert "so there is nothing to show" in html and "Set stage" in html


# --- acts and their reasons ---------------------------------------------------------------
def test_an_act_stands_with_the_kind_of_its_reason_and_its_review(petra):
    enrolment = hers(petra, QUIET)
    now = timezone.now()
    set_stage(
        enrolment=enrolment,
        by=petra,
        now=now,
        stage="S2_core",
        reason="Moves freely.",
        reason_code="assessment",
        review_on=now.date(),
    )
    (act,) = page_of(petra, enrolment).acts
    assert (act.kind_of_reason, act.review_is_due) == ("I examined the runner", True)
    html = shown(petra, enrolment)
    assert "Due for review since" in html
    # In the list of acts, and in the ledger.
    assert html.count("I examined the runner") == 2
    phone = signed_in(enrolment.runner).get("/progress/").content.decode()
    assert "Moves freely." in phone and "I examined the runner" not in phone


def test_the_box_of_tonight_speaks_to_the_physiotherapist_of_what_a_person_did(petra):
    enrolment = hers(petra, QUIET)
    now = timezone.now()
    set_stage(enrolment=enrolment, by=petra, now=now, stage="S2_core", reason="Moves freely.")
    words = page_of(petra, reloaded(enrolment), now).shadow.reason
    assert "decided this day" in words and "moved you" not in words
    hold_until(
        enrolment=reloaded(enrolment), by=petra, now=now, until=now.date() + 2 * DAY, reason="Settle first"
    )
    page = signed_in(enrolment.runner).get("/today/").content.decode()
    before_plan = page[: page.index("check-in-title")]
    for told in ("You were put on the step", "Moves freely.", "You were asked to stay", "Settle first"):
        assert told in before_plan
    later = today_page(enrolment=reloaded(enrolment), now=now + 3 * DAY)
    assert later.acts == ()


# --- the shadow of a hold -----------------------------------------------------------------
def test_during_a_hold_each_held_day_says_what_would_have_been(petra):
    enrolment = hers(petra, COMFORTABLE, COMFORTABLE, COMFORTABLE)
    now = enrolment.closes_at - datetime.timedelta(hours=8)
    until = timezone.now().date() + 9 * DAY
    hold_until(enrolment=enrolment, by=petra, now=now, until=until, reason="Settle first")
    assert page_of(petra, enrolment, now).held == ()
    held = live(enrolment, COMFORTABLE, QUIET)
    days = page_of(petra, held).held
    assert [(day.rule, bool(day.moves_to)) for day in days] == [("D9A_ADVANCE", True)] * 2
    assert days[0].date > days[1].date and reloaded(held).stage == enrolment.stage
    assert "Without the hold" in shown(petra, held)


def test_a_day_that_no_hold_held_back_is_not_among_them(petra):
    enrolment = hers(petra, COMFORTABLE, stage="S3_run1_walk4")
    now = enrolment.closes_at - datetime.timedelta(hours=8)
    until = timezone.now().date() + 9 * DAY
    hold_until(enrolment=enrolment, by=petra, now=now, until=until, reason="Settle first")
    hurt = EntryValues(morning=1, rest=2, session="done", during=8, after=3)
    held = live(enrolment, hurt, QUIET)
    assert held.stage != "S3_run1_walk4"
    assert [day.rule for day in page_of(petra, held).held] == ["D8B_COOLDOWN"]


def test_the_page_of_an_act_says_what_the_engine_would_do_without_the_hold(petra):
    enrolment = hers(petra, COMFORTABLE, COMFORTABLE, COMFORTABLE)
    now = enrolment.closes_at - datetime.timedelta(hours=8)
    an_entry(enrolment, now=now, morning=1, rest=1, session="none")
    until = timezone.now().date() + 9 * DAY
    hold_until(enrolment=enrolment, by=petra, now=now, until=until, reason="Settle first")
    shadow = act_page(enrolment=reloaded(enrolment), now=now).shadow
    assert (shadow.rule, bool(shadow.moves_to)) == ("D9A_ADVANCE", True)
    assert page_of(petra, enrolment, now).shadow.rule == "D7A_PHYSIO_HOLD"


def test_a_hold_that_is_over_shows_nothing_any_more(petra):
    enrolment = hers(petra, QUIET)
    now = timezone.now()
    hold_until(enrolment=enrolment, by=petra, now=now, until=now.date(), reason="Settle first")
    assert page_of(petra, enrolment, now + 2 * DAY).held == ()


# --- plan, notes, messages ----------------------------------------------------------------
def test_the_plan_is_that_of_the_runners_own_pages(petra):
    the_library()
    enrolment = hers(petra, QUIET, stage="S3_run1_walk4")
    week = signed_in(enrolment.runner).get("/week/").content.decode()
    plan = page_of(petra, enrolment).plan
    assert len(plan.days) > 6
    assert all(day.title in week for day in plan.days if day.title)
    html = shown(petra, enrolment)
    assert "The plan, as the runner sees it" in html and "/player" not in html


def test_the_newest_notes_and_messages_stand_there(petra):
    enrolment = hers(petra, QUIET)
    now = timezone.now()
    for number in range(7):
        common = {"enrolment": enrolment, "now": now + number * datetime.timedelta(seconds=1)}
        write_note(**common, by=petra, words=f"Note {number}", key=uuid.uuid4())
        write_message(**common, by=enrolment.runner, words=f"Message {number}", key=uuid.uuid4())
    html = shown(petra, enrolment)
    assert "Note 6" in html and "Note 1" not in html and "All 7 notes" in html
    assert "Message 4" in html and "Message 3" not in html and "7 unread messages" in html


def test_physiotherapists_read_of_stages_and_runners_of_steps(petra):
    enrolment = hers(petra, QUIET)
    address = reverse("runner", args=[enrolment.public_id])
    html = signed_in(petra).get(f"{address}?show=changes").content.decode()
    assert "The stage stayed the same" in html and "The step stayed the same" not in html


# --- queries ------------------------------------------------------------------------------
def counted(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_page_takes_as_many_queries_for_5_as_for_500_days(petra, record_property):
    found = []
    for days in (5, 500):
        enrolment = lived(days, clinician=petra)
        now = timezone.now()
        for number in range(days // 50):
            common = {"enrolment": enrolment, "now": now, "key": uuid.uuid4()}
            write_note(**common, by=petra, words=f"Note {number}")
            write_message(**common | {"key": uuid.uuid4()}, by=petra, words=f"Message {number}")
        found.append(counted(signed_in(petra), f"/runners/{enrolment.public_id}/"))
    assert found[0] == found[1] <= MOST_QUERIES
    record_property("queries of the page of a runner", found[1])


def test_a_pause_and_a_hold_cost_four_queries_more(petra):
    enrolment = hers(petra, QUIET, QUIET)
    now = timezone.now()
    hold_until(enrolment=enrolment, by=petra, now=now, until=now.date() + DAY, reason="Settle first")
    an_entry(enrolment, now=now, rest=3, red_flags=("FEVER_UNWELL",))
    assert counted(signed_in(petra), f"/runners/{enrolment.public_id}/") <= MOST_QUERIES + 4
