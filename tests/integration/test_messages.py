"""Mails owed and sent: each once, none too many, none lost."""

import datetime
import smtplib
import zoneinfo
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.services import grant_consent, outbox, revoke_consent
from accounts.services.outbox import LEASE
from programs.engine.calendar import instant_of
from programs.mailing.reasons import DAY_OVER
from programs.models import Enrolment, MessageKind, MessageOwed, MessageStatus
from programs.services import delivery, fates
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues, record_entry
from programs.services.overrides import clear_pause
from programs.services.people import change_time_zone
from programs.services.wanted import why_unwanted
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, reloaded
from tests.support.mail_choices import remind_at
from tests.support.mails import Server
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

LONDON = zoneinfo.ZoneInfo("Europe/London")
NINE = datetime.time(9, 0)
MONDAY = datetime.date(2026, 11, 16)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
ONE_DAY = datetime.timedelta(days=1)


def at(hour: int, minute: int = 0, date: datetime.date = MONDAY, zone=LONDON) -> datetime.datetime:
    """What a clock in the zone shows, as an instant."""
    return instant_of(date, datetime.time(hour, minute), zone)


def a_reminded_runner(wall: datetime.time = NINE, *, began: datetime.datetime | None = None, **fields):
    """Began early on Monday, wants a reminder at nine."""
    runner = a_runner(**{"time_zone": "Europe/London", **fields})
    return an_enrolment(runner, now=began or at(6), reminder_time=wall)


def owed(kind: str | None = None) -> list[MessageOwed]:
    rows = MessageOwed.objects.order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)


def reminded_dates() -> list[datetime.date]:
    """Without those that were missed."""
    return [message.local_date for message in owed(MessageKind.REMINDER) if message.outcome != DAY_OVER]


def sweep(first: datetime.datetime, last: datetime.datetime, every: datetime.timedelta = HOUR) -> None:
    """Let the job run every hour, as beat does every minute."""
    now = first
    while now <= last:
        owe_by_the_clock(now=now)
        now += every


# --- reminders are owed once per local date ------------------------------------------
def test_a_reminder_is_owed_at_the_chosen_local_time_and_not_before():
    a_reminded_runner()
    owe_by_the_clock(now=at(8, 59))
    assert owed() == []
    owe_by_the_clock(now=at(9))
    assert reminded_dates() == [MONDAY]


def test_a_second_sweep_owes_nothing_more():
    a_reminded_runner()
    owe_by_the_clock(now=at(9))
    owe_by_the_clock(now=at(9))
    owe_by_the_clock(now=at(9, 1))
    assert reminded_dates() == [MONDAY]


def test_it_is_nine_where_the_runner_is():
    a_reminded_runner(time_zone="Pacific/Auckland", began=at(20, date=MONDAY - ONE_DAY, zone=datetime.UTC))
    owe_by_the_clock(now=at(19, 59, date=MONDAY - ONE_DAY, zone=datetime.UTC))
    assert owed() == []
    owe_by_the_clock(now=at(20, date=MONDAY, zone=datetime.UTC))
    assert reminded_dates() == [MONDAY + ONE_DAY]


@pytest.mark.parametrize(
    ("first", "wall"),
    [
        (datetime.date(2027, 3, 27), datetime.time(1, 30)),  # this time does not exist on the 28th
        (datetime.date(2026, 10, 24), datetime.time(1, 30)),  # and comes twice on the 25th
        (datetime.date(2026, 10, 24), datetime.time(0, 0)),
        (datetime.date(2027, 3, 27), datetime.time(23, 50)),
    ],
)
def test_one_reminder_a_date_also_when_the_clocks_change(first, wall):
    a_reminded_runner(wall, began=at(0, 0, date=first - ONE_DAY))
    sweep(at(0, 20, date=first), at(0, 0, date=first + 3 * ONE_DAY) - MINUTE, every=30 * MINUTE)
    assert reminded_dates() == [first, first + ONE_DAY, first + 2 * ONE_DAY]


