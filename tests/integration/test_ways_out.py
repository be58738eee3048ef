"""Out of a kind of mail by its link: at once, without a sign-in, and back again by the same."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from programs.mail_links import links_of, unsubscribe_headers
from programs.models import CHOSEN, MailChoice, MessageOwed
from programs.services.mail_choices import choose, rules_for
from tests.integration.story import Story
from tests.support.mail_choices import choice_of
from tests.support.mail_links import a_mail, every_row, way_out
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
OF_CLINICIANS = ("digest", "reviews")
SAFETY = ("pause", "clinician_pause", "flag_unseen")
ELEVEN_PM = datetime.time(23)


@pytest.fixture
def story(time_machine) -> Story:
    story = Story()
    time_machine.move_to(story.at(1))
    for rule in rules_for(story.runner):
        if rule.kind in CHOSEN:
            choose(person=story.runner, kind=rule.kind, is_on=True, now=story.at(1))
    return story


def mail(story: Story, kind: str) -> MessageOwed:
    """To whom such a mail goes: the runner, or a physiotherapist."""
    if kind in OF_CLINICIANS:
        return a_mail(None, story.date(1), kind, to=a_clinician())
    to = a_clinician() if kind in ("clinician_pause", "flag_unseen") else None
    return a_mail(story.enrolment, story.date(1), kind, to=to)


def press(message: MessageOwed, name: str = "mail_unsubscribe", fields: dict | None = None, **options):
    client = Client(enforce_csrf_checks=True)
    return client.post(way_out(message, name), fields, headers={"Origin": "null"}, **options)


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("kind", CHOSEN)
def test_every_kind_that_may_be_off_stops_at_once_and_comes_back(story, kind):
    message = mail(story, kind)
    before = every_row()
    page = said(Client().get(way_out(message)))
    assert "Stop these mails" in page or "These mails are off" in page
    assert every_row() == before
    answer = press(message, fields=ONE_CLICK)
    assert answer.status_code == 200
    assert "These mails are off" in said(answer)
    rows = MailChoice.objects.filter(person=message.recipient, changed_via="mail")
    assert (rows.get().is_on, rows.get().next_at) == (False, None)
    answer = press(message, "mail_undo")
    assert "These mails are on again" in said(answer)
    assert "Stop these mails" not in said(answer)
    assert rows.get().is_on


@pytest.mark.parametrize("fields", [None, ONE_CLICK, {"anything": "else"}])
def test_the_body_of_a_mail_program_counts_and_so_does_none(story, fields):
    assert press(mail(story, "reminder"), fields=fields).status_code == 200
    assert not choice_of(story.runner).is_on


def test_a_second_press_changes_nothing(story):
    message = mail(story, "reminder")
    press(message)
    before = every_row()
    assert "These mails are off" in said(press(message))
    assert every_row() == before


def test_what_she_was_asked_again_ends_with_the_reminder(story):
    assert "Daily reminder" in said(press(mail(story, "again")))
    assert not choice_of(story.runner).is_on


def test_the_link_works_long_after_its_day(story, time_machine):
    message = mail(story, "reminder")
    time_machine.move_to(story.at(300))
    assert "These mails are off" in said(press(message))
    assert not choice_of(story.runner).is_on


def test_what_was_chosen_in_the_settings_since_stays(story):
    message = mail(story, "reminder")
    press(message)
    choose(person=story.runner, kind="reminder", is_on=True, now=timezone.now())
    choose(person=story.runner, kind="reminder", is_on=False, now=timezone.now())
    answer = said(press(message, "mail_undo"))
    assert "chosen in your settings since" in answer
    assert "Undo" not in answer
    assert not choice_of(story.runner).is_on
    # Nor by way of pressing the first button again.
    press(message)
    press(message, "mail_undo")
    assert not choice_of(story.runner).is_on


def test_a_time_that_has_become_quiet_is_not_taken_back_unseen(story):
    message = mail(story, "reminder")
    press(message)
    User.objects.update(quiet_from=datetime.time(12))
    MailChoice.objects.filter(kind="reminder").update(wall=ELEVEN_PM)
    assert "quiet hours" in said(press(message, "mail_undo"))
    assert not choice_of(story.runner).is_on


@pytest.mark.parametrize("kind", SAFETY)
def test_what_is_about_safety_stays_on_and_says_why(story, kind):
    message = mail(story, kind)
    before = every_row()
    for answer in (Client().get(way_out(message)), press(message), press(message, "mail_undo")):
        assert answer.status_code == 200
        assert "nobody can turn them off" in said(answer)
    assert every_row() == before
    assert links_of(message).unsubscribe is None
    assert unsubscribe_headers(message) == {}


@pytest.mark.parametrize("kind", [*CHOSEN, "again"])
def test_the_headers_are_those_of_rfc_8058(story, kind, settings):
    message = mail(story, kind)
    headers = unsubscribe_headers(message)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<{settings.SITE_URL}{way_out(message)}>"


def test_half_a_sign_in_is_not_in_the_way(story):
    """A physiotherapist without her second factor is led to it from everywhere else."""
    message = mail(story, "digest")
    browser = signed_in(message.recipient, second_factor=False)
    assert "These mails are off" in said(browser.post(way_out(message)))
    assert "These mails are on again" in said(browser.post(way_out(message, "mail_undo")))


def test_a_closed_account_and_revoked_links_do_nothing(story):
    message = mail(story, "reminder")
    User.objects.filter(pk=story.runner.pk).update(mail_links_since=timezone.now())
    assert press(message).status_code == 404
    User.objects.filter(pk=story.runner.pk).update(mail_links_since=None, is_active=False)
    assert press(message).status_code == 404
    assert not MailChoice.objects.filter(changed_via="mail").exists()
