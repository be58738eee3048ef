"""The list of what was sent: both kinds of mails, only her own, the reason in words, two queries."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.emails import Words
from accounts.models import AccountMail, User
from accounts.services.mail import owe_mail
from programs.models import Enrolment, MessageOwed
from programs.said import REASONS
from programs.selectors.mails_sent import REFUSED, UNCERTAIN, MailsSentPage, mails_sent_page
from programs.services.messages import message_row
from tests.builders import an_enrolment, the_library
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def walker(db) -> Enrolment:
    the_library()
    return an_enrolment(clinician=a_clinician())


def owed(enrolment: Enrolment, kind: str = "reminder", days: int = 0, **columns) -> MessageOwed:
    """A message about a date so many days ago; settled where a status is given."""
    now = timezone.now() - days * DAY
    row = message_row(
        recipient=columns.pop("recipient", enrolment.runner),
        enrolment=enrolment,
        kind=kind,
        local_date=now.date(),
        now=now,
    )
    row.save()
    if columns:
        MessageOwed.objects.filter(pk=row.pk).update(settled_at=now, **columns)
    return row


def page_of(person: User, number: int = 1) -> MailsSentPage:
    return mails_sent_page(person=person, now=timezone.now(), number=number)


def mail_to(person: User, kind: str = "login_code") -> AccountMail:
    words = Words(subject="Your code", text="123456 is secret")
    return owe_mail(email=person.email, kind=kind, words=words, now=timezone.now(), recipient=person)


def test_every_mail_says_which_about_what_day_and_what_became_of_it(walker):
    owed(walker, days=4, status="sent")
    owed(walker, days=3, status="skipped", outcome="the day is logged")
    owed(walker, days=2, status="uncertain", outcome="SMTPServerDisconnected")
    owed(walker, days=1, status="dead", outcome="SMTPDataError 554")
    waiting = owed(walker)
    later = timezone.now() + datetime.timedelta(hours=2)
    MessageOwed.objects.filter(pk=waiting.pk).update(due_at=later)
    found = page_of(walker.runner).mails
    assert [str(mail.status.words) for mail in found] == [
        "Waiting",
        "Given up",
        "Perhaps sent",
        "Not sent",
        "Sent",
    ]
    assert [mail.why for mail in found] == ["", REFUSED, UNCERTAIN, "the day is logged", ""]
    assert (found[0].is_waiting, found[0].at) == (True, later)
    assert found[0].date == waiting.local_date


def test_what_a_server_answered_is_not_shown(walker):
    owed(walker, status="dead", outcome="its day ended before it could be sent: SMTPDataError 451")
    (found,) = page_of(walker.runner).mails
    assert found.why == "its day ended before it could be sent"


def test_mails_of_the_account_stand_there_too_without_what_they_said(walker):
    mail_to(walker.runner)
    mail_to(walker.runner, "test")
    page = signed_in(walker.runner).get(reverse("mails_sent")).content.decode()
    assert "A code to sign in" in page and "A test that you asked for" in page
    assert "123456" not in page


def test_nobody_sees_those_of_somebody_else(walker):
    petra = User.objects.get(role="clinician")
    owed(walker, status="sent")
    mail_to(walker.runner)
    owed(walker, "clinician_pause", recipient=petra, status="sent")
    (hers,) = page_of(petra).mails
    assert hers.title == "A runner of yours is paused"
    assert not page_of(a_runner("olga@example.org", "Olga")).mails
    assert walker.runner.name not in signed_in(petra).get(reverse("mails_sent")).content.decode()


def test_two_queries_however_many_there_are(walker):
    for days in range(40):
        owed(walker, days=days, status="sent")
    mail_to(walker.runner)
    with CaptureQueriesContext(connection) as counted:
        page = page_of(walker.runner, number=2)
    assert len(counted) == 2
    assert (page.pages, page.newer, page.older, len(page.mails)) == (2, 1, None, 11)


def test_the_pages_take_few_queries(walker):
    client = signed_in(walker.runner)
    for name, most in {"mail_settings": 4, "mails_sent": 4}.items():
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as counted:
            assert client.get(reverse(name)).status_code == 200
        assert len(counted) <= most, name


def test_a_list_that_is_empty_says_so():
    page = signed_in(a_runner()).get(reverse("mails_sent")).content.decode()
    assert "Nothing yet" in page


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_a_sentence_that_can_be_translated(walker, reason):
    owed(walker, status="skipped", outcome=reason)
    with translation.override("en-gb"):
        (found,) = page_of(walker.runner).mails
    assert found.why == reason
