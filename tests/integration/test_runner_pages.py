"""The runner's pages: who may open them, what they show, and what a form does with a mistake."""

import datetime

import pytest
from django.urls import reverse

from programs.engine.calendar import local_date
from programs.models import Decision, DiaryEntry, EntryRevision
from programs.presentation import value_words
from programs.services.diary import EntryValues, report_red_flags
from programs.services.overrides import clear_pause
from tests.builders import (
    COMFORTABLE,
    QUIET,
    a_published_version,
    an_enrolment,
    an_entry,
    close_the_day,
    live,
    reloaded,
    the_library,
)
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 20, 12, 0, tzinfo=datetime.UTC)
TODAY = NOON.date()
PAGES = ("today", "check_in", "why", "settings")
SESSION_DAY = {"rest": "2", "morning": "1", "session": "done", "during": "1", "after": "2"}


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    the_library()


def get(enrolment, name, *args, **query):
    return signed_in(enrolment.runner).get(reverse(name, args=args), query)


def post(enrolment, name, data, *args):
    return signed_in(enrolment.runner).post(reverse(name, args=args), data)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


# --- doors -----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [*PAGES, "something_wrong", "intake", "paused"])
def test_a_stranger_is_sent_to_the_sign_in(name):
    response = signed_in(None).get(reverse(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*PAGES, "something_wrong", "intake", "paused"])
def test_a_clinician_is_refused(name):
    assert signed_in(a_clinician()).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_runner_without_a_programme_is_led_to_the_intake(name):
    assert signed_in(a_runner()).get(reverse(name)).url == reverse("intake")


def test_the_first_page_is_a_landing_for_strangers_and_leads_everybody_else_home():
    assert "Create an account" in text_of(signed_in(None).get("/"))
    assert signed_in(a_runner()).get("/").url == reverse("today")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("check_in_saved", ["2026-06-20"]),
        ("intake", []),
        ("intake_result", []),
        ("progress", []),
        ("programme", []),
        ("programmes", []),
        ("exercises", []),
        ("exercise", ["cobra"]),
    ],
)
def test_a_page_that_only_reads_takes_no_form(name, args):
    assert signed_in(a_runner()).post(reverse(name, args=args)).status_code == 405