def test_a_new_time_on_the_same_day_does_not_remind_twice():
    enrolment = a_reminded_runner()
    owe_by_the_clock(now=at(9))
    remind_at(enrolment.runner, datetime.time(18, 0), now=at(10))
    sweep(at(10), at(23))
    assert reminded_dates() == [MONDAY]
    owe_by_the_clock(now=at(18, date=MONDAY + ONE_DAY))
    assert reminded_dates() == [MONDAY, MONDAY + ONE_DAY]


def test_a_later_time_chosen_before_the_reminder_moves_it():
    enrolment = a_reminded_runner()
    remind_at(enrolment.runner, datetime.time(18, 0), now=at(8))
    owe_by_the_clock(now=at(9))
    assert owed() == []
    owe_by_the_clock(now=at(18))
    assert reminded_dates() == [MONDAY]


def test_no_time_is_no_reminder():
    enrolment = a_reminded_runner()
    remind_at(enrolment.runner, None, now=at(8))
    sweep(at(8), at(23))
    assert owed() == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"])
def test_travel_does_not_remind_twice_of_a_date(zone):
    enrolment = a_reminded_runner()
    owe_by_the_clock(now=at(9))
    change_time_zone(user=enrolment.runner, time_zone=zone, now=at(10))
    sweep(at(10), at(10) + 3 * ONE_DAY)
    dates = reminded_dates()
    assert dates == sorted(set(dates))
    assert len(dates) >= 3


def test_a_worker_that_was_down_sends_late_on_the_same_date_and_records_what_it_missed():
    a_reminded_runner()
    owe_by_the_clock(now=at(20))
    assert reminded_dates() == [MONDAY]
    owe_by_the_clock(now=at(8, date=MONDAY + 4 * ONE_DAY))
    owe_by_the_clock(now=at(9, date=MONDAY + 4 * ONE_DAY))
    missed = {MONDAY + n * ONE_DAY: "its day was over" for n in (1, 2, 3)}
    outcomes = {message.local_date: message.outcome for message in owed(MessageKind.REMINDER)}
    assert outcomes == {MONDAY: "", MONDAY + 4 * ONE_DAY: ""} | missed


# --- reminders that are not wanted any more ---------------------------------------------
def test_a_reminder_is_sent(mailoutbox):
    a_reminded_runner()
    owe_by_the_clock(now=at(9))
    assert deliver_due(now=at(9)).sent == 1
    assert [mail.to for mail in mailoutbox] == [["rosa@example.org"]]
    assert owed()[0].status == MessageStatus.SENT


def test_nobody_is_reminded_of_a_day_that_is_logged(mailoutbox):
    enrolment = a_reminded_runner()
    an_entry(enrolment, MONDAY, now=at(8), rest=0)
    owe_by_the_clock(now=at(9))
    assert deliver_due(now=at(9)).sent == 0
    assert mailoutbox == []


def test_a_day_with_an_entry_but_without_the_daily_score_is_reminded(mailoutbox):
    enrolment = a_reminded_runner()
    an_entry(enrolment, MONDAY, now=at(8), morning=1)
    owe_by_the_clock(now=at(9))
    assert deliver_due(now=at(9)).sent == 1


def test_nobody_is_reminded_while_paused(mailoutbox):
    enrolment = a_reminded_runner()
    an_entry(enrolment, MONDAY, now=at(8), red_flags=("FEVER_UNWELL",))
    deliver_due(now=at(8))
    mailoutbox.clear()
    owe_by_the_clock(now=at(9))
    deliver_due(now=at(9))
    assert mailoutbox == []


def test_a_reminder_ends_with_its_local_day(mailoutbox):
    a_reminded_runner()
    owe_by_the_clock(now=at(20))
    deliver_due(now=at(0, date=MONDAY + ONE_DAY))
    assert mailoutbox == []
    assert (owed()[0].status, owed()[0].outcome) == (MessageStatus.SKIPPED, "its day was over")


def test_a_closed_account_gets_no_mail(mailoutbox):
    enrolment = a_reminded_runner()
    owe_by_the_clock(now=at(9))
    type(enrolment.runner).objects.filter(pk=enrolment.runner_id).update(is_active=False)
    deliver_due(now=at(9))
    assert mailoutbox == []


