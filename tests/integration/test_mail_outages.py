"""A mail server that is down, for hours or for days, costs nobody a mail that is still wanted."""

import datetime
import smtplib
import zoneinfo

import pytest

from accounts.models import User
from accounts.services import grant_consent
from accounts.services.smtp import Unconfirmed
from programs.engine.calendar import instant_of
from programs.models import MailChoice, MessageOwed, MessageStatus
from programs.services import delivery, fates
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from tests.builders import an_enrolment
from tests.support.mails import Server
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

LONDON = zoneinfo.ZoneInfo("Europe/London")
MONDAY = datetime.date(2026, 11, 16)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
ONE_DAY = datetime.timedelta(days=1)
NOBODY = (550, b"5.1.1 no such user")
SAYS_LITTLE = (550, b"not today")


def at(hour: int, minute: int = 0, days: int = 0) -> datetime.datetime:
    return instant_of(MONDAY + days * ONE_DAY, datetime.time(hour, minute), LONDON)


DOWN = {
    "refused": lambda: ConnectionRefusedError(111, "refused"),
    "greeting": lambda: smtplib.SMTPConnectError(554, b"not today"),
    "silent": lambda: TimeoutError("timed out"),
    "sign-in": lambda: smtplib.SMTPAuthenticationError(535, b"wrong password"),
    "sender": lambda: smtplib.SMTPSenderRefused(550, b"not you", "rehab@example.org"),
}


class Down(Server):
    """Nothing of any mail is said to it until it is back."""

    def __init__(self, *, error, now, back):
        super().__init__()
        self._error, self._now, self._back = error, now, back

    def open(self):
        if self._now < self._back:
            raise self._error()


def play(monkeypatch, error, *, start, until, back, step=10 * MINUTE) -> None:
    now = start
    while now < until:
        server = Down(error=error, now=now, back=back)
        monkeypatch.setattr(delivery, "get_connection", lambda server=server: server)
        owe_by_the_clock(now=now)
        deliver_due(now=now)
        now += step


def rosa_with_petra():
    enrolment = an_enrolment(a_runner(time_zone="Europe/London"), now=at(9))
    grant_consent(runner=enrolment.runner, clinician=a_clinician(time_zone="Europe/London"), now=at(9))
    return enrolment


def flagged() -> list[MessageOwed]:
    enrolment = rosa_with_petra()
    MailChoice.objects.all().delete()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=at(12), codes=("FEVER_UNWELL",))
    return list(MessageOwed.objects.filter(kind__in=["pause", "clinician_pause"]))


@pytest.mark.parametrize("error", DOWN.values(), ids=DOWN)
def test_after_days_red_flags_are_told(monkeypatch, mailoutbox, error):
    rows = flagged()
    back = at(12) + 60 * HOUR
    play(monkeypatch, error, start=at(12), until=back + 2 * HOUR, back=back, step=HOUR)
    for row in rows:
        row.refresh_from_db()
        assert row.status == MessageStatus.SENT
        # Soon after, and by what counts as its first try.
        assert row.settled_at <= back + HOUR
        assert row.attempts == 1
    assert not User.objects.filter(bounced_at__isnull=False).exists()


def test_a_reminder_goes_out_on_its_date_after_hours(monkeypatch, mailoutbox):
    for n in range(3):
        runner = a_runner(f"r{n}@example.org", time_zone="Europe/London")
        an_enrolment(runner, now=at(9), reminder_time=datetime.time(18))
    # Her quiet hours would put it off beyond its date.
    User.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    play(monkeypatch, DOWN["refused"], start=at(18), until=at(23), back=at(22, 30), step=5 * MINUTE)
    rows = MessageOwed.objects.filter(kind="reminder")
    assert {row.status for row in rows} == {MessageStatus.SENT}
    assert max(row.settled_at for row in rows) <= at(22, 40)


def test_a_server_that_greylists_all_evening_still_gets_the_reminder(monkeypatch, mailoutbox):
    an_enrolment(a_runner(time_zone="Europe/London"), now=at(9), reminder_time=datetime.time(18))
    User.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    grey = smtplib.SMTPRecipientsRefused({"rosa@example.org": (451, b"4.7.1 later")})
    server = Server(*[grey] * 20)
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    owe_by_the_clock(now=at(18))
    for minute in range(0, 300, 5):
        deliver_due(now=at(18) + minute * MINUTE)
    assert MessageOwed.objects.get(kind="reminder").status == MessageStatus.SENT


