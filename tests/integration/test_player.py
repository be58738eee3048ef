"""The guided session: what today allows and nothing more, whole without scripts, in few queries."""

import copy
import datetime
import json
import re
import uuid

import pytest
from django.urls import reverse

from programs.engine.document_stages import total_seconds
from programs.models import Enrolment
from programs.services.diary import EntryValues, report_red_flags
from programs.services.notes import NoteValues, add_note, withdraw_note
from tests.builders import (
    COMFORTABLE,
    QUIET,
    a_published_version,
    an_enrolment,
    an_entry,
    live,
    reloaded,
    the_library,
)
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 20, 12, 0, tzinfo=datetime.UTC)
RUNNING = "S3_run1_walk4"
SCRIPT = re.compile(r'<script id="player-script" type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    the_library()


def played(enrolment, number: int = 1):
    return signed_in(enrolment.runner).get(reverse("player", args=[number]))


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def script_of(response) -> dict:
    return json.loads(SCRIPT.search(response.content.decode())[1])


def is_closed(response) -> bool:
    assert response.status_code == 200
    assert b'href="/today/"' in response.content
    return b"No session now" in response.content and b"player-script" not in response.content


# --- what it holds -----------------------------------------------------------------------------
def test_a_run_is_listed_with_its_times_and_adds_up_to_the_prescription():
    enrolment = an_enrolment(stage=RUNNING)
    document = next(s for s in enrolment.version.document["stages"] if s["key"] == RUNNING)["sessions"][0]
    response = played(enrolment)
    steps = script_of(response)["steps"]
    outing = [step for step in steps if not step["exercise"]]
    assert sum(step["seconds"] for step in outing) == total_seconds(document["run_walk"])
    assert [step["kind"] for step in outing[:3]] == ["warm_up", "run", "walk"]
    assert response.content.count(b'class="step-run"') == 5
    assert "Pain of 6 or more, 2 points more than at the start" in text_of(response)


def test_what_is_said_names_the_part_its_length_and_its_place():
    steps = script_of(played(an_enrolment(stage=RUNNING)))["steps"]
    assert steps[1]["say"] == "Run. 1 minute. Run 1 of 5. Easy: you can talk while you run."
    stretch = next(step for step in steps if step["kind"] == "exercise")
    assert (stretch["where"], stretch["seconds"]) == ("First side", 10)


def test_no_way_leads_to_a_run_done_twice_or_to_one_without_its_walks():
    for step in script_of(played(an_enrolment(stage=RUNNING)))["steps"]:
        if step["kind"] in ("warm_up", "run", "walk", "cool_down"):
            assert not step["can_go_back"]
            assert step["leaves_to"] is None


def test_an_exercise_that_is_left_out_leads_to_the_next_one():
    steps = script_of(played(an_enrolment(stage="S2_core"), 2))["steps"]
    for index, step in enumerate(steps):
        after = step["leaves_to"]
        assert after > index
        assert after == len(steps) or steps[after]["exercise"] != step["exercise"]


def test_runs_beyond_the_fewest_may_end_with_the_cool_down():
    version = a_published_version("osu-basic-2019")
    stage = next(s for s in version.document["stages"] if "run_walk" in s["sessions"][0])
    steps = script_of(played(an_enrolment(version=version, stage=stage["key"])))["steps"]
    offered = [step for step in steps if step["cool_down_at"] is not None]
    assert [step["is_optional"] for step in offered] == [False] + [True] * (len(offered) - 1)
    assert {steps[step["cool_down_at"]]["kind"] for step in offered} == {"cool_down"}


def test_a_set_beside_the_sessions_is_not_reported_as_a_session():
    enrolment = an_enrolment(stage="S2_core")
    assert b"?session=done" in played(enrolment, 1).content
    assert b"?session=done" not in played(enrolment, 2).content


def test_what_the_browser_keeps_is_of_one_person_day_session_and_text():
    enrolment, other = an_enrolment(stage="S2_core"), an_enrolment(stage="S2_core")
    keys = {script_of(played(one, number))["key"] for one in (enrolment, other) for number in (1, 2)}
    assert len(keys) == 4
    assert all(key.startswith("rehab:player:") for key in keys)
    assert any(str(enrolment.public_id) in key and "2026-06-20" in key for key in keys)


# --- never more than the plan ------------------------------------------------------------------
@pytest.mark.parametrize(("stage", "number"), [("S1_walking", 1), ("S2_core", 2), (RUNNING, 1), (RUNNING, 2)])
def test_every_session_of_todays_plan_is_open(stage, number):
    assert script_of(played(an_enrolment(stage=stage), number))["steps"]


@pytest.mark.parametrize("number", [0, 9, 99])
def test_a_session_that_the_plan_does_not_have_leads_back(number):
    assert is_closed(played(an_enrolment(stage=RUNNING), number))


def test_a_day_of_relative_rest_has_nothing_to_play():
    assert is_closed(played(an_enrolment(stage="S0_relative_rest")))


def test_the_day_after_a_run_has_the_core_set_and_no_run():
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=1), COMFORTABLE)
    response = played(enrolment)
    assert {step["kind"] for step in script_of(response)["steps"]}.isdisjoint({"run", "walk"})
    assert is_closed(played(enrolment, 2))