# --- decisions owe one mail each ----------------------------------------------------
def kinds_to(user) -> list[str]:
    return [message.kind for message in owed() if message.recipient_id == user.pk]


def test_a_hold_owes_nothing():
    live(an_enrolment(), QUIET, None, QUIET)
    assert owed() == []


def test_an_advance_owes_one_mail():
    enrolment = live(an_enrolment(), *[COMFORTABLE] * 4)
    assert kinds_to(enrolment.runner) == [MessageKind.ADVANCE]
    assert owed()[0].decision.decision == "advance"


def test_a_step_back_owes_one_mail():
    enrolment = an_enrolment(stage="S3_run1_walk4")
    enrolment = live(enrolment, EntryValues(rest=2, session="done", during=7, after=3), QUIET)
    assert kinds_to(enrolment.runner) == [MessageKind.STEP_BACK]


def test_a_pause_owes_one_mail_however_long_it_lasts():
    enrolment = an_enrolment()
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    live(enrolment, None, QUIET, None, QUIET)
    assert kinds_to(enrolment.runner) == [MessageKind.PAUSE]


def test_a_pause_that_becomes_more_pressing_is_told_again_the_same_day():
    enrolment = an_enrolment()
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL", "CE_SADDLE"))
    assert [message.level for message in owed(MessageKind.PAUSE)] == ["urgent", "emergency"]


def test_a_pause_goes_to_each_physiotherapist_with_consent_and_not_to_one_without():
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul Physio")
    former = a_clinician("former@example.org", "Fay Former")
    stranger = a_clinician("stranger@example.org", "Stan Stranger")
    enrolment = an_enrolment(now=at(6))
    now = enrolment.created_at
    for clinician in (petra, paul, former):
        grant_consent(runner=enrolment.runner, clinician=clinician, now=now)
    revoke_consent(runner=enrolment.runner, clinician=former, now=now + MINUTE)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    assert kinds_to(petra) == kinds_to(paul) == [MessageKind.CLINICIAN_PAUSE]
    assert kinds_to(former) == kinds_to(stranger) == []


def test_a_correction_that_causes_a_step_back_tells_of_it():
    """The easy days that follow are holds; they must not hide it."""
    enrolment = live(an_enrolment(stage="S3_run1_walk4"), COMFORTABLE, QUIET, QUIET)
    bad = EntryValues(rest=1, morning=1, session="done", during=7, after=1)
    date = enrolment.started_on
    record_entry(
        enrolment=enrolment, by=enrolment.runner, now=enrolment.closes_at - HOUR, date=date, values=bad
    )
    assert kinds_to(enrolment.runner) == [MessageKind.STEP_BACK]


def test_a_correction_that_causes_a_pause_tells_its_own_reason():
    enrolment = live(an_enrolment(), QUIET, QUIET, QUIET)
    date = enrolment.started_on
    flagged = EntryValues(morning=1, rest=1, session="none", red_flags=("FEVER_UNWELL",))
    record_entry(
        enrolment=enrolment, by=enrolment.runner, now=enrolment.closes_at - HOUR, date=date, values=flagged
    )
    message = owed()[-1]
    assert kinds_to(enrolment.runner) == [MessageKind.PAUSE]
    assert message.decision.rule == "D2_URGENT"


# --- wanted still? -------------------------------------------------------------------
def a_paused_runner(clinician=None) -> Enrolment:
    enrolment = an_enrolment(clinician=clinician)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    return reloaded(enrolment)


def soon(enrolment: Enrolment) -> datetime.datetime:
    """After everything that the enrolment's rows were written at."""
    return max(timezone.now(), *(message.due_at for message in owed())) + MINUTE


def test_consent_that_ended_before_the_mail_was_sent_stops_it(mailoutbox):
    petra = a_clinician()
    enrolment = a_paused_runner(petra)
    now = soon(enrolment)
    revoke_consent(runner=enrolment.runner, clinician=petra, now=now)
    report = deliver_due(now=now)
    assert (report.sent, report.skipped) == (1, 1)
    assert [mail.to for mail in mailoutbox] == [[enrolment.runner.email]]


