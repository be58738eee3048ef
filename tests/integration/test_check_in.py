"""The check-in: places, minutes, both statements of a contradiction, answers that waited on a phone."""

import datetime

import pytest
from django.urls import reverse

from programs.models import DiaryEntry, EntryRevision, PainNote
from programs.services.errors import Refused
from programs.services.late_answers import ChangedSince
from programs.services.notes import NoteValues, add_note
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, reloaded, the_library
from tests.integration.story import RUN, Story
from tests.integration.test_runner_pages import NOON, SESSION_DAY, TODAY, get, post, text_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
RUNNING = "S3_run1_walk4"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOON, tick=False)
    the_library()


# --- places ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sites", "leg"),
    [
        ([], "none"),
        (["other", "back", "back"], "none"),
        (["above_knee", "buttock"], "above_knee"),
        (["below_knee", "above_knee"], "below_knee"),
    ],
)
def test_leg_pain_follows_from_the_places(sites, leg):
    enrolment = an_enrolment()
    post(enrolment, "check_in", {**SESSION_DAY, "sites": sites})
    entry = DiaryEntry.objects.get()
    assert (entry.sites, entry.leg) == (sorted(set(sites)), leg)


def test_leg_pain_without_places_is_taken_as_before():
    story = Story()
    assert story.log(1, rest=1, leg="below_knee").entry.sites == []


@pytest.mark.parametrize("said", [{"sites": ("back",), "leg": "below_knee"}, {"sites": ("foot",)}])
def test_places_that_do_not_fit_are_refused(said):
    with pytest.raises(Refused) as refused:
        Story().log(1, rest=1, **said)
    assert refused.value.field == "sites"


def test_a_correction_of_places_shows_both_and_not_the_leg_twice():
    enrolment = live(an_enrolment(days_ago=1), QUIET)
    post(
        enrolment,
        "check_in_for",
        {"rest": "1", "session": "skipped", "sites": ["back", "below_knee"]},
        "2026-06-19",
    )
    page = text_of(get(enrolment, "check_in_saved", "2026-06-19"))
    assert "<strong>Where it hurt</strong>: was no place named, now back, leg, below the knee" in page
    assert "<strong>Leg pain</strong>" not in page


def test_the_form_of_an_entry_from_before_there_were_places_has_its_leg_pain_ticked():
    enrolment = an_enrolment()
    post(enrolment, "check_in", {**SESSION_DAY, "sites": "below_knee"})
    DiaryEntry.objects.update(sites=[])
    assert 'value="below_knee" id="id_sites_3" checked' in text_of(get(enrolment, "check_in"))


# --- minutes -----------------------------------------------------------------------------------------
def test_minutes_are_asked_where_the_step_has_running_and_kept():
    assert "run_minutes" not in get(an_enrolment(), "check_in").context["form"].fields
    enrolment = an_enrolment(stage=RUNNING)
    assert "Minutes you ran (without the walks)" in text_of(get(enrolment, "check_in"))
    post(enrolment, "check_in", {**SESSION_DAY, "run_minutes": "12"})
    assert DiaryEntry.objects.get().run_minutes == 12
    assert "<dt>Minutes run</dt><dd>12 minutes</dd>" in text_of(
        get(enrolment, "check_in_saved", "2026-06-20")
    )
    seen = get(enrolment, "check_in").context["form"]["seen"].value()
    post(enrolment, "check_in", {**SESSION_DAY, "seen": seen})
    assert DiaryEntry.objects.get().run_minutes is None, "empty is not recorded, and not zero"


def test_a_correction_of_minutes_shows_both():
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=1), COMFORTABLE)
    post(enrolment, "check_in_for", {**SESSION_DAY, "run_minutes": "1"}, "2026-06-19")
    page = text_of(get(enrolment, "check_in_for", "2026-06-19"))
    assert "<strong>Minutes run</strong>: was not recorded, now 1 minute" in page


@pytest.mark.parametrize(
    "said",
    [{"session": "none", "run_minutes": 3}, {"session": None, "run_minutes": 0}, {**RUN, "run_minutes": 601}],
)
def test_minutes_without_a_session_or_beyond_a_day_of_running_are_refused(said):
    with pytest.raises(Refused) as refused:
        Story().log(1, rest=1, **{name: value for name, value in said.items() if name != "rest"})
    assert refused.value.field == "run_minutes"