def test_a_run_that_does_not_count_is_none_of_a_day_of_rest():
    """No such programme is published any more; one of before may still be followed."""
    document = copy.deepcopy(a_published_version().document)
    sessions = next(stage["sessions"] for stage in document["stages"] if stage["key"] == RUNNING)
    run = next(session for session in sessions if "run_walk" in session)
    sessions.append({**run, "key": "again", "counts": False})
    version = a_published_version("twice", {**document, "key": "twice", "family": "twice"})
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=1, version=version), COMFORTABLE)
    assert {step["kind"] for step in script_of(played(enrolment))["steps"]}.isdisjoint({"run", "walk"})
    assert is_closed(played(enrolment, 2))


def test_a_rest_day_because_of_pain_has_nothing():
    worse = EntryValues(morning=1, rest=2, session="stopped_pain", during=5, after=3)
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=1), worse)
    response = played(enrolment)
    assert is_closed(response)
    assert "because of pain" in text_of(response)


def test_an_easy_day_has_no_run():
    enrolment = an_enrolment(stage=RUNNING)
    Enrolment.objects.filter(pk=enrolment.pk).update(cooldown_until=NOON.date())
    response = played(reloaded(enrolment))
    assert b"step-run" not in response.content


def test_while_paused_there_is_only_what_to_do():
    enrolment = an_enrolment(stage=RUNNING)
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=NOON, codes=["CE_SADDLE"])
    response = played(reloaded(enrolment))
    assert is_closed(response)
    assert b'href="/paused/"' in response.content


def test_a_run_is_not_offered_twice_a_day_and_the_core_set_still_is():
    enrolment = an_enrolment(stage=RUNNING)
    an_entry(enrolment, now=NOON, rest=1, session="done", during=1, after=1)
    assert is_closed(played(enrolment, 1))
    assert script_of(played(enrolment, 2))["steps"]


def test_after_stopping_because_of_pain_nothing_is_offered_that_day():
    enrolment = an_enrolment(stage=RUNNING)
    an_entry(enrolment, now=NOON, rest=2, session="stopped_pain", during=5, after=3)
    assert is_closed(played(enrolment, 1))
    assert is_closed(played(enrolment, 2))


def test_reading_writes_nothing_and_takes_no_form():
    enrolment = an_enrolment(stage=RUNNING)
    assert signed_in(enrolment.runner).post(reverse("player", args=[1])).status_code == 405


# --- queries -----------------------------------------------------------------------------------
@pytest.mark.parametrize("days", [0, 21])
def test_the_number_of_queries_does_not_grow_with_the_diary(days, django_assert_max_num_queries):
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=days), *([QUIET] * days))
    client = signed_in(enrolment.runner)
    with django_assert_max_num_queries(12):
        client.get(reverse("player", args=[1]))