def test_a_pause_that_is_cleared_sends_nobody_to_hospital_hours_later(mailoutbox):
    petra = a_clinician()
    enrolment = live(an_enrolment(clinician=petra), QUIET)
    for _ in range(2):
        enrolment = live(enrolment, EntryValues(rest=8, session="none"))
    assert enrolment.is_paused
    now = enrolment.closes_at - HOUR
    clear_pause(enrolment=enrolment, by=petra, now=now, reason="Seen today, may go on")
    assert deliver_due(now=now).sent == 0
    told = [message for message in owed() if message.kind != MessageKind.WRITTEN]
    assert {message.outcome for message in told} == {"the pause has been cleared"}


def test_an_advance_is_not_announced_to_somebody_who_is_paused_meanwhile(mailoutbox):
    enrolment = live(an_enrolment(), *[COMFORTABLE] * 4)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    deliver_due(now=soon(enrolment))
    assert [mail.subject for mail in mailoutbox] == ["Please read this today: your programme is paused"]


# --- sending once -----------------------------------------------------------------------
@pytest.fixture
def server(monkeypatch, mailoutbox):
    """Make the deliverer use this server; ``server.acts`` are taken one a mail."""
    made = Server()
    monkeypatch.setattr(delivery, "get_connection", lambda: made)
    return made


def a_reminder_owed() -> MessageOwed:
    a_reminded_runner()
    owe_by_the_clock(now=at(9))
    return owed()[0]


def test_a_second_deliverer_in_the_middle_of_the_first_sends_nothing(server, mailoutbox):
    a_reminder_owed()
    inner = []
    server.acts = [lambda message: inner.append(deliver_due(now=at(9) + MINUTE))]
    deliver_due(now=at(9))
    assert inner[0].sent == 0
    assert len(mailoutbox) == 1


def test_only_one_of_two_claims_is_granted():
    message = a_reminder_owed()
    due = MessageOwed.objects.due(at(9))
    assert [outbox.claim(due, 10, at(9)), outbox.claim(due, 10, at(9))] == [[message.pk], []]


def test_a_crash_after_sending_repeats_the_mail_once_with_the_same_message_id(monkeypatch, mailoutbox):
    a_reminder_owed()
    monkeypatch.setattr(outbox, "lease_clock", lambda now: now)
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(fates, "_settle", lambda *args, **more: (_ for _ in ()).throw(KeyboardInterrupt))
        deliver_due(now=at(9))
    deliver_due(now=at(9) + LEASE - MINUTE)
    assert len(mailoutbox) == 1
    for _ in range(2):
        deliver_due(now=at(9) + LEASE)
    assert len(mailoutbox) == 2
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1


# --- refused, broken, slow -----------------------------------------------------------
REFUSED_FOR_GOOD = [
    smtplib.SMTPRecipientsRefused({"rosa@example.org": (550, b"no such user")}),
    smtplib.SMTPDataError(554, b"refused"),
]
TRY_AGAIN = [
    smtplib.SMTPRecipientsRefused({"rosa@example.org": (450, b"later")}),
    smtplib.SMTPDataError(451, b"later"),
    smtplib.SMTPServerDisconnected("gone"),
    ConnectionRefusedError("nobody there"),
    TimeoutError("slow"),
    # A fault of the site must not end every mail.
    smtplib.SMTPAuthenticationError(535, b"wrong password"),
    smtplib.SMTPSenderRefused(550, b"not you", "rehab@example.org"),
]


@pytest.mark.parametrize("error", REFUSED_FOR_GOOD, ids=lambda error: type(error).__name__)
def test_what_is_refused_for_good_is_given_up_and_says_why(server, error):
    message = a_reminder_owed()
    server.acts = [error]
    assert deliver_due(now=at(9)).dead == 1
    message.refresh_from_db()
    assert message.status == MessageStatus.DEAD
    assert type(error).__name__ in message.outcome


