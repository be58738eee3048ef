"""What is promised comes: asked again, after links were made useless, and after days without a word."""

import datetime

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from programs.engine.redflags import RED_FLAGS
from programs.mail_contents import contents_of
from programs.mail_links import Purpose, message_of, token_of
from programs.models import MailChoice, MessageKind, MessageOwed
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.mail_choices import choose
from programs.services.mail_settings import hold_links
from programs.services.owed_again import ask_again
from programs.services.way_out import come_back_by_link, leave_by_link
from tests.integration.story import Story
from tests.support.mail_links import a_mail, later

pytestmark = pytest.mark.django_db
AT_SIX, AT_HALF_PAST, AT_EIGHT = datetime.time(18), datetime.time(18, 30), datetime.time(20)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def story(time_machine):
    story = Story()
    choose(person=story.runner, kind="reminder", is_on=True, wall=AT_SIX, now=story.at(0, AT_SIX))
    time_machine.move_to(story.at(1, AT_SIX) + MINUTE, tick=False)
    return story


def send(now: datetime.datetime) -> None:
    owe_by_the_clock(now=now)
    deliver_due(now=now, contents=contents_of)


def nudge_alone(runner, now) -> None:
    choose(person=runner, kind="reminder", is_on=False, now=now)
    choose(person=runner, kind="nudge", is_on=True, wall=AT_HALF_PAST, now=now)


def test_asked_again_by_a_second_question_comes_without_the_reminder(story):
    nudge_alone(story.runner, story.at(1, datetime.time(10)))
    nudge = a_mail(story.enrolment, story.date(1), MessageKind.NUDGE)
    again = ask_again(message=nudge, wall=AT_EIGHT, now=story.at(1, AT_SIX) + MINUTE)
    deliver_due(now=story.at(1, AT_EIGHT), contents=contents_of)
    again.refresh_from_db()
    assert (again.status, again.outcome) == ("sent", "")


def test_the_way_out_of_it_ends_the_second_question_and_leaves_the_reminder(story):
    choose(person=story.runner, kind="nudge", is_on=True, now=story.at(1, datetime.time(10)))
    nudge = a_mail(story.enrolment, story.date(1), MessageKind.NUDGE)
    again = ask_again(message=nudge, wall=AT_EIGHT, now=story.at(1, AT_SIX) + MINUTE)
    leave_by_link(token=token_of(again, Purpose.UNSUBSCRIBE), now=story.at(1, AT_EIGHT))
    on = dict(MailChoice.objects.filter(person=story.runner).values_list("kind", "is_on"))
    assert (on["nudge"], on["reminder"]) == (False, True)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        ("paused", "Just now we would send no such mail."),
        ("bounced", "Your address does not take our mails"),
        ("off", "These mails are turned off."),
    ],
)
def test_nothing_is_promised_that_would_not_come(story, make, words):
    message, now = a_mail(story.enrolment, story.date(1)), story.at(1, AT_SIX) + MINUTE
    if make == "paused":
        report_red_flags(enrolment=story.enrolment, by=story.runner, now=now, codes=(next(iter(RED_FLAGS)),))
    if make == "bounced":
        User.objects.filter(pk=story.runner.pk).update(bounced_at=now, bounce="550")
    if make == "off":
        choose(person=story.runner, kind="reminder", is_on=False, now=now)
    for answer in (Client().get(later(message)), Client().post(later(message), {"when": "19:01"})):
        page = " ".join(answer.content.decode().split())
        assert "We cannot ask you again today" in page and words in page
        assert "pause" not in page.lower(), "whoever holds the link learns nothing of her health"
    with pytest.raises(Refused, match=words):
        ask_again(message=MessageOwed.objects.get(pk=message.pk), wall=AT_EIGHT, now=now)
    assert not MessageOwed.objects.filter(kind=MessageKind.AGAIN).exists()


def test_links_that_were_made_useless_are_those_of_mails_that_went_out(story):
    sent = a_mail(story.enrolment, story.date(1))
    again = ask_again(message=sent, wall=AT_EIGHT, now=story.at(1, AT_SIX) + MINUTE)
    hold_links(person=story.runner, now=story.at(1, AT_HALF_PAST))
    deliver_due(now=story.at(1, AT_EIGHT), contents=contents_of)
    again.refresh_from_db()
    assert message_of(token_of(sent, Purpose.SCORE), Purpose.SCORE) is None
    for purpose in (Purpose.SCORE, Purpose.UNSUBSCRIBE):
        token = token_of(again, purpose)
        assert message_of(token, purpose) == again and token in mail.outbox[-1].body
    assert token_of(again, Purpose.UNSUBSCRIBE) in mail.outbox[-1].extra_headers["List-Unsubscribe"]


def test_a_mail_that_perhaps_went_out_is_another_mail_afterwards(story):
    owed = a_mail(story.enrolment, story.date(1), status="owed", settled_at=None, uncertain=1)
    old = token_of(owed, Purpose.SCORE)
    hold_links(person=story.runner, now=story.at(1, AT_HALF_PAST))
    assert message_of(old, Purpose.SCORE) is None
    owed.refresh_from_db()
    assert message_of(token_of(owed, Purpose.SCORE), Purpose.SCORE) == owed


def test_who_has_the_second_question_alone_is_asked_once_whether_to_pause(story):
    nudge_alone(story.runner, story.at(1, datetime.time(10)))
    for day in range(1, 20):
        send(story.at(day, AT_HALF_PAST))
    asked = MessageOwed.objects.get(kind=MessageKind.SILENT)
    assert asked.status == "sent"
    assert not MessageOwed.objects.filter(local_date__gt=asked.local_date, status="sent").exists()
    leave_by_link(token=token_of(asked, Purpose.UNSUBSCRIBE), now=story.at(20, AT_SIX))
    nudge = MailChoice.objects.get(person=story.runner, kind="nudge")
    assert not nudge.is_on
    come_back_by_link(token=token_of(asked, Purpose.UNSUBSCRIBE), now=story.at(20, AT_SIX))
    nudge.refresh_from_db()
    assert nudge.is_on


def test_who_wants_none_of_them_is_not_asked_either(story):
    send(story.at(1, AT_SIX))
    row = a_mail(story.enrolment, story.date(1), MessageKind.SILENT, status="owed", settled_at=None)
    for kind in ("reminder", "nudge", "weekly"):
        choose(person=story.runner, kind=kind, is_on=False, now=story.at(1, AT_SIX))
    deliver_due(now=story.at(1, AT_HALF_PAST), contents=contents_of)
    row.refresh_from_db()
    assert (row.status, row.outcome) == ("skipped", "turned off")
