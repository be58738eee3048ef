"""Account mails: owed by a request, sent by a job, forgotten once settled."""

import datetime
import re
import smtplib
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, OperationalError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.emails import Words
from accounts.models import AccountMail, MailStatus, User
from accounts.services import delivery, outbox
from accounts.services.asks import ask_runner
from accounts.services.delivery import deliver_account_mails
from accounts.services.mail import LIFE, RESET, life_of, owe_mail
from tests.support.mails import Server, delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
MINUTE = datetime.timedelta(minutes=1)
WORDS = Words(subject="Your code", text="ABCD-EFGH", html="<p>ABCD-EFGH</p>")
CODE = "email_confirmation_signup"
NOTICE = "password_changed"


def a_mail(kind: str = CODE, *, email: str = "rosa@example.org", now=NOON, **fields) -> AccountMail:
    return owe_mail(email=email, kind=kind, words=WORDS, now=now, **fields)


@pytest.fixture
def server(monkeypatch, mailoutbox):
    """Make the deliverer use this server; ``server.acts`` are taken one a mail."""
    made = Server()
    monkeypatch.setattr(delivery, "get_connection", lambda: made)
    return made


# --- a request owes ---------------------------------------------------------------------
def test_nothing_leaves_in_a_request(monkeypatch, mailoutbox):
    """Neither to the mail server nor to the broker: the row is all."""
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *a, **k: pytest.fail("published"))
    monkeypatch.setattr("django.core.mail.get_connection", lambda *a, **k: pytest.fail("sent"))
    client = signed_in(None)
    client.post(reverse("account_reset_password"), {"email": "rosa@example.org"})
    assert AccountMail.objects.get().status == MailStatus.OWED
    assert mailoutbox == []


def test_a_notice_is_the_account_holders_own():
    rosa = a_runner()
    change = {"oldpassword": PASSWORD, "password1": "another calm kilometre"}
    change["password2"] = change["password1"]
    signed_in(rosa).post(reverse("account_change_password"), change)
    row = AccountMail.objects.get()
    assert (row.recipient, row.email, row.kind) == (rosa, rosa.email, NOTICE)


def test_a_reset_is_written_when_it_is_sent():
    """No link lies in the table or in a backup of it, and the row is the same for every address."""
    rosa = a_runner()
    rows = []
    for email in (rosa.email, "nobody@example.org"):
        signed_in(None).post(reverse("account_reset_password"), {"email": email})
        row = AccountMail.objects.latest("pk")
        rows.append((row.kind, row.recipient, row.subject, row.text, row.html))
    assert rows[0] == rows[1] == (RESET, None, "", "", "")
    hers, nobodys = delivered_mails()
    assert "/accounts/password/reset/key/" in hers.body
    assert "There is none" in nobodys.body


def test_a_reset_for_a_closed_account_says_that_there_is_none():
    rosa = a_runner()
    type(rosa).objects.filter(pk=rosa.pk).update(is_active=False)
    signed_in(None).post(reverse("account_reset_password"), {"email": rosa.email})
    assert "There is none" in delivered_mails()[0].body


def test_a_reset_link_names_no_number():
    rosa = a_runner()
    signed_in(None).post(reverse("account_reset_password"), {"email": rosa.email})
    assert f"/reset/key/{rosa.public_id.hex}-" in delivered_mails()[0].body


@pytest.mark.parametrize(
    ("kind", "life"),
    [
        (CODE, 15 * MINUTE),
        ("email_confirmation", 15 * MINUTE),
        (RESET, 60 * MINUTE),
        (NOTICE, LIFE),
        ("ask", LIFE),
    ],
)
def test_a_mail_is_worth_sending_for_as_long_as_what_is_in_it(kind, life):
    assert life_of(kind) == life


# --- the job sends --------------------------------------------------------------------------
def test_the_job_sends_what_is_owed_and_a_repeat_sends_nothing(mailoutbox):
    a_mail(now=timezone.now())
    tasks.send_account_mail()
    tasks.send_account_mail()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["rosa@example.org"], "Your code")]
    assert mailoutbox[0].alternatives[0][0] == WORDS.html


def test_the_command_sends_them_too(mailoutbox, capsys):
    a_mail(now=timezone.now())
    call_command("deliver")
    assert "account mails: 1 sent" in capsys.readouterr().out
    assert len(mailoutbox) == 1


def test_what_is_sent_is_forgotten_in_the_same_moment():
    row = a_mail()
    deliver_account_mails(now=NOON)
    row.refresh_from_db()
    assert (row.status, row.settled_at, row.text, row.html) == (MailStatus.SENT, NOON, "", "")


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_database_refuses_to_keep_what_was_in_a_settled_mail(part):
    row = a_mail()
    settled = {"status": MailStatus.SENT, "settled_at": NOON, "text": "", "html": ""}
    with pytest.raises(IntegrityError, match="settled_mail_keeps_no_body"):
        AccountMail.objects.filter(pk=row.pk).update(**settled | {part: "ABCD-EFGH"})


