"""Ask me again at …: later on the same date, once, and never in quiet hours."""

import datetime

import pytest
from django.test import Client

from accounts.models import User
from programs.models import MessageKind, MessageOwed
from programs.services.mail_choices import choose
from tests.integration.story import Story
from tests.support.mail_links import a_mail, every_row, later

pytestmark = pytest.mark.django_db
FIVE = datetime.time(17, 2)


@pytest.fixture
def story(time_machine) -> Story:
    story = Story()
    choose(person=story.runner, kind="reminder", is_on=True, now=story.at(1, datetime.time(9)))
    time_machine.move_to(story.at(1, FIVE), tick=False)
    return story


def reminder(story: Story, **fields) -> MessageOwed:
    return a_mail(story.enrolment, story.date(1), **fields)


def press(message: MessageOwed, **fields):
    return Client(enforce_csrf_checks=True).post(later(message), fields, headers={"Origin": "null"})


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def again() -> MessageOwed | None:
    return MessageOwed.objects.filter(kind=MessageKind.AGAIN).first()


def test_looking_offers_times_and_writes_nothing(story):
    message = reminder(story)
    before = every_row()
    page = said(Client().get(later(message)))
    assert "In 1 hour, at 18:02" in page
    assert "In 3 hours, at 20:02" in page
    assert every_row() == before


def test_a_time_that_is_tapped_is_arranged_once(story):
    message = reminder(story)
    answer = said(press(message, when="18:02"))
    assert "We ask you again at 18:02" in answer
    assert (again().due_at, again().local_date) == (story.at(1, datetime.time(18, 2)), story.date(1))
    before = every_row()
    assert "We ask you again at 18:02" in said(press(message, when="20:02"))
    assert "We ask you again at 18:02" in said(Client().get(later(message)))
    assert every_row() == before


def test_another_time_may_be_typed(story):
    assert "at 20:15" in said(press(reminder(story), when="other", wall="20:15"))
    assert again().due_at == story.at(1, datetime.time(20, 15))


@pytest.mark.parametrize(
    "fields,words",
    [
        ({}, "Choose a time."),
        ({"when": "other"}, "Say at which time"),
        ({"when": "other", "wall": "21:30"}, "outside your quiet hours"),
        ({"when": "other", "wall": "09:00"}, "later today"),
        ({"when": "other", "wall": "nine"}, "valid time"),
        ({"when": "03:00"}, "later today"),
        ({"when": "noon"}, "not one of the available"),
    ],
)
def test_what_is_no_time_of_today_is_refused_and_writes_nothing(story, fields, words):
    message = reminder(story)
    before = every_row()
    assert words in said(press(message, **fields))
    assert every_row() == before


def test_a_page_that_lay_open_for_a_minute_still_counts(story, time_machine):
    message = reminder(story)
    time_machine.move_to(story.at(1, datetime.time(17, 4)), tick=False)
    assert "at 18:02" in said(press(message, when="18:02"))


def test_times_in_quiet_hours_are_not_offered(story, time_machine):
    time_machine.move_to(story.at(1, datetime.time(19, 30)), tick=False)
    page = said(Client().get(later(reminder(story))))
    assert "at 20:30" in page
    assert "In 3 hours" not in page


def test_shortly_before_quiet_hours_no_time_is_left(story, time_machine):
    time_machine.move_to(story.at(1, datetime.time(20, 55)), tick=False)
    assert "No time is left today" in said(Client().get(later(reminder(story))))


def test_without_quiet_hours_midnight_is_the_end(story, time_machine):
    User.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    time_machine.move_to(story.at(1, datetime.time(22, 30)), tick=False)
    page = said(Client().get(later(reminder(story))))
    assert "at 23:30" in page
    assert "In 3 hours" not in page


def test_what_is_answered_is_not_asked_again(story):
    story.log(1, now=story.at(1, datetime.time(17)), rest=2)
    assert "nothing to ask again" in said(press(reminder(story), when="18:02"))
    assert again() is None


@pytest.mark.parametrize("day,wall", [(2, datetime.time(0, 1)), (9, FIVE)])
def test_on_another_date_the_link_is_over(story, time_machine, day, wall):
    message = reminder(story)
    time_machine.move_to(story.at(day, wall), tick=False)
    assert press(message, when="other", wall="20:00").status_code == 404
    assert again() is None


@pytest.mark.parametrize("kind", ["again", "weekly", "morning_after", "silent"])
def test_only_what_asks_for_today_can_be_put_off(story, kind):
    message = reminder(story, kind=kind)
    assert press(message, when="18:02").status_code == 404
