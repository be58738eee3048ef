"""The way back in as a runner meets it: the link, the form, what it asks for, and what a yes does."""

import datetime

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.services import grant_consent
from programs.engine.redflags import RED_FLAGS
from programs.models import Enrolment, Override
from programs.services.diary import EntryValues
from programs.services.health import ClockSkew
from programs.views import self_clear
from tests.builders import an_enrolment, live, reloaded, the_library
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def paused() -> Enrolment:
    the_library()
    enrolment = an_enrolment(a_runner(), stage="S5_run3_walk2", days_ago=1)
    return live(enrolment, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))


def answers(**changes) -> dict[str, str]:
    fields = {
        "assessed_by": "Dr Ada Ames, GP",
        "assessed_on": timezone.now().date().isoformat(),
        "advice": "Walk this week, then run again.",
        "seen": "on",
    }
    return fields | {f"sign_{code}": "no" for code in RED_FLAGS} | changes


def sent(enrolment: Enrolment, **changes) -> HttpResponse:
    return signed_in(enrolment.runner).post(reverse("self_clear"), answers(**changes))


def shown(enrolment: Enrolment, name: str = "self_clear") -> str:
    return signed_in(enrolment.runner).get(reverse(name)).content.decode()


def test_the_pause_page_leads_there_and_to_the_letter(paused):
    page = shown(paused, "paused")
    assert f'href="{reverse("self_clear")}"' in page and f'href="{reverse("letter")}"' in page


def test_with_a_physiotherapist_it_leads_to_her_instead(paused):
    grant_consent(runner=paused.runner, clinician=a_clinician(), now=timezone.now())
    assert f'href="{reverse("self_clear")}"' not in shown(paused, "paused")
    page = shown(paused)
    assert "Petra Physio looks after you here" in page and "<form" not in page.split("<main")[1]
    assert sent(paused).status_code == 200 and reloaded(paused).is_paused


def test_it_says_where_she_restarts_and_whose_choice_this_way_is(paused):
    page = shown(paused)
    assert paused.version.stage_title("S1_walking") in page
    assert "No clinician has approved it yet" in page


def test_nothing_is_answered_beforehand(paused):
    page = shown(paused).split("<main")[1]
    assert " checked" not in page
    assert page.count('<fieldset class="yes-no') == len(RED_FLAGS)


def test_a_whole_statement_ends_the_pause_and_leads_to_today(paused):
    answer = sent(paused)
    assert (answer.status_code, answer.url) == (302, reverse("today"))
    after = reloaded(paused)
    assert (after.is_paused, after.stage) == (False, "S1_walking")
    assert shown(paused, "why").count("I have been seen and told I may continue.") >= 1


@pytest.mark.parametrize(
    "without", ["assessed_by", "assessed_on", "advice", "seen", "sign_CE_SADDLE", "sign_THORACIC"]
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(paused, without):
    answer = sent(paused, **{without: ""})
    assert answer.status_code == 200 and without in answer.context["form"].errors
    assert reloaded(paused).is_paused and not Override.objects.exists()
    if without != "advice":
        assert "Walk this week, then run again." in answer.content.decode()


def test_the_skippable_question_may_be_skipped(paused):
    assert sent(paused, sign_CE_SEXUAL="").status_code == 302


@pytest.mark.parametrize("also", [{}, {"assessed_by": ""}, {"seen": ""}])
def test_a_yes_pauses_whatever_else_was_filled_in(paused, also):
    answer = sent(paused, sign_CE_SADDLE="yes", **also)
    assert (answer.status_code, answer.url) == (302, reverse("paused"))
    after = reloaded(paused)
    assert (after.refer, after.stage) == ("emergency", "S5_run3_walk2")
    assert not Override.objects.exists()


def test_on_the_day_of_a_warning_sign_it_asks_for_patience(paused):
    sent(paused, sign_FEVER_UNWELL="yes")
    page = shown(paused)
    assert "Come back tomorrow" in page and 'name="assessed_by"' not in page


def test_a_refused_day_is_said_beside_its_field(paused):
    before = (timezone.now() - datetime.timedelta(days=40)).date().isoformat()
    answer = sent(paused, assessed_on=before)
    assert "since your last warning sign" in str(answer.context["form"].errors["assessed_on"])


def test_who_is_not_paused_is_led_to_today():
    the_library()
    enrolment = an_enrolment(a_runner())
    assert (
        sent(enrolment).url == signed_in(enrolment.runner).get(reverse("self_clear")).url == reverse("today")
    )


def test_words_of_hers_are_words_and_no_markup(paused):
    sent(paused, advice="<script>alert(1)</script> walk", assessed_by="Dr <b>Bold</b>")
    assert "<script>alert" not in shown(paused, "why") and "<b>Bold" not in shown(paused, "why")


def test_clocks_that_disagree_change_nothing(paused, monkeypatch):
    def differ(**kwargs):
        raise ClockSkew("an hour apart")

    monkeypatch.setattr(self_clear, "check_clocks", differ)
    answer = sent(paused)
    assert "our clocks disagree" in answer.content.decode() and reloaded(paused).is_paused
