"""The intake: step by step, nothing lost, and no programme where somebody has to look first."""

import datetime

import pytest
from django.urls import reverse

from programs.models import Enrolment, Intake
from tests.builders import an_enrolment, every_programme, shipped, the_library
from tests.support.mail_choices import choice_of
from tests.support.people import a_runner, signed_in

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 20, 12, 0, tzinfo=datetime.UTC)
EXCLUSIONS = list(shipped().of_kind("intake-question"))
RED_FLAGS = list(shipped().of_kind("red-flag"))
NO_EXCLUSION = dict.fromkeys(EXCLUSIONS, "no")
NO_FLAG = dict.fromkeys(RED_FLAGS, "no")
PAIN = {
    "intake_pain": "4",
    "baseline_morning": "2",
    "duration": "fresh",
    "flexion_intolerant": "yes",
    "extension_intolerant": "no",
}
START = {
    "stage": "S1_walking",
    "time_zone": "Europe/Berlin",
    "reminder": "yes",
    "reminder_time": "18:00",
}


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON)
    the_library()
    every_programme()


@pytest.fixture
def client():
    return signed_in(a_runner())


def send(client, step, data):
    return client.post(reverse("intake_step", args=[step]), data)


def up_to(client, last, **changes):
    """Answer every step before ``last``; ``changes`` are answers of any step."""
    programme = str(next(o.version_id for o in offers_of(client) if o.key == "lbp-acute-default"))
    answers = {
        "about": {"consent": "on", "understood": "on"},
        "suitable": NO_EXCLUSION,
        "warning-signs": NO_FLAG,
        "pain": PAIN,
        "programme": {"programme": programme},
        "start": START,
    }
    response = None
    for step, data in answers.items():
        if step == last:
            break
        data = {**data, **{name: value for name, value in changes.items() if name in data}}
        response = send(client, step, data)
    return response


def offers_of(client):
    return client.get(reverse("intake_step", args=["about"])).context["form"].offers


def test_the_whole_way_starts_a_programme(client):
    response = up_to(client, None)
    assert response.url == reverse("name_activities")
    enrolment = Enrolment.objects.get()
    assert (enrolment.intake_pain, enrolment.baseline_morning) == (4, 2)
    assert enrolment.pattern == "flexion_intolerant"
    assert enrolment.runner.time_zone == "Europe/Berlin"
    assert choice_of(enrolment.runner).wall == datetime.time(18, 0)
    assert client.get(response.url).status_code == 200


def test_the_record_says_what_was_asked_and_agreed_to(client):
    up_to(client, None, CE_SEXUAL="")
    answers = Intake.objects.get().answers
    assert answers["consent"]["text_version"] == 2
    assert answers["skipped"] == ["CE_SEXUAL"]
    assert answers["questions"]["CE_SADDLE"] == 1


def test_what_the_people_who_run_the_site_see_is_said(client):
    said = "not your scores"
    assert said in client.get(reverse("intake_step", args=["about"])).content.decode()
    assert said in client.get(reverse("access")).content.decode()


def test_without_agreement_nothing_goes_on(client):
    response = send(client, "about", {"understood": "on"})
    assert "consent" in response.context["form"].errors
    assert client.get(reverse("intake_step", args=["suitable"])).url == reverse("intake")


@pytest.mark.parametrize("step", ["suitable", "warning-signs", "pain", "programme", "start"])
def test_no_step_can_be_left_out(client, step):
    assert client.get(reverse("intake_step", args=[step])).url == reverse("intake")
    assert send(client, step, {}).url == reverse("intake")


@pytest.mark.parametrize("step", ["suitable", "warning-signs", "pain"])
def test_no_answer_about_health_is_preselected(client, step):
    up_to(client, step)
    assert '" checked' not in client.get(reverse("intake_step", args=[step])).content.decode()


@pytest.mark.parametrize(
    ("step", "chosen"),
    [("suitable", len(EXCLUSIONS)), ("warning-signs", len(RED_FLAGS) - 1), ("pain", len(PAIN))],
)
def test_going_back_shows_what_was_answered_and_nothing_that_was_skipped(client, step, chosen):
    up_to(client, "programme", CE_SEXUAL="")
    page = client.get(reverse("intake_step", args=[step])).content.decode()
    assert page.count('" checked') == chosen


def test_every_warning_sign_needs_an_answer_of_its_own(client):
    up_to(client, "warning-signs")
    response = send(client, "warning-signs", {**NO_FLAG, "CE_SADDLE": ""})
    assert list(response.context["form"].errors) == ["CE_SADDLE"]
    assert response.content.decode().count('" checked') == len(RED_FLAGS) - 1
    errors = send(client, "warning-signs", {}).context["form"].errors
    assert set(errors) == set(RED_FLAGS) - {"CE_SEXUAL"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("intake_pain", ""),
        ("intake_pain", "11"),
        ("baseline_morning", ""),
        ("duration", ""),
        ("flexion_intolerant", ""),
    ],
)
def test_a_mistake_gives_the_step_back_filled_in(client, name, value):
    up_to(client, "pain")
    response = send(client, "pain", {**PAIN, name: value})
    assert list(response.context["form"].errors) == [name]
    assert response.content.decode().count('" checked') == len(PAIN) - 1


