"""What becomes of a mail that was perhaps sent, was refused, or found no server."""

import datetime
import smtplib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.emails import Words
from accounts.models import AccessRecord, AccountMail, MailStatus, User
from accounts.services import delivery as account_delivery
from accounts.services import grant_consent
from accounts.services.delivery import deliver_account_mails
from accounts.services.mail import owe_mail
from accounts.services.smtp import Unconfirmed
from programs.models import MessageKind, MessageOwed, MessageStatus
from programs.services import delivery, quiet_hours, wanted
from programs.services.delivery import deliver_due
from tests.builders import an_enrolment, an_entry
from tests.support.mails import Server
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
LOST = Unconfirmed("gone")
GONE = {"rosa@example.org": (550, b"5.1.1 no rosa@example.org here")}


@pytest.fixture
def server(monkeypatch, mailoutbox):
    made = Server()
    for module in (delivery, account_delivery):
        monkeypatch.setattr(module, "get_connection", lambda: made)
    return made


def a_message(kind: str = MessageKind.STEP_BACK, email: str = "rosa@example.org", **fields) -> MessageOwed:
    """Wanted whatever else is true: what is asked here is what becomes of it."""
    runner = a_runner(email=email, time_zone="Europe/London")
    enrolment = an_enrolment(runner, now=NOW - datetime.timedelta(hours=6))
    return MessageOwed.objects.create(
        recipient=fields.pop("recipient", runner),
        enrolment=enrolment,
        kind=kind,
        local_date=NOW.date(),
        created_at=NOW,
        wanted_at=fields.get("due_at", NOW),
        due_at=fields.pop("due_at", NOW),
        message_id=f"<{email}>",
        **fields,
    )


@pytest.fixture
def wanted_by_all(monkeypatch):
    monkeypatch.setattr(delivery, "why_unwanted_of", lambda rows, now: {})
    monkeypatch.setattr(delivery, "email_for", _plain)


def _plain(message, content):
    from_row = owe_mail(email=message.recipient.email, kind="x", words=Words("a", "b"), now=NOW)
    mail = account_delivery.message_of(from_row, Words("Hello", "Words"))
    mail.extra_headers["Message-ID"] = message.message_id
    AccountMail.objects.filter(pk=from_row.pk).delete()
    return mail


def state(row) -> tuple:
    row.refresh_from_db()
    return row.status, row.uncertain, row.attempts


# --- perhaps sent ------------------------------------------------------------------------------
def test_what_was_perhaps_sent_is_sent_once_more_as_the_same_mail_and_then_no_more(server, wanted_by_all):
    row = a_message()
    server.acts = [LOST, LOST]
    assert deliver_due(now=NOW).failed == 1
    assert state(row) == (MessageStatus.OWED, 1, 1)
    assert deliver_due(now=NOW + MINUTE).uncertain == 1
    assert state(row) == (MessageStatus.UNCERTAIN, 2, 2)
    assert row.outcome == "Unconfirmed"
    assert {mail.extra_headers["Message-ID"] for mail in server.seen} == {row.message_id}
    assert deliver_due(now=NOW + 60 * MINUTE).sent == 0


def test_the_one_more_try_may_succeed(server, wanted_by_all, mailoutbox):
    row = a_message()
    server.acts = [LOST]
    deliver_due(now=NOW)
    deliver_due(now=NOW + MINUTE)
    assert state(row)[0] == MessageStatus.SENT
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("kind", ["pause", "clinician_pause", "flag_unseen"])
def test_a_mail_about_safety_is_sent_twice_more_where_nobody_says_it_was_taken(server, wanted_by_all, kind):
    row = a_message(kind)
    server.acts = [LOST] * 2
    now = NOW
    for _ in range(3):
        deliver_due(now=now)
        row.refresh_from_db()
        now = row.due_at
    assert state(row) == (MessageStatus.SENT, 2, 3)


def test_what_was_perhaps_sent_is_never_told_as_not_sent(server, wanted_by_all, monkeypatch):
    refused, unwanted, late = a_message(), a_message(email="b@example.org"), a_message(email="c@example.org")
    MessageOwed.objects.filter(pk=late.pk).update(expires_at=NOW + 2 * MINUTE)
    server.acts = [LOST] * 3
    deliver_due(now=NOW)
    monkeypatch.setattr(delivery, "why_unwanted_of", lambda rows, now: {unwanted.pk: "the day is logged"})
    server.acts = [smtplib.SMTPRecipientsRefused(GONE), OSError("down")]
    deliver_due(now=NOW + MINUTE)
    assert [state(row)[0] for row in (refused, unwanted, late)] == [MessageStatus.UNCERTAIN] * 3
    assert unwanted.outcome == "the day is logged"
    assert late.outcome.startswith("its day ended")


def test_a_mail_of_which_nobody_knows_is_written_into_the_records_as_one_that_was_read(server, monkeypatch):
    petra = a_clinician()
    row = a_message(MessageKind.CLINICIAN_PAUSE, recipient=petra, level="routine", uncertain=2)
    grant_consent(runner=row.enrolment.runner, clinician=petra, now=NOW)
    monkeypatch.setattr(delivery, "why_unwanted_of", lambda rows, now: {})
    server.acts = [LOST]
    deliver_due(now=NOW)
    assert state(row)[0] == MessageStatus.UNCERTAIN
    assert AccessRecord.objects.filter(act="mail", runner=row.enrolment.runner, actor=petra).count() == 1


def test_an_account_mail_that_was_perhaps_sent_twice_is_forgotten(server):
    row = owe_mail(email="rosa@example.org", kind="login_code", words=Words("Code", "ABCD"), now=NOW)
    server.acts = [LOST, LOST]
    deliver_account_mails(now=NOW)
    assert deliver_account_mails(now=NOW + MINUTE).uncertain == 1
    assert state(row)[:2] == (MailStatus.UNCERTAIN, 2)
    assert row.text == ""