@pytest.mark.parametrize("name", ["check_in", "something_wrong", "settings"])
def test_a_form_is_looked_at_or_sent_and_nothing_else(name):
    assert signed_in(a_runner()).delete(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(name):
    assert get(an_enrolment(), name).status_code == 200


# --- today -----------------------------------------------------------------------------------
def test_today_shows_the_plan_with_pictures_and_doses():
    page = text_of(get(an_enrolment(), "today"))
    assert "A session day" in page
    assert "exercises/walking.svg" in page
    assert "10 minutes, twice a day" in page


def test_exercises_are_filtered_by_the_pain_pattern():
    page = text_of(get(an_enrolment(pattern="extension_intolerant"), "today"))
    assert "exercises/cobra.svg" not in page
    page = text_of(get(an_enrolment(pattern="flexion_intolerant"), "today"))
    assert "exercises/cobra.svg" in page
    assert "exercises/child_pose.svg" not in page


def test_run_walk_intervals_stand_in_words():
    page = text_of(get(an_enrolment(stage="S3_run1_walk4"), "today"))
    assert "5 times: run 1 minute, then walk 4 minutes." in page
    assert "about 35 minutes in all" in page


def test_rest_is_never_shown_beyond_two_days():
    """INV-09, also where the worker is away: nothing was closed here."""
    shown = {
        back: text_of(get(an_enrolment(stage="S0_relative_rest", days_ago=back), "today")) for back in (1, 2)
    }
    assert "Take it easy today" in shown[1]
    assert "Take it easy today" not in shown[2]
    assert "exercises/walking.svg" in shown[2]


def test_a_paused_programme_shows_what_to_do_first_and_no_exercise():
    enrolment = an_enrolment()
    post(enrolment, "something_wrong", {"red_flags": ["CE_BLADDER"]})
    page = text_of(get(enrolment, "today"))
    assert "Call 999" in page
    assert page.index("Get help now") < page.index("No exercises today")
    assert "exercises/" not in page


def test_the_reason_of_an_emergency_stays_when_a_milder_sign_follows():
    first = EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",))
    then = EntryValues(morning=2, rest=2, red_flags=("LEG_WEAK_ONE",))
    enrolment = live(an_enrolment(days_ago=3), first, then, QUIET)
    worst = enrolment.decisions.order_by("pk").first()
    assert worst.refer == enrolment.refer == "emergency"
    assert get(enrolment, "paused").context["pause"].reason == worst.reason
    assert get(enrolment, "today").context["page"].pause.reason == worst.reason


def test_the_reason_of_a_former_pause_is_not_that_of_the_present_one():
    clinician = a_clinician()
    enrolment = an_enrolment(days_ago=2, clinician=clinician)
    enrolment = live(enrolment, EntryValues(rest=2, red_flags=("CE_SADDLE",)))
    seen = {"assessed_by": "Dr Who", "assessed_on": TODAY}
    clear_pause(enrolment=enrolment, by=clinician, now=NOON, reason="Seen and well", **seen)
    later = NOON + datetime.timedelta(hours=1)
    report_red_flags(enrolment=reloaded(enrolment), by=enrolment.runner, now=later, codes=("CE_BLADDER",))
    newest = enrolment.decisions.newest_first().first()
    assert get(enrolment, "paused").context["pause"].reason == newest.reason


def test_easy_days_never_show_a_run():
    version = a_published_version("couch-to-5k")
    enrolment = live(an_enrolment(version=version, days_ago=1), EntryValues(rest=2, session="done", during=8))
    assert enrolment.cooldown_until is not None
    page = text_of(get(enrolment, "today"))
    assert "An easy day" in page
    assert "times: run" not in page


def test_the_strip_leaves_a_gap_for_a_missing_day_and_keeps_a_real_zero():
    enrolment = live(an_enrolment(days_ago=3), EntryValues(rest=0), None, EntryValues(rest=1))
    strip = get(enrolment, "today").context["page"].strip
    assert [day.score for day in strip.days[-4:]] == ["0/10", "not recorded", "1/10", "not recorded"]
    assert strip.days[-3].y is None
    assert strip.lines == ()


def test_the_last_decision_and_its_reason_are_shown():
    enrolment = live(an_enrolment(days_ago=1), QUIET)
    assert Decision.objects.get().reason in text_of(get(enrolment, "today"))


def test_a_day_that_nobody_decided_is_said_and_nothing_more_is_asked():
    page = text_of(get(an_enrolment(days_ago=3), "today"))
    assert "Not evaluated since" in page
    assert "Keep to your current step" in page


def test_yesterday_can_be_filled_in_until_it_is_decided(time_machine):
    enrolment = an_enrolment(days_ago=1)
    time_machine.move_to(datetime.datetime(2026, 6, 20, 1, 0, tzinfo=datetime.UTC))
    assert reverse("check_in_for", args=["2026-06-19"]) in text_of(get(enrolment, "today"))


# --- check-in ----------------------------------------------------------------------------------
def test_nothing_is_preselected():
    assert '" checked' not in text_of(get(an_enrolment(), "check_in"))


def test_a_check_in_is_saved_and_the_outlook_shown():
    enrolment = an_enrolment()
    response = post(enrolment, "check_in", SESSION_DAY)
    assert response.url == reverse("check_in_saved", args=["2026-06-20"])
    page = text_of(get(enrolment, "check_in_saved", "2026-06-20"))
    assert "Tonight, if nothing else comes in" in page
    assert not Decision.objects.exists()
    assert "Today is logged" in text_of(get(enrolment, "today"))


def test_missing_stays_missing():
    enrolment = an_enrolment()
    post(enrolment, "check_in", {"rest": "0", "session": "skipped"})
    entry = DiaryEntry.objects.get()
    assert (entry.morning, entry.rest, entry.during, entry.after) == (None, 0, None, None)
    assert "Not recorded" in text_of(get(enrolment, "today"))


def test_what_nobody_ticked_is_not_shown_as_an_answer():
    enrolment = an_enrolment()
    assert "No tick means no." in text_of(get(enrolment, "check_in"))
    post(enrolment, "check_in", SESSION_DAY)
    for name, args in (("today", []), ("check_in_saved", ["2026-06-20"])):
        page = text_of(get(enrolment, name, *args))
        assert "Worst pain in the session" in page
        assert "<dt>Leg pain</dt>" not in page
        assert "<dt>Warm-up</dt>" not in page
    post(enrolment, "check_in", {**SESSION_DAY, "sites": "above_knee", "warmup": "resolved"})
    page = text_of(get(enrolment, "today"))
    assert "<dt>Where it hurt</dt><dd>Leg, above the knee" in page
    assert "<dt>Warm-up</dt><dd>Sore at first" in page


def test_not_recorded_can_be_chosen():
    enrolment = an_enrolment()
    post(enrolment, "check_in", {"rest": "1", "morning": "", "session": "skipped"})
    assert DiaryEntry.objects.get().morning is None


def test_the_same_form_twice_is_one_entry():
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    post(enrolment, "check_in", SESSION_DAY)
    assert DiaryEntry.objects.count() == 1
    assert not EntryRevision.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rest": ""}, "rest"),
        ({"rest": "11"}, "rest"),
        ({"rest": "2.5"}, "rest"),
        ({"session": ""}, "session"),
        ({"session": "skipped"}, "during"),
        ({"session": "skipped_pain"}, "after"),
        ({"session": "skipped", "during": "", "after": "", "warmup": "persisted"}, "warmup"),
        ({"session": "skipped", "during": "", "after": "", "limp": "on"}, "limp"),
        ({"red_flags": ["no such flag"]}, "red_flags"),
    ],
)
def test_a_mistake_gives_the_form_back_filled_in(change, field):
    enrolment = an_enrolment()
    response = post(enrolment, "check_in", {**SESSION_DAY, "sites": "above_knee", **change})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert 'value="above_knee" id="id_sites_2" checked' in text_of(response)
    assert not DiaryEntry.objects.exists()