def asked_often(monkeypatch, row: MessageOwed, error: Exception, times: int) -> None:
    """Nobody but the recipient of the row is written to."""
    MessageOwed.objects.exclude(pk=row.pk).delete()
    server = Server(*[error] * times)
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    for _ in range(times):
        row.refresh_from_db()
        deliver_due(now=row.due_at)
    row.refresh_from_db()


def test_a_red_flag_is_given_up_where_its_own_address_refuses_and_nothing_else(monkeypatch, mailoutbox):
    row = next(row for row in flagged() if row.kind == "pause")
    refused = smtplib.SMTPRecipientsRefused({"rosa@example.org": NOBODY})
    asked_often(monkeypatch, row, refused, fates.MOST_ATTEMPTS_FOR_SAFETY)
    assert row.status == MessageStatus.DEAD


@pytest.mark.parametrize(
    "error",
    [smtplib.SMTPRecipientsRefused({"x@example.org": (451, b"later")}), smtplib.SMTPDataError(554, b"no")],
    ids=["later", "content"],
)
def test_no_other_answer_gives_up_a_red_flag(monkeypatch, mailoutbox, error):
    row = next(row for row in flagged() if row.kind == "pause")
    asked_often(monkeypatch, row, error, fates.MOST_ATTEMPTS_FOR_SAFETY + 5)
    assert row.status == MessageStatus.OWED


def test_a_server_that_never_answers_after_the_dot_makes_three_copies_at_most(monkeypatch, mailoutbox):
    row = next(row for row in flagged() if row.kind == "pause")
    asked_often(monkeypatch, row, Unconfirmed("scanning"), fates.MOST_UNCERTAIN_FOR_SAFETY)
    assert (row.status, row.uncertain) == (MessageStatus.UNCERTAIN, 3)


# --- who is marked as bouncing -----------------------------------------------------------------
def reminded(days: int) -> None:
    owe_by_the_clock(now=at(18, days=days))
    deliver_due(now=at(18, days=days))


def bouncing() -> int:
    return User.objects.filter(bounced_at__isnull=False).count()


BLOCKED = [
    (550, b"Service unavailable; client host [192.0.2.7] blocked using zen.example.org"),
    (550, b"5.7.1 message refused by policy"),
    (554, b"Your IP is listed"),
    (550, b"5.1.8 sender address rejected: unknown user"),
    (553, b"relaying denied"),
]


@pytest.mark.parametrize("reply", BLOCKED, ids=lambda reply: reply[1][:20].decode())
def test_a_blocked_address_of_ours_marks_nobody_and_ends_no_mail(monkeypatch, mailoutbox, reply):
    people = [f"r{n}@example.org" for n in range(3)]
    for email in people:
        an_enrolment(a_runner(email, time_zone="Europe/London"), now=at(9), reminder_time=datetime.time(18))
    server = Server(*[smtplib.SMTPRecipientsRefused({email: reply}) for email in people])
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    reminded(0)
    assert bouncing() == 0
    assert set(MessageOwed.objects.values_list("status", flat=True)) == {MessageStatus.OWED}


def test_words_that_say_little_mark_an_address_on_the_second_day(monkeypatch, mailoutbox):
    an_enrolment(a_runner(time_zone="Europe/London"), now=at(9), reminder_time=datetime.time(18))
    server = Server(*[smtplib.SMTPRecipientsRefused({"rosa@example.org": SAYS_LITTLE})] * 500)
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    marked = []
    for days in range(2):
        for minute in range(0, 360, 10):
            now = at(18, days=days) + minute * MINUTE
            owe_by_the_clock(now=now)
            deliver_due(now=now)
        marked.append(bouncing())
    assert marked == [0, 1]


def test_a_mail_that_came_through_in_between_takes_the_doubt_away(monkeypatch, mailoutbox):
    an_enrolment(a_runner(time_zone="Europe/London"), now=at(9), reminder_time=datetime.time(18))
    refused = smtplib.SMTPRecipientsRefused({"rosa@example.org": SAYS_LITTLE})
    ended = {"settled_at": at(23), "outcome": "x", "attempts": 9, "status": MessageStatus.DEAD}
    owe_by_the_clock(now=at(18))
    MessageOwed.objects.update(**ended)
    monkeypatch.setattr(delivery, "get_connection", Server)
    reminded(1)
    server = Server(refused)
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    reminded(2)
    assert bouncing() == 0