# --- addresses that refuse ---------------------------------------------------------------------
def test_an_address_that_refuses_is_marked_and_asked_no_more_but_for_safety(server, mailoutbox, monkeypatch):
    row = a_message(MessageKind.WRITTEN)
    runner = row.recipient
    server.acts = [smtplib.SMTPRecipientsRefused(GONE)]
    assert deliver_due(now=NOW).dead == 1
    runner.refresh_from_db()
    assert (runner.bounce, runner.bounced_at) == ("550", NOW)
    again = MessageOwed.objects.create(
        recipient=runner,
        enrolment=row.enrolment,
        kind=MessageKind.WRITTEN,
        local_date=NOW.date() + datetime.timedelta(days=1),
        created_at=NOW,
        wanted_at=NOW,
        due_at=NOW,
        message_id="<2@x>",
    )
    assert deliver_due(now=NOW + MINUTE).skipped == 1
    assert state(again)[0] == MessageStatus.SKIPPED
    an_entry(row.enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    MessageOwed.objects.filter(kind=MessageKind.PAUSE).update(due_at=NOW, wanted_at=NOW)
    assert deliver_due(now=NOW + MINUTE).sent == 1
    # It arrived: the address is sound again.
    runner.refresh_from_db()
    assert (runner.bounce, runner.bounced_at) == ("", None)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPSenderRefused(550, b"not you", "rehab@example.org"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPRecipientsRefused({"rosa@example.org": (554, b"5.7.1 relay access denied")}),
        smtplib.SMTPConnectError(554, b"go away"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_the_sites_fault_marks_no_address_and_ends_no_mail(server, wanted_by_all, error):
    row = a_message()
    server.acts = [error]
    assert deliver_due(now=NOW).failed == 1
    assert not User.objects.filter(bounced_at__isnull=False).exists()
    assert state(row)[0] == MessageStatus.OWED


def test_a_safety_mail_is_tried_again_also_where_the_address_refuses(server, wanted_by_all):
    row = a_message(MessageKind.PAUSE)
    server.acts = [smtplib.SMTPRecipientsRefused(GONE)]
    assert deliver_due(now=NOW).failed == 1
    assert state(row)[0] == MessageStatus.OWED
    row.recipient.refresh_from_db()
    assert row.recipient.bounced_at == NOW


def test_a_refused_account_mail_marks_only_the_address_that_somebody_has(server):
    rosa = a_runner(email="rosa@example.org")
    for email in ("former@example.org", "rosa@example.org"):
        owe_mail(email=email, kind="notice", words=Words("a", "b"), now=NOW, recipient=rosa)
    server.acts = [smtplib.SMTPRecipientsRefused({"former@example.org": (550, b"no such user")})]
    assert deliver_account_mails(now=NOW).dead == 1
    rosa.refresh_from_db()
    assert rosa.bounced_at is None


# --- runs --------------------------------------------------------------------------------------
def test_where_no_server_answers_that_was_a_try_of_no_mail(server, wanted_by_all):
    rows = [a_message(email=f"r{n}@example.org") for n in range(3)]

    def refuse():
        raise ConnectionRefusedError

    server.open = refuse
    assert deliver_due(now=NOW).failed == 1
    assert [state(row)[2] for row in rows] == [0, 0, 0]
    assert MessageOwed.objects.filter(leased_until__isnull=False).count() == 0


def test_a_red_flag_does_not_wait_behind_reminders(server, wanted_by_all):
    for n in range(3):
        a_message(email=f"r{n}@example.org", due_at=NOW - 60 * MINUTE)
    a_message(MessageKind.PAUSE, email="flag@example.org")
    deliver_due(now=NOW)
    assert server.seen[0].to == ["flag@example.org"]


def test_one_that_cannot_be_read_holds_back_no_other(server, wanted_by_all, monkeypatch):
    rows = [a_message(email=f"r{n}@example.org") for n in range(3)]

    def fail_for_one(messages, now):
        if rows[1].pk in {message.pk for message in messages}:
            raise ValueError("poison")
        return {}

    monkeypatch.setattr(delivery, "why_unwanted_of", fail_for_one)
    report = deliver_due(now=NOW)
    assert (report.sent, report.failed) == (2, 1)


def test_the_number_of_queries_before_the_first_mail_does_not_grow_with_the_batch(server, wanted_by_all):
    counts = []
    for size in (2, 12):
        for n in range(size):
            a_message(email=f"r{size}-{n}@example.org")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            deliver_due(now=NOW)
        statements = [q["sql"] for q in queries if "programs_messageowed" in q["sql"]]
        # One update marks each mail, for the server here takes them one by one.
        counts.append(len(statements) - size)
    assert counts[0] == counts[1]


def test_what_falls_into_quiet_hours_is_put_off_and_was_no_try(server, monkeypatch, wanted_by_all):
    row = a_message()
    later = NOW + 60 * MINUTE
    monkeypatch.setattr(delivery, "not_before_of", lambda rows, now: {} if now >= later else {row.pk: later})
    assert deliver_due(now=NOW).sent == 0
    assert state(row) == (MessageStatus.OWED, 0, 0)
    assert (row.wanted_at, row.due_at, row.leased_until) == (later, later, None)
    assert deliver_due(now=later).sent == 1


def test_the_modules_that_are_asked_are_the_ones_of_the_clock():
    assert delivery.why_unwanted_of is wanted.why_unwanted_of
    assert delivery.not_before_of is quiet_hours.not_before_of