def test_a_rest_day_does_not_ask_for_a_session():
    enrolment = live(an_enrolment(stage="S3_run1_walk4", days_ago=1), COMFORTABLE)
    page = text_of(get(enrolment, "check_in"))
    assert "I did one anyway" in page
    assert post(enrolment, "check_in", {"rest": "1"}).status_code == 302
    assert DiaryEntry.objects.get(date=TODAY).session is None
    assert "<dt>Session</dt>" not in text_of(get(enrolment, "check_in_saved", "2026-06-20"))


def test_a_session_on_a_rest_day_can_be_told():
    enrolment = live(an_enrolment(stage="S3_run1_walk4", days_ago=1), COMFORTABLE)
    post(enrolment, "check_in", SESSION_DAY)
    assert DiaryEntry.objects.get(date=TODAY).session == "done"


def test_a_flare_lets_a_planned_day_be_a_rest_day():
    enrolment = live(an_enrolment(days_ago=1), COMFORTABLE)
    an_entry(enrolment, morning=7, rest=5, session="skipped_pain")
    assert "the plan became a rest day" in text_of(get(enrolment, "check_in"))


def test_a_warning_sign_pauses_at_once_and_says_whom_to_call():
    enrolment = an_enrolment()
    response = post(enrolment, "check_in", {**SESSION_DAY, "red_flags": ["CE_SADDLE"]})
    assert response.url == reverse("paused")
    page = text_of(get(enrolment, "paused"))
    assert "Call 999" in page
    assert reloaded(enrolment).refer == "emergency"


