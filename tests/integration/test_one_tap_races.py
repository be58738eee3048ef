"""Presses at once, a press beside a check-in, a press beside the close: one score, and nothing lost."""

import datetime

import pytest
from django.db import connection
from django.test import Client

from programs.mail_links import Purpose, token_of
from programs.models import Decision, DiaryEntry, EntryRevision, MessageKind, MessageOwed
from programs.services.days import close_due
from programs.services.one_tap import LinkIsOver, answer_by_link
from tests.integration.story import Story
from tests.integration.test_races import at_once
from tests.support.mail_links import a_mail, tap

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]
ROUNDS = 5
THREADS = 8


def mails(story: Story, day: int = 1) -> list[MessageOwed]:
    kinds = (MessageKind.REMINDER, MessageKind.NUDGE)
    return [a_mail(story.enrolment, story.date(day), kind) for kind in kinds]


def test_presses_at_once_are_one_score(time_machine):
    for number in range(ROUNDS):
        story = Story(number)
        time_machine.move_to(story.at(1), tick=False)
        messages, pages = mails(story), []

        def press(message, score, pages=pages):
            answer = Client().post(tap(message, score), {"score": str(score)})
            pages.append(b"Thank you" in answer.content)

        raised = at_once(*[lambda n=n, all_=messages, act=press: act(all_[n % 2], n) for n in range(THREADS)])
        assert raised == []
        assert sorted(pages) == [False] * (THREADS - 1) + [True]
        assert DiaryEntry.objects.filter(enrolment=story.pk).count() == 1
        assert EntryRevision.objects.count() == 0
        assert MessageOwed.objects.filter(recipient=story.runner, answered_at__isnull=False).count() == 1


def test_a_press_and_a_check_in_lose_nothing_of_each_other():
    for number in range(ROUNDS):
        story = Story(number)
        token = token_of(mails(story)[0], Purpose.SCORE)
        raised = at_once(
            lambda token=token, story=story: answer_by_link(token=token, score=4, now=story.at(1)),
            lambda story=story: story.log(1, morning=2, rest=6, session="done", during=3),
        )
        assert raised == []
        entry = DiaryEntry.objects.get(enrolment=story.pk)
        # Whichever came first: what she checked in stands, whole.
        assert (entry.rest, entry.morning, entry.session, entry.during) == (6, 2, "done", 3)


def test_a_press_beside_the_close_is_in_the_decision_or_nowhere():
    for number in range(ROUNDS):
        story = Story(number)
        token = token_of(mails(story)[0], Purpose.SCORE)
        due = story.enrolment.closes_at
        late = due - datetime.timedelta(seconds=1)
        raised = at_once(
            lambda token=token, now=late: answer_by_link(token=token, score=4, now=now),
            lambda story=story, now=due: close_due(now=now, job="test", first=story.pk, last=story.pk),
        )
        assert all(isinstance(error, LinkIsOver) for error in raised)
        # Whoever is being written to is passed over, and found by the next run.
        close_due(now=due, job="test", first=story.pk, last=story.pk)
        decision = Decision.objects.get(enrolment=story.pk)
        written = DiaryEntry.objects.filter(enrolment=story.pk).exists()
        assert decision.has_rest_score == written == (raised == [])
        assert (
            MessageOwed.objects.filter(recipient=story.runner, answered_at__isnull=False).exists() == written
        )
