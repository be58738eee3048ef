"""What stands in the mails of runners: the plan as Today says it, last week as it was; and the cost."""

import datetime
import re
import uuid

import pytest
from django.utils import translation

from accounts.models import Language, User
from programs.access import own_enrolment
from programs.emails import email_for
from programs.mail_contents import contents_of, trial
from programs.models import CHOSEN, Enrolment, MessageKind
from programs.selectors.today import today_page
from programs.services.messages import message_row
from programs.services.notes import NoteValues, add_note
from programs.snapshots import contacts_of
from tests.builders import the_library
from tests.integration.story import QUIET, RUN, Story
from tests.support.mails_of_every_kind import html_of, is_to_a_clinician

pytestmark = pytest.mark.django_db
WITH_PLAN = ("reminder", "nudge", "again")
RUNNERS_KINDS = [kind for kind in MessageKind if not is_to_a_clinician(kind)]


@pytest.fixture(autouse=True)
def library():
    the_library()


def owed(story: Story, kind: str, day: int, decision=None, wall=datetime.time(18)):
    message = message_row(
        recipient=story.runner,
        enrolment=story.enrolment,
        kind=kind,
        local_date=story.date(day),
        decision=decision,
        now=story.at(day, wall),
    )
    message.save()
    return message


def mail_of(story: Story, kind: str, day: int, decision=None):
    message = owed(story, kind, day, decision)
    content = contents_of([message], story.at(day, datetime.time(18)))[message.pk]
    assert content.skip == ""
    return email_for(message, content)


def strong_note(story: Story, day: int, score: int = 9) -> None:
    values = NoteValues(key=uuid.uuid4(), occasion="rest", site="back", score=score)
    add_note(
        enrolment=story.enrolment,
        by=story.runner,
        now=story.at(day, datetime.time(9)),
        date=story.date(day),
        values=values,
    )


def a_runner_who_runs(number: int = 1) -> Story:
    story = Story(number=number, stage="S3_run1_walk4")
    story.live(1, [QUIET, RUN, QUIET])
    return story


# --- today's plan ------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", WITH_PLAN)
def test_a_session_day_names_the_session_and_its_minutes_as_the_page_does(kind):
    story = a_runner_who_runs()
    mail = mail_of(story, kind, 4)
    page = today_page(enrolment=own_enrolment(story.runner), now=story.at(4, datetime.time(18)))
    (session, *_) = page.plan.main
    for body in (mail.body, html_of(mail)):
        assert str(page.plan.tag.label) in body
        assert session.title in body
        assert session.run_walk.total in body


def test_a_rest_day_is_told_with_its_reason_and_no_session():
    story = a_runner_who_runs()
    story.live(4, [RUN])
    body = mail_of(story, "reminder", 5).body
    assert "A rest day. A rest day between sessions." in body
    assert "Run 1 min" not in body


@pytest.mark.parametrize("kind", WITH_PLAN)
def test_a_note_of_strong_pain_leaves_no_session_in_a_mail(kind):
    story = a_runner_who_runs()
    strong_note(story, 4)
    mail = mail_of(story, kind, 4)
    for body in (mail.body, html_of(mail)):
        assert "Check in first" in body
        assert "Run 1" not in body


def test_a_score_that_makes_today_a_rest_day_leaves_no_session():
    story = a_runner_who_runs()
    story.live(4, [RUN])
    story.log(5, morning=6)
    body = mail_of(story, "reminder", 5).body
    assert "Your scores so far ask for easy days: no session today." in body
    assert "Run 1 min" not in body


def test_whoever_is_paused_is_told_no_plan():
    story = a_runner_who_runs()
    story.log(4, rest=2, red_flags=["CE_SADDLE"])
    assert story.enrolment.is_paused
    body = mail_of(story, "again", 4).body
    assert "plan" not in body


def test_a_session_that_was_done_is_not_asked_for_again():
    story = a_runner_who_runs()
    story.log(4, morning=1, session="done", during=1, after=1, run_minutes=None)
    body = mail_of(story, "reminder", 4).body
    assert "Run 1 min" not in body


def test_a_mail_of_yesterday_tells_no_plan_of_today():
    story = a_runner_who_runs()
    message = owed(story, "reminder", 4)
    content = contents_of([message], story.at(5, datetime.time(6)))[message.pk]
    assert content.context["plan"] is None


def test_a_runner_whose_rows_cannot_be_read_is_asked_all_the_same():
    story, other = a_runner_who_runs(), a_runner_who_runs(2)
    Enrolment.objects.filter(pk=story.pk).update(stage="no_such_stage")
    messages = [owed(story, "reminder", 4), owed(other, "reminder", 4)]
    first, second = contents_of(messages, story.at(4, datetime.time(18))).values()
    assert first.context["plan"] is None
    assert second.context["plan"].sessions
    assert "How strong is your pain" in email_for(messages[0], first).body


def test_a_programme_at_fault_keeps_nobody_from_her_mail(monkeypatch):
    """Least of all the mail of a pause, in the same batch."""
    story, other = a_runner_who_runs(), a_runner_who_runs(2)
    other.log(4, rest=2, red_flags=["CE_SADDLE"])
    monkeypatch.setattr("programs.mail_contents.batch.contacts_of", faulty_for(story, contacts_of))
    pause = owed(other, "pause", 4, other.decision(4))
    messages = [owed(story, "reminder", 4), owed(story, "advance", 4, story.decision(3)), pause]
    weekly = owed(story, "weekly", 8)
    found = contents_of([*messages, weekly], story.at(4, datetime.time(18)))
    reminder, advance, told = (found[message.pk] for message in messages)
    assert found[weekly.pk].skip == "what was written down cannot be read"
    assert reminder.context["plan"] is None
    assert advance.context["holds_back"] is True
    assert told.context["stage_title"]
    for message, content in zip(messages, (reminder, advance, told), strict=True):
        assert email_for(message, content).body