# --- contradictions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        (
            {"session": "skipped"},
            "during",
            "“1/10”, but about the session “I left it out for another reason”",
        ),
        ({"session": "skipped", "during": "", "limp": "on"}, "limp", "“yes”, but about the session"),
        ({"session": "skipped", "during": "", "run_minutes": "9"}, "run_minutes", "“9 minutes”, but about"),
    ],
)
def test_a_contradiction_comes_back_with_both_statements(sent, field, says):
    enrolment = an_enrolment(stage=RUNNING)
    response = post(enrolment, "check_in", {**SESSION_DAY, "after": "", **sent})
    assert says in response.context["form"].errors[field][0]
    assert not DiaryEntry.objects.exists()


def test_a_score_without_a_word_about_the_session_is_asked_back():
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=1), COMFORTABLE)
    response = post(enrolment, "check_in", {"rest": "1", "during": "4"})
    assert "“4/10”, but of no session" in response.context["form"].errors["during"][0]


def test_a_session_that_contradicts_a_note_comes_back_filled_in():
    enrolment = an_enrolment()
    note(enrolment, "after", 6)
    response = post(enrolment, "check_in", {"rest": "3", "session": "skipped"})
    form = response.context["form"]
    assert "“missed, another reason”, and a note says 6/10" in form.errors["session"][0]
    assert 'value="3" id="id_rest_3" checked' in text_of(response)
    assert DiaryEntry.objects.get().rest is None


# --- answers that waited on a phone ---------------------------------------------------------------------
def sent_late(enrolment, minutes_ago: int, **answers):
    made_at = (NOON - datetime.timedelta(minutes=minutes_ago)).isoformat().replace("+00:00", "Z")
    return post(enrolment, "check_in_for", {**SESSION_DAY, **answers, "made_at": made_at}, str(TODAY))


def test_late_answers_of_a_day_without_any_are_taken():
    enrolment = an_enrolment()
    assert sent_late(enrolment, 30).status_code == 302
    assert DiaryEntry.objects.get().rest == int(SESSION_DAY["rest"])


def test_late_answers_overwrite_nothing_that_was_said_since():
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    response = sent_late(enrolment, 30, rest="7", sites="buttock")
    assert response.status_code == 409
    page = text_of(response)
    assert "Which answers are right?" in page
    assert f"<td>{SESSION_DAY['rest']}/10</td><td>7/10</td>" in page
    assert "<td>No place named</td><td>Buttock</td>" in page
    assert 'value="7" id="id_rest_7" checked' in page
    assert DiaryEntry.objects.get().rest == int(SESSION_DAY["rest"])
    assert not EntryRevision.objects.exists()
    again = {**SESSION_DAY, "rest": "7", "made_at": response.context["form"]["made_at"].value()}
    assert post(enrolment, "check_in_for", again, str(TODAY)).status_code == 302
    assert DiaryEntry.objects.get().rest == 7


def test_late_answers_that_say_the_same_are_one_entry():
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    assert sent_late(enrolment, 30).status_code == 302
    assert not EntryRevision.objects.exists()


def test_answers_given_after_the_stored_ones_replace_them():
    story = Story()
    story.log(1, rest=3)
    entry = story.log(1, now=story.at(1) + HOUR, rest=4).entry
    assert entry.rest == 4


def test_late_answers_of_a_day_that_holds_notes_only_are_taken():
    enrolment = an_enrolment()
    note(enrolment, "flare", 6)
    assert sent_late(enrolment, 30).status_code == 302


def test_a_warning_sign_in_late_answers_acts_at_once():
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    response = sent_late(enrolment, 30, rest="7", red_flags=["CE_SADDLE"])
    assert response.url == "/paused/?look=1"
    assert reloaded(enrolment).refer == "emergency"
    assert DiaryEntry.objects.get().rest == int(SESSION_DAY["rest"])