def test_a_dead_code_is_not_sent(mailoutbox):
    row = a_mail()
    report = deliver_account_mails(now=row.expires_at)
    row.refresh_from_db()
    assert (report.sent, report.skipped, mailoutbox) == (0, 1, [])
    assert (row.status, row.text, row.html) == (MailStatus.EXPIRED, "", "")


def test_a_mail_of_somebody_who_is_erased_meanwhile_is_no_error(monkeypatch, mailoutbox):
    row = a_mail()
    claim = outbox.claim

    def claim_and_lose(*arguments):
        got = claim(*arguments)
        AccountMail.objects.filter(pk=row.pk).delete()
        return got

    monkeypatch.setattr(outbox, "claim", claim_and_lose)
    assert deliver_account_mails(now=NOON).sent == 0
    assert mailoutbox == []


def test_a_second_job_in_the_middle_of_the_first_sends_nothing(server, mailoutbox):
    a_mail()
    inner = []
    server.acts = [lambda message: inner.append(deliver_account_mails(now=NOON + MINUTE))]
    deliver_account_mails(now=NOON)
    assert inner[0].sent == 0
    assert len(mailoutbox) == 1


def test_a_crash_after_sending_repeats_the_mail_once_with_the_same_message_id(monkeypatch, mailoutbox):
    a_mail(NOTICE)
    monkeypatch.setattr(outbox, "lease_clock", lambda now: now)
    settle = delivery._settle
    monkeypatch.setattr(delivery, "_settle", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        deliver_account_mails(now=NOON)
    monkeypatch.setattr(delivery, "_settle", settle)
    deliver_account_mails(now=NOON + outbox.LEASE - SECOND)
    assert len(mailoutbox) == 1
    for _ in range(2):
        deliver_account_mails(now=NOON + outbox.LEASE)
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1
    assert len(mailoutbox) == 2


def test_a_mail_that_is_out_is_marked_however_often_the_database_must_be_asked(monkeypatch, mailoutbox):
    """Each time that it is not would be the same mail twice."""
    row = a_mail()
    settle, refusals = delivery._settle, [OperationalError("starting up")] * 3
    waits = []
    monkeypatch.setattr(outbox, "time", SimpleNamespace(sleep=waits.append, monotonic=lambda: 0.0))

    def settle_in_the_end(*args):
        if refusals:
            raise refusals.pop()
        return settle(*args)

    monkeypatch.setattr(delivery, "_settle", settle_in_the_end)
    deliver_account_mails(now=NOON)
    row.refresh_from_db()
    assert (row.status, len(waits)) == (MailStatus.SENT, 3)
    assert sum(outbox.PAUSES) + delivery.LONGEST_RUN_SECONDS < outbox.LEASE.total_seconds()


# --- refused, broken, slow ------------------------------------------------------------------
def test_what_is_refused_for_good_is_given_up_without_a_word_of_whose_it_was(server, caplog):
    row = a_mail()
    server.acts = [
        smtplib.SMTPRecipientsRefused({"rosa@example.org": (550, b"no such user rosa@example.org here")})
    ]
    assert deliver_account_mails(now=NOON).dead == 1
    row.refresh_from_db()
    assert (row.status, row.outcome, row.text) == (MailStatus.DEAD, "SMTPRecipientsRefused 550", "")
    assert "550" in caplog.text
    assert "rosa@example.org" not in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"rosa@example.org": (450, b"later")}),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        ConnectionRefusedError("nobody there"),
        TimeoutError("slow"),
    ],
    ids=lambda error: f"{type(error).__name__}-{getattr(error, 'smtp_code', '')}",
)
def test_what_may_pass_is_tried_again_soon_and_then_less_often(server, mailoutbox, error):
    row = a_mail()
    server.acts = [error] * 3
    now, waits = NOON, []
    for _ in range(3):
        assert deliver_account_mails(now=now).failed == 1
        row.refresh_from_db()
        waits.append(row.due_at - now)
        assert deliver_account_mails(now=row.due_at - SECOND).sent == 0
        now = row.due_at
    assert waits == [5 * SECOND, 10 * SECOND, 20 * SECOND]
    assert deliver_account_mails(now=now).sent == 1
    assert len(mailoutbox) == 1


def test_a_code_is_tried_until_it_is_dead_and_a_notice_for_two_days(server):
    code, notice = a_mail(), a_mail(NOTICE)
    server.acts = [ConnectionRefusedError()] * 1000
    now, seen = NOON, {}
    while now < NOON + LIFE + MINUTE:
        deliver_account_mails(now=now)
        for row in AccountMail.objects.exclude(status=MailStatus.OWED):
            seen.setdefault(row.pk, now)
        now += 5 * MINUTE
    assert NOON < seen[code.pk] <= code.expires_at
    assert NOON + LIFE - 15 * MINUTE < seen[notice.pk] <= notice.expires_at
    code.refresh_from_db()
    assert code.status == MailStatus.EXPIRED