@pytest.mark.parametrize("error", TRY_AGAIN, ids=lambda error: type(error).__name__)
def test_what_may_pass_is_tried_again_with_growing_delay(server, mailoutbox, error):
    message = a_reminder_owed()
    server.acts = [error, error, error]
    now, waits = at(9), []
    for _ in range(3):
        assert deliver_due(now=now).failed == 1
        message.refresh_from_db()
        waits.append(message.due_at - now)
        assert deliver_due(now=message.due_at - datetime.timedelta(seconds=1)).sent == 0
        now = message.due_at
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert deliver_due(now=now).sent == 1
    assert len(mailoutbox) == 1


def test_a_reminder_that_cannot_be_sent_on_its_day_is_given_up(server):
    a_reminded_runner(datetime.time(23, 59))
    owe_by_the_clock(now=at(23, 59))
    server.acts = [ConnectionRefusedError()]
    assert deliver_due(now=at(23, 59)).dead == 1


def test_a_pause_is_tried_for_ever_and_an_advance_while_it_is_news(server):
    enrolment = live(an_enrolment(), *[COMFORTABLE] * 4)
    an_entry(an_enrolment(), rest=2, red_flags=("FEVER_UNWELL",))
    server.acts = [ConnectionRefusedError()] * 200
    now = soon(enrolment)
    for _ in range(30):
        deliver_due(now=now)
        now += 6 * HOUR
    assert {m.kind: m.status for m in owed()} == {
        "advance": MessageStatus.SKIPPED,
        "pause": MessageStatus.OWED,
    }


def test_one_bad_mail_does_not_stop_the_others(server, mailoutbox):
    for n in range(3):
        a_reminded_runner(email=f"runner{n}@example.net")
    owe_by_the_clock(now=at(9))
    server.acts = [None, ValueError("cannot be written")]
    report = deliver_due(now=at(9))
    assert (report.sent, report.failed) == (2, 1)


def test_a_slow_server_does_not_stretch_a_run_beyond_its_leases(server, monkeypatch):
    """What was claimed and not tried is given back as if it had not been."""
    for n in range(3):
        a_reminded_runner(email=f"runner{n}@example.net")
    owe_by_the_clock(now=at(9))
    passed = [0.0]
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    server.acts = [lambda message: passed.__setitem__(0, passed[0] + 31)] * 3
    assert deliver_due(now=at(9)).sent == 2
    assert LEASE.total_seconds() > outbox.LONGEST_RUN_SECONDS
    (left,) = [message for message in owed() if message.status == MessageStatus.OWED]
    assert (left.attempts, left.leased_until) == (0, None)


def test_one_connection_serves_a_run(server, monkeypatch):
    closed = []
    monkeypatch.setattr(server, "close", lambda: closed.append(len(server.seen)))
    for n in range(2):
        a_reminded_runner(email=f"runner{n}@example.net")
    owe_by_the_clock(now=at(9))
    deliver_due(now=at(9))
    assert closed == [2]


# --- to the letter -------------------------------------------------------------------
def test_a_name_cannot_add_a_header(mailoutbox):
    a_reminded_runner(name="Rosa\r\nBcc: everybody@example.com\u2028\x00 Runner")
    owe_by_the_clock(now=at(9))
    deliver_due(now=at(9))
    headers = mailoutbox[0].message().as_string().partition("\n\n")[0]
    assert "everybody" not in headers
    assert mailoutbox[0].recipients() == ["rosa@example.org"]


def test_an_address_that_would_add_a_header_is_given_up_and_not_sent(mailoutbox):
    message = a_reminder_owed()
    user_model = type(message.recipient)
    user_model.objects.filter(pk=message.recipient_id).update(email="rosa@example.org\nBcc: x@example.com")
    assert deliver_due(now=at(9)).dead == 1
    assert mailoutbox == []


def test_a_step_back_is_not_told_while_the_programme_is_paused():
    """It names what to do next, and a paused runner does nothing from here."""
    enrolment = an_enrolment(stage="S3_run1_walk4")
    enrolment = live(enrolment, EntryValues(rest=2, session="done", during=7, after=3))
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    (message,) = owed(MessageKind.STEP_BACK)
    message.enrolment.refresh_from_db()
    assert why_unwanted(message, message.due_at) == "the programme is paused"