@pytest.mark.parametrize("name", ["check_in", "something_wrong"])
@pytest.mark.parametrize("rest", ["2", "", "11"])
def test_a_warning_sign_that_no_page_offers_is_urgent_and_never_ignored(name, rest):
    enrolment = an_enrolment()
    post(enrolment, name, {**SESSION_DAY, "rest": rest, "red_flags": ["CLINIC_OWN"]})
    assert reloaded(enrolment).refer == "urgent"
    assert DiaryEntry.objects.get().red_flags == ["CLINIC_OWN"]


@pytest.mark.parametrize("made_at", ["yesterday", "2026-06-20", "2026-13-01T00:00:00Z", "2026-06-20T11:00"])
def test_an_instant_that_cannot_be_read_is_long_ago(made_at):
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    late = {**SESSION_DAY, "rest": "7", "made_at": made_at}
    assert post(enrolment, "check_in_for", late, str(TODAY)).status_code == 409


def test_the_service_says_that_it_was_changed_since():
    story = Story()
    story.log(1, rest=3)
    with pytest.raises(ChangedSince):
        story.log(1, rest=4, made_at=story.at(1) - HOUR)


def test_the_clock_of_a_phone_that_is_ahead_overwrites_nothing():
    story = Story()
    story.log(1, **{**RUN, "during": 8}, now=story.at(1) - HOUR)
    with pytest.raises(ChangedSince):
        story.log(1, **RUN, made_at=story.at(1) + HOUR)
    assert DiaryEntry.objects.get().during == 8


def test_the_clock_of_a_phone_that_is_ahead_keeps_no_first_answer_out():
    story = Story()
    assert story.log(1, **RUN, made_at=story.at(1) + HOUR).entry.during == 1


SAID = {**RUN, "morning": 8, "limp": True, "warmup": "persisted", "run_minutes": 9, "sites": ("below_knee",)}


@pytest.mark.parametrize(
    "silence",
    [
        {"morning": None},
        {"during": None},
        {"run_minutes": None},
        {"limp": False},
        {"warmup": "none"},
        {"warmup": "resolved"},
        {"sites": ()},
        {"sites": ("above_knee",)},
        {"session": "partial"},
    ],
)
def test_late_answers_take_back_nothing_that_was_said(silence):
    story = Story(stage=RUNNING)
    stored = story.log(1, **SAID, now=story.at(1) - 3 * HOUR).entry
    with pytest.raises(ChangedSince):
        story.log(1, **{**SAID, **silence}, made_at=story.at(1) - HOUR)
    stored.refresh_from_db()
    assert (stored.morning, stored.leg, stored.limp) == (8, "below_knee", True)
    assert not EntryRevision.objects.exists()


def test_late_answers_take_back_no_leg_pain_from_before_there_were_places():
    story = Story()
    story.log(1, rest=1, leg="below_knee", now=story.at(1) - 3 * HOUR)
    with pytest.raises(ChangedSince):
        story.log(1, rest=1, sites=("above_knee",), made_at=story.at(1) - HOUR)


def test_late_answers_that_add_to_what_was_said_are_taken():
    story = Story(stage=RUNNING)
    story.log(1, rest=3, morning=2, sites=("above_knee",), now=story.at(1) - 3 * HOUR)
    more = {"rest": 4, "session": "done", "during": 2, "sites": ("above_knee", "below_knee")}
    entry = story.log(1, morning=2, **more, made_at=story.at(1) - HOUR).entry
    assert (entry.rest, entry.during, entry.leg) == (4, 2, "below_knee")


def test_the_blank_form_of_a_phone_leads_to_the_question_which_answers_are_right():
    enrolment = an_enrolment(stage=RUNNING)
    morning = {"rest": "2", "morning": "8", "session": "skipped", "sites": "below_knee"}
    post(enrolment, "check_in", morning)
    evening = {"rest": "2", "session": "skipped", "made_at": NOON.isoformat()}
    response = post(enrolment, "check_in_for", evening, str(TODAY))
    assert response.status_code == 409
    assert "<td>8/10</td><td>Not recorded</td>" in text_of(response)
    entry = DiaryEntry.objects.get()
    assert (entry.morning, entry.leg) == (8, "below_knee")


