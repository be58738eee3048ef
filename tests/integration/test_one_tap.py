"""One tap from the mail: looking writes nothing, the button writes one score, once."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from programs.mail_links import SCORES
from programs.models import DiaryEntry, EntryRevision, MessageKind, MessageOwed
from tests.integration.story import Story
from tests.support.mail_links import a_mail, every_row, tap
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db
EVENING = datetime.time(19)


@pytest.fixture
def story(time_machine) -> Story:
    story = Story()
    time_machine.move_to(story.at(1, EVENING))
    return story


def reminder(story: Story, day: int = 1, kind: str = MessageKind.REMINDER, **fields) -> MessageOwed:
    return a_mail(story.enrolment, story.date(day), kind, **fields)


def press(message: MessageOwed, score: int, chosen: object = None):
    """Open the link of ``score`` and send the form, with nothing that a browser keeps."""
    fields = {"score": str(score if chosen is None else chosen)}
    return Client(enforce_csrf_checks=True).post(tap(message, score), fields, headers={"Origin": "null"})


def entry() -> DiaryEntry:
    return DiaryEntry.objects.get()


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- looking -----------------------------------------------------------------------------
@pytest.mark.parametrize("score", SCORES)
def test_the_page_shows_that_score_chosen_and_ten_others(story, score):
    page = said(Client().get(tap(reminder(story), score)))
    assert page.count('type="radio"') == 11
    assert page.count(" checked") == 1
    assert f'value="{score}" id="id_score_{score}" checked' in page
    assert "Pain at rest" in page
    assert "Monday 2 March" in page


def test_the_page_tells_nothing_of_her(story):
    story.log(1, morning=8, session="stopped_pain", during=7)
    page = said(signed_in(story.runner).get(tap(reminder(story), 4)))
    for word in ("Runner 1", "runner1@", "Today</", "8/10", "walking"):
        assert word not in page


@pytest.mark.parametrize("kind,field", [("morning_after", "morning"), ("reminder", "rest")])
def test_each_kind_of_mail_asks_for_its_own_score(story, kind, field):
    answer = press(reminder(story, kind=kind), 3)
    assert "Thank you" in said(answer)
    stored = {name: getattr(entry(), name) for name in ("rest", "morning", "during", "after", "session")}
    assert stored == dict.fromkeys(stored) | {field: 3}


def test_the_page_is_kept_nowhere_and_tells_no_next_page(story):
    for answer in (Client().get(tap(reminder(story), 4)), Client().get("/m/s/1-nothing/4/")):
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not answer.cookies


# --- saving ------------------------------------------------------------------------------
def test_the_button_writes_the_one_score_and_the_mail_is_answered(story):
    message = reminder(story)
    answer = press(message, 4)
    assert answer.status_code == 200
    assert (entry().rest, entry().date, entry().recorded_by) == (4, story.date(1), story.runner)
    message.refresh_from_db()
    assert message.answered_at == entry().recorded_at
    assert reverse("check_in_for", args=["2026-03-02"]) in said(answer)


def test_another_score_may_be_chosen_on_the_page(story):
    press(reminder(story), 4, chosen=6)
    assert entry().rest == 6


@pytest.mark.parametrize("chosen", ["", "11", "-1", "x", "4.5", "４ "])
def test_what_is_no_score_writes_nothing_and_asks_again(story, chosen):
    before = every_row()
    answer = press(reminder(story), 4, chosen=chosen)
    assert answer.status_code == 200
    assert "Choose a number from 0 to 10" in said(answer)
    after = every_row()
    assert {table for table in before if before[table] != after[table]} == {"programs_messageowed"}
    assert not MessageOwed.objects.exclude(answered_at=None).exists()


def test_the_rest_of_the_day_stays_as_she_wrote_it(story):
    story.log(1, morning=2, session="done", during=3, after=1, sites=("back",), warmup="resolved")
    DiaryEntry.objects.update(rest=None)
    press(reminder(story), 5)
    kept = entry()
    assert (kept.rest, kept.morning, kept.session, kept.during, kept.after) == (5, 2, "done", 3, 1)
    assert (kept.sites, kept.warmup) == (["back"], "resolved")
    assert EntryRevision.objects.count() == 1


@pytest.mark.parametrize("again", [4, 7])
def test_a_second_press_writes_nothing_and_shows_nothing(story, again):
    message = reminder(story)
    press(message, 4)
    before = every_row()
    answer = press(message, again)
    assert "recorded already" in said(answer)
    assert "checked" not in said(answer)
    assert every_row() == before


def test_another_mail_of_the_date_that_asks_the_same_writes_nothing(story):
    first, second = reminder(story), reminder(story, kind="nudge")
    press(first, 4)
    assert "recorded already" in said(press(second, 9))
    assert entry().rest == 4


def test_an_answer_of_the_check_in_is_not_overwritten(story):
    story.log(1, rest=2)
    assert "recorded already" in said(press(reminder(story), 9))
    assert "recorded already" in said(Client().get(tap(reminder(story, kind="nudge"), 9)))
    assert entry().rest == 2


def test_what_she_took_back_on_the_site_is_not_written_again(story):
    message = reminder(story, kind="morning_after")
    press(message, 8)
    story.log(1, rest=2)
    assert "recorded already" in said(press(message, 8))
    assert entry().morning is None


def test_the_two_questions_of_a_day_do_not_stand_in_each_others_way(story):
    press(reminder(story, kind="morning_after"), 3)
    press(reminder(story), 5)
    assert (entry().morning, entry().rest) == (3, 5)


# --- what she is told afterwards ---------------------------------------------------------
@pytest.mark.parametrize("score,is_strong", [(0, False), (6, False), (7, True), (10, True)])
def test_from_severe_pain_on_the_page_says_whom_to_call(story, score, is_strong):
    page = said(press(reminder(story), score))
    assert ("Call <strong>999</strong>" in page) == is_strong
    assert ('href="tel:999"' in page) == is_strong
    assert "Today’s session" not in page and "walking" not in page


def test_she_reads_the_page_in_her_own_language(story):
    type(story.runner).objects.update(language="zh-hans")
    answer = Client().get(tap(reminder(story), 4))
    assert '<html lang="zh-Hans"' in said(answer)
    assert answer.headers["Content-Language"] == "zh-hans"


def test_a_question_takes_few_queries(story, django_assert_num_queries):
    message = reminder(story)
    with django_assert_num_queries(4):
        Client().get(tap(message, 4))