@pytest.mark.parametrize("code", RED_FLAGS)
def test_every_warning_sign_ends_in_what_to_do_and_no_programme(client, code):
    response = up_to(client, "pain", **{code: "yes"})
    assert response.url == reverse("intake_result")
    page = client.get(response.url).content.decode()
    assert "999" in page or "NHS 111" in page
    assert not Enrolment.objects.exists()
    assert Intake.objects.get().reasons == [code]


@pytest.mark.parametrize("code", EXCLUSIONS)
def test_every_exclusion_ends_in_a_referral(client, code):
    assert up_to(client, "pain", **{code: "yes"}).url == reverse("intake_result")
    assert "was not made for you at present" in client.get(reverse("intake_result")).content.decode()
    assert not Enrolment.objects.exists()


def test_an_exclusion_still_asks_for_warning_signs_because_one_may_be_an_emergency(client):
    assert up_to(client, "warning-signs", PREGNANT_POSTNATAL="yes").url.endswith("/warning-signs/")
    send(client, "warning-signs", {**NO_FLAG, "CE_BLADDER": "yes"})
    assert "Call 999" in client.get(reverse("intake_result")).content.decode()


def test_an_emergency_is_the_first_thing_on_the_result(client, settings):
    settings.REHAB_EMERGENCY_NUMBER = "112"
    up_to(client, "pain", CE_SADDLE="yes")
    page = client.get(reverse("intake_result")).content.decode()
    assert "<h1>Call 112 now</h1>" in page
    assert "Call 112 now, or go to the nearest" in page
    assert page.index('href="tel:112"') < page.index("What to do") < page.index("Nothing was started here")
    assert "Stop the programme" not in page


def test_what_is_not_an_emergency_is_not_called_one(client):
    up_to(client, "pain", FEVER_UNWELL="yes")
    page = client.get(reverse("intake_result")).content.decode()
    assert "<h1>Please be seen first</h1>" in page
    assert "call-now" not in page
    assert '<a href="tel:111">111</a>' in page


def test_before_there_is_a_programme_a_yes_pauses_none(client):
    up_to(client, "warning-signs")
    page = client.get(reverse("intake_step", args=["warning-signs"])).content.decode()
    assert "A yes means: be seen first" in page
    assert "pauses" not in page


def test_after_a_referral_the_start_leads_to_the_result_and_can_be_answered_again(client):
    up_to(client, "pain", CHEST_PAIN="yes")
    assert client.get(reverse("intake")).url == reverse("intake_result")
    up_to(client, None)
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(("duration", "key"), [("fresh", "lbp-acute-default"), ("long", "lbp-chronic")])
def test_the_duration_suggests_a_programme(client, duration, key):
    up_to(client, "programme", duration=duration)
    form = client.get(reverse("intake_step", args=["programme"])).context["form"]
    assert form.initial["programme"] == next(o.version_id for o in form.offers if o.key == key)
    assert len(form.offers) == 6


@pytest.mark.parametrize(("duration", "has_rest"), [("fresh", True), ("long", False)])
def test_easy_days_are_offered_only_for_fresh_pain(client, duration, has_rest):
    up_to(client, "start", duration=duration)
    form = client.get(reverse("intake_step", args=["start"])).context["form"]
    assert ("S0_relative_rest" in dict(form.fields["stage"].choices)) is has_rest
    response = send(client, "start", {**START, "stage": "S0_relative_rest"})
    assert (response.status_code == 302) is has_rest


@pytest.mark.parametrize("stage", ["S3_run1_walk4", "S8_run20_30", "", "nonsense"])
def test_nobody_begins_by_running(client, stage):
    up_to(client, "start")
    errors = send(client, "start", {**START, "stage": stage}).context["form"].errors
    assert errors["stage"] == ["Choose one of these." if stage else "Choose where you begin."]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"reminder_time": ""}, "reminder_time"),
        ({"reminder": ""}, "reminder"),
    ],
)
def test_a_mistake_on_the_last_step_loses_nothing(client, change, field):
    up_to(client, "start")
    response = send(client, "start", {**START, **change})
    assert field in response.context["form"].errors
    assert send(client, "start", START).status_code == 302


def test_no_reminder_is_a_choice(client):
    up_to(client, "start")
    send(client, "start", {**START, "reminder": "no"})
    assert choice_of(Enrolment.objects.get().runner).next_at is None


def test_the_last_form_twice_is_one_programme(client):
    up_to(client, None)
    send(client, "start", START)
    assert Enrolment.objects.count() == 1


def test_old_answers_are_asked_again(client, time_machine):
    up_to(client, "start")
    time_machine.move_to(NOON + datetime.timedelta(hours=25))
    assert client.get(reverse("intake")).url == reverse("intake_step", args=["about"])


def test_who_has_a_programme_is_led_to_today():
    client = signed_in(an_enrolment().runner)
    for url in (reverse("intake"), reverse("intake_step", args=["about"]), reverse("intake_result")):
        assert client.get(url, follow=True).redirect_chain[-1][0] == reverse("today")


def test_an_unknown_step_is_not_found(client):
    assert client.get(reverse("intake_step", args=["payment"])).status_code == 404


def test_without_a_programme_something_wrong_says_what_to_do(client):
    page = client.get(reverse("something_wrong")).content.decode()
    assert "Call 999" in page
    assert 'href="tel:999"' in page
    assert page.count("<li>") >= len(RED_FLAGS)