# --- after saving --------------------------------------------------------------------------------------
def test_after_saving_stand_the_outlook_and_the_criteria_with_numbers():
    enrolment = an_enrolment(stage=RUNNING)
    post(enrolment, "check_in", SESSION_DAY)
    page = text_of(get(enrolment, "check_in_saved", str(TODAY)))
    assert "Tonight, if nothing else comes in: stay" in page
    assert "At least 7 days on this step" in page
    assert "Now: day 1. Needed: 7 days." in page
    assert "Not met" in page


def test_notes_stand_on_check_in_and_saved_page_with_what_the_day_counts_as():
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    response = post(enrolment, "note", a_note(occasion="flare", score="8", words="on the stairs"))
    assert response.url == reverse("check_in_saved", args=[str(TODAY)])
    for name, args in (("check_in", []), ("check_in_saved", [str(TODAY)])):
        page = text_of(get(enrolment, name, *args))
        assert "<strong>8/10</strong> <span>in a flare, back" in page
        assert "“on the stairs”" in page
    assert "With your pain notes, the day counts as" in page
    assert "<dt>Pain at rest</dt><dd>5/10</dd>" in page


def test_a_note_page_preselects_nothing_and_comes_back_filled_in():
    enrolment = an_enrolment()
    assert " checked" not in text_of(get(enrolment, "note"))
    sent = a_note(score="")
    response = post(enrolment, "note", sent)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["score"]
    assert sent["key"] in text_of(response)
    assert not PainNote.objects.exists()


def test_a_note_is_changed_and_withdrawn():
    enrolment = an_enrolment()
    first = note(enrolment, "flare", 8)
    assert 'value="8" id="id_score_8" checked' in text_of(get(enrolment, "note_change", first.key))
    post(enrolment, "note_change", a_note(occasion="rest", score="2"), first.key)
    second = PainNote.objects.get(replaces=first)
    post(enrolment, "note_withdraw", {}, second.key)
    page = text_of(get(enrolment, "check_in_saved", str(TODAY)))
    assert "was 8/10 in a flare, back, now 2/10 at rest, back" in page
    assert "was 2/10 at rest, back, now withdrawn" in page
    assert get(enrolment, "note_change", first.key).url == reverse("check_in_saved", args=[str(TODAY)])
    assert post(enrolment, "note_withdraw", {}, first.key).status_code == 302
    assert PainNote.objects.count() == 3


def test_a_note_that_comes_back_from_its_change_form_with_another_score_counts():
    enrolment = an_enrolment()
    first = note(enrolment, "flare", 3)
    post(enrolment, "note_change", a_note(score="2"), first.key)
    assert post(enrolment, "note_change", a_note(score="9"), first.key).status_code == 302
    assert "<strong>9/10</strong>" in text_of(get(enrolment, "check_in"))
    other = a_note(key="6b1d2c4e-8f0a-4c3e-9a51-0f6f3f0a7c11", score="1")
    assert post(enrolment, "note_change", other, first.key).status_code == 302
    assert PainNote.objects.count() == 3, "a form that is new finds the note changed already"


def test_a_note_that_contradicts_the_check_in_comes_back():
    enrolment = an_enrolment()
    post(enrolment, "check_in", {"rest": "1", "session": "skipped"})
    response = post(enrolment, "note", a_note(occasion="during"))
    assert "missed, another reason" in response.context["form"].errors["occasion"][0]


def test_a_note_of_a_day_that_can_no_longer_be_changed_is_not_offered():
    enrolment = live(an_enrolment(days_ago=12), *[QUIET] * 12)
    assert "can no longer be changed" in text_of(get(enrolment, "note_for", "2026-06-10"))
    assert post(enrolment, "note_for", a_note(), "2026-06-10").status_code == 200
    assert "The days since are decided again" in text_of(get(enrolment, "note_for", "2026-06-19"))


def a_note(**answers) -> dict:
    key = "5b1d2c4e-8f0a-4c3e-9a51-0f6f3f0a7c11"
    return {"key": key, "occasion": "flare", "site": "back", "score": "3", **answers}


def note(enrolment, occasion: str, score: int) -> PainNote:
    values = NoteValues(
        key="0b1d2c4e-8f0a-4c3e-9a51-0f6f3f0a7c11", occasion=occasion, site="back", score=score
    )
    runner = enrolment.runner
    return add_note(enrolment=enrolment, by=runner, now=NOON, date=TODAY, values=values).note