# --- what it leads to --------------------------------------------------------------------------
def checked_in(response, name: str) -> list[str]:
    """The values that are chosen already in the rows of a question."""
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', response.content.decode())
    return [re.search(r'value="(.*?)"', one)[1] for one in inputs if "checked" in one]


@pytest.mark.parametrize("said", ["done", "partial", "stopped_pain"])
def test_the_check_in_takes_over_what_became_of_the_session_and_no_score(said):
    enrolment = an_enrolment(stage=RUNNING)
    response = signed_in(enrolment.runner).get(reverse("check_in"), {"session": said})
    assert checked_in(response, "session") == [said]
    assert not [name for name in ("rest", "morning", "during", "after") if checked_in(response, name)]
    assert not enrolment.entries.exists()


@pytest.mark.parametrize("said", ["skipped", "none", "", "<script>", "DONE"])
def test_the_check_in_takes_over_nothing_else(said):
    response = signed_in(an_enrolment(stage=RUNNING).runner).get(reverse("check_in"), {"session": said})
    assert response.status_code == 200
    assert checked_in(response, "session") == []


def test_what_an_entry_says_of_the_session_stands():
    enrolment = an_enrolment(stage=RUNNING)
    an_entry(enrolment, now=NOON, rest=1, session="stopped_pain", during=6, after=1)
    response = signed_in(enrolment.runner).get(reverse("check_in"), {"session": "done"})
    assert checked_in(response, "session") == ["stopped_pain"]


# --- a note of strong pain, and no check-in yet ------------------------------------------------
def noted(enrolment, occasion: str, score: int):
    values = NoteValues(key=uuid.uuid4(), occasion=occasion, site="back", score=score)
    return add_note(enrolment=enrolment, by=enrolment.runner, now=NOON, date=NOON.date(), values=values).note


def asks_to_check_in(enrolment) -> bool:
    today = signed_in(enrolment.runner).get(reverse("today"))
    waits = "You noted strong pain today." in text_of(today)
    response = played(enrolment)
    assert is_closed(response) is waits is ("You noted strong pain today." in text_of(response))
    assert (b'href="/session/' in today.content) is not waits
    assert (b"data-rehab-no-session" in today.content) is waits
    return waits


@pytest.mark.parametrize(
    ("occasion", "score", "waits"),
    [
        ("during", 5, False),
        ("during", 6, True),
        ("after", 6, True),
        ("rest", 6, False),
        ("rest", 7, True),
        ("flare", 7, True),
    ],
)
def test_a_note_of_strong_pain_leaves_no_session_until_she_checks_in(occasion, score, waits):
    enrolment = an_enrolment(stage=RUNNING)
    noted(enrolment, occasion, score)
    assert asks_to_check_in(enrolment) is waits


def test_after_the_check_in_the_plan_is_back():
    enrolment = an_enrolment(stage=RUNNING)
    noted(enrolment, "flare", 7)
    assert asks_to_check_in(enrolment)
    an_entry(enrolment, NOON.date(), now=NOON, rest=2, session="skipped")
    assert not asks_to_check_in(enrolment)


def test_a_note_that_was_withdrawn_holds_nothing_back():
    enrolment = an_enrolment(stage=RUNNING)
    note = noted(enrolment, "flare", 7)
    withdraw_note(enrolment=enrolment, by=enrolment.runner, now=NOON, key=note.key)
    assert not asks_to_check_in(enrolment)


def test_a_note_of_another_day_holds_nothing_back(time_machine):
    enrolment = an_enrolment(stage=RUNNING)
    noted(enrolment, "flare", 7)
    time_machine.move_to(NOON + datetime.timedelta(days=1), tick=False)
    today = signed_in(enrolment.runner).get(reverse("today"))
    assert "You noted strong pain today." not in text_of(today)


def test_a_paused_programme_stays_paused_whatever_was_noted():
    enrolment = an_enrolment(stage=RUNNING)
    noted(enrolment, "during", 8)
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=NOON, codes=("CE_SADDLE",))
    assert "Your programme is paused" in text_of(played(enrolment))