def test_something_is_wrong_needs_an_answer():
    enrolment = an_enrolment()
    response = post(enrolment, "something_wrong", {})
    assert "Tick what is wrong" in text_of(response)
    assert not reloaded(enrolment).is_paused


def test_something_is_wrong_asks_all_warning_signs():
    form = get(an_enrolment(), "something_wrong").context["form"]
    assert len(form.fields["red_flags"].choices) == 19


def test_a_sign_that_was_reported_before_is_not_lost_by_the_check_in():
    enrolment = an_enrolment()
    post(enrolment, "something_wrong", {"red_flags": ["CHEST_PAIN"]})
    form = get(enrolment, "check_in").context["form"]
    assert [code for code, _ in form.fields["red_flags"].choices].count("CHEST_PAIN") == 1
    assert form.initial["red_flags"] == ["CHEST_PAIN"]
    post(enrolment, "check_in", {"rest": "2", "red_flags": ["CHEST_PAIN"]})
    assert DiaryEntry.objects.get().red_flags == ["CHEST_PAIN"]


@pytest.mark.parametrize(("gap", "asked"), [(6, 6), (7, 19)])
def test_all_warning_signs_are_asked_after_a_week_without_an_entry(gap, asked):
    enrolment = live(an_enrolment(days_ago=gap + 1), QUIET, *[None] * gap)
    assert len(get(enrolment, "check_in").context["form"].fields["red_flags"].choices) == asked


def test_all_warning_signs_are_asked_after_a_pause(time_machine):
    clinician = a_clinician()
    enrolment = an_enrolment(clinician=clinician)
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=NOON, codes=("FEVER_UNWELL",))
    close_the_day(enrolment)
    later = NOON + datetime.timedelta(days=1)
    time_machine.move_to(later)
    seen = {"assessed_by": "Dr Who", "assessed_on": later.date()}
    clear_pause(enrolment=enrolment, by=clinician, now=later, reason="Seen and well", **seen)
    assert get(enrolment, "check_in").context["page"].asks_all_flags
    for days in (0, 1):
        an_entry(enrolment, later.date() + datetime.timedelta(days=days), rest=1)
    time_machine.move_to(later + datetime.timedelta(days=2))
    assert not get(enrolment, "check_in").context["page"].asks_all_flags


# --- corrections -----------------------------------------------------------------------------------
def test_a_closed_day_is_corrected_and_the_old_value_stays_beside():
    enrolment = live(an_enrolment(days_ago=1), QUIET)
    response = post(enrolment, "check_in_for", {"rest": "5", "session": "skipped"}, "2026-06-19")
    assert response.url == reverse("check_in_saved", args=["2026-06-19"])
    page = text_of(get(enrolment, "check_in_for", "2026-06-19"))
    assert "<strong>Pain at rest</strong>: was 1/10, now 5/10" in page
    assert "This day is decided already" in page


@pytest.mark.parametrize("name", ["session", "warmup", "leg"])
def test_a_stored_word_that_is_no_longer_known_stands_as_it_is(name):
    assert value_words(name, "long_gone") == "long_gone"


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("2026-06-21", "This day has not come yet"),
        ("2026-06-10", "This day can no longer be changed"),
        ("2026-01-01", "This day was before your programme began"),
    ],
)
def test_a_day_that_cannot_be_changed_says_so(date, says):
    enrolment = live(an_enrolment(days_ago=12), *[QUIET] * 12)
    page = text_of(get(enrolment, "check_in_for", date))
    assert says in page
    assert "Only the pain at rest" not in page
    assert post(enrolment, "check_in_for", {"rest": "1", "session": "skipped"}, date).status_code == 200
    assert not DiaryEntry.objects.filter(date=date, rest=1, session="skipped").exists()


@pytest.mark.parametrize("date", ["tomorrow", "2026-02-30", "0"])
def test_what_is_no_date_is_not_found(date):
    assert get(an_enrolment(), "check_in_for", date).status_code == 404


