"""The runner's pages where a mistake would hurt: warning signs and what a day allows."""

import datetime

import pytest
from django.utils import timezone

from accounts.services import grant_consent
from accounts.templatetags.ui import numbers_to_call
from programs.engine.calendar import local_date
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, reloaded, the_library
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library():
    the_library()


# --- a warning sign is never lost to the rest of the form ---------------------------------
@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"rest": "2", "session": "skipped", "during": "3"},
        {"rest": "eleven"},
    ],
)
def test_a_warning_sign_acts_although_another_answer_is_wrong(answers):
    enrolment = an_enrolment()
    response = signed_in(enrolment.runner).post("/check-in/", {**answers, "red_flags": ["CE_SADDLE"]})
    assert (response.status_code, response.url) == (302, "/paused/?look=1")
    assert reloaded(enrolment).refer == "emergency"


def test_a_warning_sign_that_the_page_does_not_ask_any_more_is_taken_all_the_same():
    enrolment = an_enrolment()
    response = signed_in(enrolment.runner).post("/check-in/", {"rest": "2", "red_flags": ["CE_SEXUAL"]})
    assert response.url == "/paused/?look=1"
    assert reloaded(enrolment).refer == "emergency"


def test_the_form_is_sent_to_the_date_that_it_asks_about():
    enrolment = an_enrolment()
    page = signed_in(enrolment.runner).get("/check-in/").content.decode()
    today = local_date(timezone.now(), enrolment.runner.zone)
    assert f'action="/check-in/{today.isoformat()}/"' in page


# --- never more than the days so far allow ------------------------------------------------
def test_rest_is_not_named_as_the_step_after_its_two_days():
    enrolment = an_enrolment(stage="S0_relative_rest", days_ago=4)
    close_through = live(enrolment, None, None, None, None)
    page = signed_in(close_through.runner).get("/today/").content.decode()
    assert "Gentle walking" in page
    assert "Easy days (instead of bed rest)" not in page


def test_scores_that_mean_a_step_back_tonight_plan_no_session_today():
    enrolment = live(an_enrolment(stage="S2_core", days_ago=1, baseline_morning=5), COMFORTABLE)
    an_entry(enrolment, now=timezone.now(), morning=6, rest=5)
    page = signed_in(enrolment.runner).get("/today/").content.decode()
    assert "Your scores so far ask for easy days" in page
    assert "A session is planned today" not in page


def test_a_day_that_waits_for_its_decision_counts_for_the_plan_already():
    enrolment = an_enrolment(stage="S3_run1_walk4", days_ago=2)
    an_entry(enrolment, morning=1, rest=1, session="done", during=9, after=3)
    page = signed_in(enrolment.runner).get("/today/").content.decode()
    assert "An easy day: walking and gentle mobility only." in page


# --- the number to call -------------------------------------------------------------------
@pytest.mark.parametrize(("number", "link"), [("999", "tel:999"), ("+44999", "tel:+44999")])
def test_an_emergency_can_be_dialled_from_the_page(settings, number, link):
    settings.REHAB_EMERGENCY_NUMBER = number
    client = signed_in(an_enrolment().runner)
    assert f'href="{link}"' in client.get("/something-wrong/").content.decode()
    client.post("/something-wrong/", {"red_flags": ["CE_SADDLE"]})
    page = client.get("/paused/").content.decode()
    assert page.index("</h1>") < page.index(f'href="{link}"') < page.index("<ol")


def test_a_number_in_words_is_no_link(settings):
    settings.REHAB_EMERGENCY_NUMBER = "your emergency number"
    client = signed_in(an_enrolment().runner)
    assert "tel:" not in client.get("/something-wrong/").content.decode()
    client.post("/something-wrong/", {"red_flags": ["CE_SADDLE"]})
    page = client.get("/paused/").content.decode()
    assert "tel:" not in page
    assert "Call your emergency number, or" in page


def test_what_is_no_emergency_has_no_button_to_dial_but_its_numbers_are_links():
    client = signed_in(an_enrolment().runner)
    client.post("/something-wrong/", {"red_flags": ["FEVER_UNWELL"]})
    page = client.get("/paused/").content.decode()
    assert "call-now" not in page
    assert '<a href="tel:111">111</a> or your GP' in page
    assert '<a href="tel:999">999</a>' in page


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("NHS 111 or your GP", 'NHS <a href="tel:111">111</a> or your GP'),
        ("line (1800 022 222)", 'line (<a href="tel:1800022222">1800 022 222</a>)'),
        ("pain 3 to 5 for 10 days", "pain 3 to 5 for 10 days"),
        ("<b>112</b> & it's", '&lt;b&gt;<a href="tel:112">112</a>&lt;/b&gt; &amp; it&#x27;s'),
    ],
)
def test_numbers_in_words_are_links_and_the_words_stay_words(words, shown):
    assert numbers_to_call(words) == shown


# --- the hours in which yesterday is still open ---------------------------------------------
def test_between_midnight_and_the_close_the_page_names_the_open_day(settings, time_machine):
    settings.DEMO = True
    time_machine.move_to(datetime.datetime(2026, 6, 20, 12, 0, tzinfo=datetime.UTC), tick=False)
    enrolment = an_enrolment(days_ago=1)
    time_machine.move_to(datetime.datetime(2026, 6, 20, 1, 0, tzinfo=datetime.UTC), tick=False)
    client = signed_in(enrolment.runner)
    page = client.get("/today/").content.decode()
    assert "What is needed to move on" in page
    assert "As of Friday 19 June" in page
    assert "Close Friday 19 June now" in page
    assert client.post("/demo/close-today/").url == "/today/?deciding=2026-06-19"
    assert reloaded(enrolment).decided_through == datetime.date(2026, 6, 19)
    page = client.get("/today/?deciding=2026-06-19").content.decode()
    assert "being decided" not in page
    assert "As of" not in page
    assert "Close Saturday 20 June now" in page


def todays(enrolment) -> str:
    return signed_in(enrolment.runner).get("/today/").content.decode()


def test_when_to_stop_is_said_with_a_session_only():
    rest_day = live(an_enrolment(stage="S3_run1_walk4", days_ago=1), COMFORTABLE)
    assert '<div class="stop-if">' not in todays(rest_day)
    session_day = live(an_enrolment(stage="S3_run1_walk4", days_ago=1), QUIET)
    assert '<div class="stop-if">' in todays(session_day)


# --- who ends a pause -------------------------------------------------------------------------
def test_a_pause_without_a_physiotherapist_asks_to_let_one_in():
    client = signed_in(an_enrolment().runner)
    client.post("/something-wrong/", {"red_flags": ["CE_SADDLE"]})
    page = client.get("/paused/").content.decode()
    assert "Let my physiotherapist in" in page
    assert "your physiotherapist does" not in page


def test_a_pause_names_who_was_told_and_who_can_end_it():
    enrolment = an_enrolment(clinician=a_clinician())
    client = signed_in(enrolment.runner)
    client.post("/something-wrong/", {"red_flags": ["CE_SADDLE"]})
    later = a_clinician("later@example.org", "Lara Later")
    grant_consent(runner=enrolment.runner, clinician=later, now=timezone.now())
    page = client.get("/paused/").content.decode()
    assert "Petra Physio can restart the programme and is sent a mail" in page
    assert "do not wait for an answer" in page
    assert "Lara Later can restart the programme" in page
    assert "your physiotherapist does, here" in page
    assert "Let my physiotherapist in" not in page