def test_a_mail_whose_next_try_would_come_too_late_ends_now_and_says_why(server):
    row = a_mail()
    server.acts = [ConnectionRefusedError()]
    deliver_account_mails(now=row.expires_at - 4 * SECOND)
    row.refresh_from_db()
    assert (row.status, row.text) == (MailStatus.EXPIRED, "")
    assert row.outcome == "could not be sent in time: ConnectionRefusedError"


def test_one_bad_mail_does_not_stop_the_others_and_its_connection_is_not_used_again(server, mailoutbox):
    for number in range(3):
        a_mail(email=f"runner{number}@example.org")
    server.acts = [None, ValueError("cannot be written")]
    report = deliver_account_mails(now=NOON)
    assert (report.sent, report.failed) == (2, 1)
    assert (server.opened, server.closed) == (3, 2)


def test_a_slow_server_does_not_keep_the_worker_from_its_other_work(server, monkeypatch):
    for number in range(3):
        a_mail(email=f"runner{number}@example.org")
    passed = [0.0]
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    server.acts = [lambda message: passed.__setitem__(0, passed[0] + 11)] * 3
    assert deliver_account_mails(now=NOON).sent == 2


# --- to the letter ----------------------------------------------------------------------------
HOSTILE = [
    "Rosa\nBcc: everybody@example.com",
    "Rosa\r\nBcc: everybody@example.com",
    "Rosa\rBcc: everybody@example.com",
    "Rosa\x0bBcc: everybody@example.com",
    "Rosa\x85Bcc: everybody@example.com",
    "Rosa\u2028Bcc: everybody@example.com",
    "Rosa\u2029Bcc: everybody@example.com",
    "Rosa\x00Bcc: everybody@example.com",
    "Rosa\x1b[2J\u202eBcc: everybody@example.com",
    "=?utf-8?q?Rosa=0ABcc:_everybody@example.com?=",
]


def headers_of(mail) -> list[bytes]:
    return mail.message().as_bytes().partition(b"\n\n")[0].splitlines()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_subject_cannot_add_a_header(mailoutbox, text):
    words = Words(subject=text, text="x")
    owe_mail(email="rosa@example.org", kind="ask", words=words, now=NOON)
    deliver_account_mails(now=NOON)
    assert not [line for line in headers_of(mailoutbox[0]) if line.lower().startswith(b"bcc")]
    assert mailoutbox[0].recipients() == ["rosa@example.org"]
    assert not [c for c in words.subject if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]


@pytest.mark.parametrize("name", [text for text in HOSTILE if "\x00" not in text], ids=ascii)
def test_a_name_cannot_add_a_header(mailoutbox, name):
    """Also one that came into the table past the service that cleans it."""
    petra = a_clinician()
    User.objects.filter(pk=petra.pk).update(name=name)
    petra.refresh_from_db()
    ask_runner(clinician=petra, email="rosa@example.org", now=NOON)
    deliver_account_mails(now=NOON)
    assert not [line for line in headers_of(mailoutbox[0]) if line.lower().startswith(b"bcc")]
    assert mailoutbox[0].recipients() == ["rosa@example.org"]


@pytest.mark.parametrize("address", ["rosa@example.org\nBcc: x@example.com", "rosa@example.org\r\n\r\nHello"])
def test_an_address_that_would_add_a_header_is_given_up_and_not_sent(mailoutbox, address):
    a_mail(email=address)
    assert deliver_account_mails(now=NOON).dead == 1
    assert mailoutbox == []


def test_a_subject_fits_its_column():
    assert len(Words(subject="Rosa " * 100, text="x").subject) <= 200


#: Everything that a mail of an account could be about; none of it is for a locked screen.
PRIVATE = {"code": "ABCD-EFGH", "user": "Rosa", "email": "rosa@example.org", "ip": "203.0.113.9"}
SUBJECTS = [
    *Path(settings.BASE_DIR, "templates/account/email").glob("*_subject.txt"),
    *Path(settings.BASE_DIR, "templates/mfa/email").glob("*_subject.txt"),
]


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: path.stem)
def test_a_subject_says_no_code_no_name_and_nothing_of_health(path):
    template = str(path.relative_to(settings.BASE_DIR / "templates"))
    subject = render_to_string(template, PRIVATE | {"from_email": "x@y.z", "to_email": "x@y.z"})
    assert subject.strip()
    assert not re.search(r"ABCD|Rosa|@|\d|pain|stage|back|injury|physio", subject)


def test_every_mail_of_allauth_that_we_send_has_words_of_ours():
    """Text and HTML beside every subject."""
    for path in SUBJECTS:
        message = str(path).replace("_subject.txt", "_message")
        assert Path(f"{message}.txt").is_file() and Path(f"{message}.html").is_file(), path.name