def faulty_for(story: Story, read):
    def reading(enrolment):
        if enrolment.pk == story.pk:
            raise KeyError("a row at fault")
        return read(enrolment)

    return reading


# --- decisions -----------------------------------------------------------------------------------
def a_step_back() -> Story:
    story = a_runner_who_runs()
    story.live(4, [{**QUIET, "session": "done", "during": 8, "after": 8}])
    assert story.decision(4).decision == "step_back"
    return story


def test_a_change_names_the_step_of_the_edition_that_decided():
    story = a_step_back()
    decision = story.decision(4)
    body = mail_of(story, "step_back", 5, decision).body
    assert decision.version.stage_title(decision.stage_after) in body
    assert decision.reason in body


def test_after_a_note_of_strong_pain_a_change_names_no_step():
    story = a_step_back()
    decision = story.decision(4)
    strong_note(story, 5)
    mail = mail_of(story, "step_back", 5, decision)
    for body in (mail.body, html_of(mail)):
        assert decision.version.stage_title(decision.stage_after) not in body
        assert "no session now" in body


# --- last week -------------------------------------------------------------------------------------
def test_a_week_counts_what_was_recorded_and_leaves_out_what_was_not():
    story = a_runner_who_runs()
    story.live(4, [None, {"morning": 0, "rest": 0}, None, {"morning": 4, "rest": 4}])
    week = contents_of([message := owed(story, "weekly", 8)], story.at(8))[message.pk].context["week"]
    assert (week.days, week.recorded, week.missing) == (7, 5, 2)
    assert week.pain == "0 to 4 of 10, on average 1.4"
    assert week.done == 1
    assert week.first == story.date(1)


def test_a_week_without_a_score_has_none_and_no_zero():
    story = Story()
    story.live(1, [None] * 7)
    message = owed(story, "weekly", 8)
    content = contents_of([message], story.at(8))[message.pk]
    assert content.context["week"].pain == ""
    assert "Pain at rest: not recorded" in email_for(message, content).body


def test_a_week_tells_what_was_decided_and_nothing_of_the_days_on_which_all_stayed():
    story = a_step_back()
    story.live(5, [QUIET, QUIET, QUIET])
    week = contents_of([message := owed(story, "weekly", 8)], story.at(8))[message.pk].context["week"]
    (line,) = week.decided
    assert line.startswith("Thursday 5 March: One step back: ")


def test_a_week_before_the_programme_is_none():
    story = Story()
    message = owed(story, "weekly", 7)
    assert contents_of([message], story.at(7))[message.pk].skip == "the programme began after that week"


# --- all of them -----------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["", Language.CHINESE])
@pytest.mark.parametrize("kind", RUNNERS_KINDS)
def test_every_mail_of_a_runner_can_be_made_of_her_rows(kind, language):
    story = a_step_back()
    story.live(5, [QUIET, QUIET, QUIET])
    User.objects.filter(pk=story.runner.pk).update(language=language)
    story.runner.refresh_from_db()
    needs_one = kind in ("advance", "step_back", "pause")
    mail = mail_of(story, kind, 8, story.decision(4) if needs_one else None)
    assert mail.body and html_of(mail)
    assert translation.get_language() == "en-gb"


def test_the_content_of_a_batch_costs_as_many_queries_for_twenty_as_for_two(django_assert_num_queries):
    stories = [a_step_back_of(number) for number in range(20)]
    kinds = ("reminder", "weekly", "step_back", "again", "morning_after", "silent", "written", "nudge")
    messages = [
        owed(story, kind, 9, story.decision(2) if kind == "step_back" else None)
        for story in stories
        for kind in kinds
    ]
    now = stories[0].at(9, datetime.time(18))
    contents_of(messages, now)
    for count in (2, 20):
        some = messages[: count * len(kinds)]
        with django_assert_num_queries(9):
            contents = contents_of(some, now)
        with django_assert_num_queries(0):
            for message in some:
                body = email_for(message, contents[message.pk]).body
                assert {int(found) for found in re.findall(r"/m/./([0-9]+)-", body)} == {message.pk}


def a_step_back_of(number: int) -> Story:
    story = Story(number=number, stage="S3_run1_walk4")
    story.live(1, [QUIET, {**QUIET, "session": "done", "during": 8, "after": 8}])
    return story


# --- a test mail -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", CHOSEN)
@pytest.mark.parametrize("with_programme", [True, False])
def test_a_test_mail_of_every_kind_says_that_it_is_one_and_does_nothing(kind, with_programme):
    story = a_runner_who_runs()
    person = story.seen_by() if is_to_a_clinician(kind) else story.runner
    if not with_programme:
        Enrolment.objects.update(status="withdrawn")
    words = trial.test_words_of(person, kind, story.at(4, datetime.time(18)))
    assert words.subject.startswith("Test: ")
    for body in (words.text, words.html):
        assert "This is a test mail" in body
        assert "/m/" not in body
        assert "Runner 1" not in body and str(story.enrolment.public_id) not in body


def test_a_test_mail_has_her_own_plan():
    story = a_runner_who_runs()
    assert "Run 1 min" in trial.test_words_of(story.runner, "reminder", story.at(4, datetime.time(18))).text