# --- why, settings, demonstration ---------------------------------------------------------------------
def test_why_says_limit_and_source_of_every_criterion():
    page = text_of(get(an_enrolment(stage="S3_run1_walk4"), "why"))
    assert "Needed: 7 days." in page
    assert "Common practice. Source: Oxford University Hospitals" in page
    assert "Our own choice" in page


def test_why_is_about_yesterday_while_that_is_open(time_machine):
    enrolment = an_enrolment(days_ago=1)
    time_machine.move_to(datetime.datetime(2026, 6, 20, 1, 0, tzinfo=datetime.UTC))
    response = get(enrolment, "why")
    page = text_of(response)
    assert "As things stand for Friday 19 June" in page
    assert "As things stand today" not in page
    assert reverse("check_in_for", args=["2026-06-19"]) in page
    an_entry(enrolment, rest=2, session="stopped_pain", during=8, now=NOON - datetime.timedelta(hours=11))
    saved = text_of(get(enrolment, "check_in_saved", "2026-06-19"))
    assert "When Friday 19 June is decided, if nothing else comes in" in saved
    assert "Tonight" not in saved
    said = get(enrolment, "why").context["page"]
    closed = close_the_day(enrolment).decisions.get()
    assert (said.date, said.reason) == (closed.date, closed.reason)


def test_why_says_nothing_of_the_outcome_of_a_day_that_has_not_begun():
    enrolment = close_the_day(an_enrolment())
    response = get(enrolment, "why")
    assert response.context["page"].tag is None
    assert "The next day is Sunday 21 June" in text_of(response)
    assert "As things stand" not in text_of(response)


def test_why_is_about_today_where_the_days_before_it_are_closed():
    assert "As things stand today" in text_of(get(live(an_enrolment(days_ago=1), QUIET), "why"))


def test_settings_change_the_zone_and_say_where_she_was():
    enrolment = an_enrolment()
    before = enrolment.runner.time_zone
    post(enrolment, "settings", {"time_zone": "Australia/Sydney", "keeps_home_time": "on"})
    changed = reloaded(enrolment).runner
    assert (changed.time_zone, changed.keeps_home_time) == ("Australia/Sydney", True)
    assert f"You were in {before.replace('_', ' ')} until" in text_of(get(enrolment, "settings"))
    post(enrolment, "settings", {"time_zone": "Australia/Sydney"})
    assert not reloaded(enrolment).runner.keeps_home_time


def test_settings_with_a_mistake_come_back():
    response = post(an_enrolment(), "settings", {"time_zone": "Mars/Base"})
    assert "time_zone" in response.context["form"].errors


def test_without_a_demonstration_there_is_no_button():
    enrolment = an_enrolment()
    assert "demo" not in text_of(get(enrolment, "today")).lower()
    assert post(enrolment, "demo_close_today", {}).status_code == 404


def test_the_demonstration_closes_today_once(settings):
    settings.DEMO = True
    enrolment = an_enrolment()
    post(enrolment, "check_in", SESSION_DAY)
    post(enrolment, "demo_close_today", {})
    post(enrolment, "demo_close_today", {})
    assert reloaded(enrolment).decided_through == local_date(NOON, enrolment.runner.zone)
    page = text_of(get(enrolment, "today"))
    assert "Today is decided" in page
    assert "A session day" not in page


def test_a_decided_day_leads_to_tomorrow(settings):
    enrolment = close_the_day(an_enrolment())
    assert get(enrolment, "today").context["page"].is_closed


def test_a_warning_sign_pauses_also_where_the_day_was_closed_early():
    enrolment = close_the_day(an_enrolment())
    assert post(enrolment, "something_wrong", {"red_flags": ["CE_SADDLE"]}).url == reverse("paused")
    assert reloaded(enrolment).refer == "emergency"
    assert "Call 999" in text_of(get(enrolment, "paused"))
