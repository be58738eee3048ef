"""The dead man's alarm: raised by whoever lives, told once, told when over, and never by a wrong clock."""

import datetime
import io
import smtplib

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from accounts.models import User
from programs import tasks
from programs.models import Alarm, Decision, Enrolment, JobHeartbeat, MessageOwed
from programs.selectors.standing_still import standing_still
from programs.services import alarms, health
from programs.services.days import close_due
from rehab import alarm, diagnosis, diagnosis_of_site, probes
from rehab.findings import Grade
from tests.integration.story import Story
from tests.support.people import a_manager

pytestmark = pytest.mark.django_db
MINUTES = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch):
    monkeypatch.setattr(health, "database_now", lambda: None)


@pytest.fixture
def due(db) -> datetime.datetime:
    """A site manager, a runner, and when her day is due for so long that it is an alarm."""
    a_manager()
    story = Story()
    return story.enrolment.closes_at + 31 * MINUTES


def look(at: datetime.datetime) -> int:
    return alarm.look(now=at)


def test_days_that_stand_still_are_told_once_and_again_when_it_is_over(due, mailoutbox):
    assert [look(due), look(due + MINUTES)] == [0, 0]
    assert mailoutbox == []
    assert [look(due + 3 * MINUTES), look(due + 4 * MINUTES), look(due + 60 * MINUTES)] == [1, 0, 0]
    assert len(mailoutbox) == 1
    assert "stands still" in mailoutbox[0].subject
    assert "manage.py doctor" in mailoutbox[0].body
    close_due(now=due + 61 * MINUTES, job="test")
    assert [look(due + 62 * MINUTES), look(due + 63 * MINUTES)] == [1, 0]
    assert len(mailoutbox) == 2
    assert "works again" in mailoutbox[1].subject
    row = Alarm.objects.get()
    assert row.told_at and row.ended_at and row.end_told_at


def test_what_is_over_before_it_is_told_is_told_to_nobody(due, mailoutbox):
    look(due)
    close_due(now=due + MINUTES, job="test")
    assert [look(due + 2 * MINUTES), look(due + 30 * MINUTES)] == [0, 0]
    assert mailoutbox == []
    assert Alarm.objects.get().ended_at


def test_a_second_incident_is_told_again(due, mailoutbox):
    look(due), look(due + 3 * MINUTES)
    close_due(now=due + 4 * MINUTES, job="test")
    look(due + 5 * MINUTES)
    tomorrow = due + datetime.timedelta(days=1)
    assert [look(tomorrow), look(tomorrow + 3 * MINUTES)] == [0, 1]
    assert len(mailoutbox) == 3


def test_what_comes_and_goes_is_told_twice_an_hour_and_what_stays_is_told_all_the_same(due, mailoutbox):
    standing = {"mails": due}
    for minute in range(0, 60, 10):
        at = due + minute * MINUTES
        alarms.note(standing=standing, now=at)
        alarms.tell(now=at + 4 * MINUTES)
        alarms.note(standing={}, now=at + 5 * MINUTES)
        alarms.tell(now=at + 5 * MINUTES)
    assert ["stands still" in one.subject for one in mailoutbox] == [True, False] * 2
    alarms.note(standing=standing, now=due + 57 * MINUTES)
    assert alarms.tell(now=due + 61 * MINUTES) == 0
    assert alarms.tell(now=due + 65 * MINUTES) == 1


def test_days_that_are_closed_one_by_one_do_not_stand_still(due):
    other = Story(2)
    assert standing_still(now=due, patience=alarm.patience())
    close_due(now=due - MINUTES, job="test", first=other.pk, last=other.pk)
    assert not standing_still(now=due, patience=alarm.patience())


def test_one_that_is_overdue_for_more_than_a_day_is_an_alarm_whatever_else_is_closed(due):
    other = Story(2)
    later = due + datetime.timedelta(hours=26)
    close_due(now=later, job="test", first=other.pk, last=other.pk)
    assert list(standing_still(now=later, patience=alarm.patience())) == ["days"]


def test_what_is_set_aside_is_poison_and_no_alarm(due):
    Enrolment.objects.update(retry_at=due + MINUTES, failures=3, last_error="ValueError: x")
    assert not standing_still(now=due, patience=alarm.patience())
    assert diagnosis_of_site.set_aside(due).grade is Grade.WRONG
    assert diagnosis_of_site.days(due).grade is Grade.GOOD


def test_mails_that_nobody_sends_and_flags_that_nobody_watches_are_alarms(due):
    now = due - 60 * MINUTES
    runner = User.objects.get(role="runner")
    message = {"recipient": runner, "enrolment": Enrolment.objects.get(), "kind": "pause"}
    wanted = now - 16 * MINUTES
    for number in (1, 2):
        MessageOwed.objects.create(
            **message,
            local_date=now.date() - datetime.timedelta(days=number),
            created_at=wanted,
            wanted_at=wanted,
            due_at=wanted,
            message_id=f"<{number}@x>",
        )
    JobHeartbeat.objects.create(name="watch_red_flags", beat_at=now - 61 * MINUTES)
    # The pauses of one runner alone are late; nobody else got a mail meanwhile.
    assert standing_still(now=now, patience=alarm.patience()) == {
        "mails": wanted,
        "flags": now - 61 * MINUTES,
    }
    finding = diagnosis_of_site.alarms(now)
    assert (finding.grade, "not noted yet" in finding.text) == (Grade.WRONG, True)


def test_a_mail_that_the_server_refuses_is_tried_again_and_never_said_to_be_told(
    due, mailoutbox, monkeypatch
):
    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected("nobody there")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert [look(due), look(due + 3 * MINUTES), look(due + 4 * MINUTES)] == [0, 0, 0]
    assert Alarm.objects.get().told_at is None
    monkeypatch.undo()
    monkeypatch.setattr(health, "database_now", lambda: None)
    # Not before the lease of the first try has ended.
    assert [look(due + 5 * MINUTES), look(due + 8 * MINUTES)] == [0, 1]
    assert len(mailoutbox) == 1


def test_an_incident_during_which_no_mail_could_be_sent_is_told_in_one_when_it_is_over(
    due, mailoutbox, monkeypatch
):
    look(due)
    monkeypatch.setattr(alarms, "_mail", lambda alarm: False)
    assert look(due + 3 * MINUTES) == 0
    monkeypatch.undo()
    monkeypatch.setattr(health, "database_now", lambda: None)
    close_due(now=due + 4 * MINUTES, job="test")
    assert [look(due + 9 * MINUTES), look(due + 20 * MINUTES)] == [1, 0]
    assert len(mailoutbox) == 1
    assert "works again" in mailoutbox[0].subject


def test_only_one_of_many_processes_tells(due, mailoutbox, monkeypatch):
    look(due)
    then = due + 3 * MINUTES
    told = []
    send = alarms._mail

    def while_others_look(row):
        told.append(alarms.tell(now=then))
        return send(row)

    monkeypatch.setattr(alarms, "_mail", while_others_look)
    assert look(then) == 1
    assert told == [0]
    assert len(mailoutbox) == 1


def test_the_mail_is_not_sent_inside_a_transaction_of_ours(due, monkeypatch):
    look(due)
    depth = len(connection.savepoint_ids)
    seen = []
    monkeypatch.setattr(alarms, "_mail", lambda row: seen.append(len(connection.savepoint_ids)) or True)
    look(due + 3 * MINUTES)
    assert seen == [depth]


def test_every_site_manager_is_told_in_her_language_and_nothing_of_anybody(due, mailoutbox):
    other = a_manager("manager2@example.org")
    User.objects.filter(pk=other.pk).update(is_active=False)
    look(due), look(due + 3 * MINUTES)
    assert len(mailoutbox) == 1
    runner = User.objects.get(role="runner")
    sent = mailoutbox[0]
    assert sent.extra_headers["Message-ID"].startswith("<alarm-")
    for text in (sent.subject, sent.body, sent.alternatives[0].content):
        assert runner.name not in text and runner.email not in text


@pytest.fixture
def clocks(monkeypatch, settings):
    """A site with a broker; sets what the clocks of it and of the database show from now on."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    def show(*, database: datetime.datetime, broker: datetime.datetime | None) -> None:
        for module in (health, alarm):
            monkeypatch.setattr(module, "database_now", lambda: database)
            monkeypatch.setattr(module, "broker_now", lambda: broker)

    return show


def test_a_machine_whose_clock_is_ahead_raises_no_alarm_and_ends_none(due, clocks):
    before = due - datetime.timedelta(days=3)
    for broker in (before, None):
        clocks(database=before, broker=broker)
        look(due), look(due + 5 * MINUTES)
    assert not Alarm.objects.exists()
    alarms.note(standing={"days": due}, now=due)
    clocks(database=due, broker=due)
    look(before)
    assert Alarm.objects.get().ended_at is None


@pytest.mark.parametrize("wrong", ["database", "broker"])
@pytest.mark.parametrize("apart", [-3 * 24 * 60, -10, 10])
def test_days_that_nobody_closes_because_the_clock_of_database_or_broker_is_wrong_are_told(
    due, clocks, mailoutbox, time_machine, wrong, apart
):
    """Every machine refuses to close a day then: nobody else would say so, ever."""
    for minute in (0, 3, 4, 90):
        now = due + minute * MINUTES
        time_machine.move_to(now, tick=False)
        clocks(**{"database": now, "broker": now} | {wrong: now + apart * MINUTES})
        tasks.tick()
        look(now)
    assert Decision.objects.count() == 0
    assert ["stands still" in one.subject for one in mailoutbox] == [True]


@pytest.mark.parametrize("apart", [-3 * 24 * 60, 3 * 24 * 60])
def test_without_a_broker_they_are_told_whichever_of_the_two_clocks_is_wrong(
    due, clocks, settings, mailoutbox, apart
):
    settings.REDIS_URL = ""
    for minute in (0, 3, 90):
        clocks(database=due + minute * MINUTES, broker=None)
        look(due + (minute + apart) * MINUTES)
    assert ["stands still" in one.subject for one in mailoutbox] == [True]


@pytest.mark.parametrize("told", [True, False])
def test_a_clock_that_was_days_ahead_keeps_nobody_without_a_word_once_it_is_right(
    due, clocks, mailoutbox, told
):
    """An instant of then is to come for days: it is no "just now", no lease and no "seen a moment ago"."""
    ahead = due + datetime.timedelta(days=3)
    clocks(database=ahead, broker=ahead)
    look(due)
    if told:
        clocks(database=ahead + 4 * MINUTES, broker=ahead + 4 * MINUTES)
        look(due + 4 * MINUTES)
        alarms.note(standing={}, now=due + 5 * MINUTES)
        alarms.tell(now=due + 5 * MINUTES)
    else:
        Alarm.objects.update(leased_until=ahead + alarms.LEASE)
    for minute in (10, 14):
        clocks(database=due + minute * MINUTES, broker=due + minute * MINUTES)
        look(due + minute * MINUTES)
    begun = ["stands still" in one.subject for one in mailoutbox]
    assert begun == ([True, False, True] if told else [True])


def test_the_command_judges_by_the_same_clock(due, clocks, time_machine):
    clocks(database=due - 40 * MINUTES, broker=due - 40 * MINUTES)
    time_machine.move_to(due, tick=False)
    out = io.StringIO()
    call_command("alarm", stdout=out)
    assert "nothing to tell" in out.getvalue()


def test_with_the_worker_of_days_dead_the_site_is_not_ready_and_the_monitor_hears_nothing(
    due, client, settings, monkeypatch, time_machine
):
    """Ticks run on all the same, by the worker of mails, and their sign of life is fresh."""
    pinged = []
    settings.REHAB_PING_URL = "https://monitor.example/key"
    monkeypatch.setattr(tasks, "ping", lambda: pinged.append(True))
    monkeypatch.setattr(probes, "database_now", lambda: None)

    def ticked(at: datetime.datetime) -> tuple[int, int, bool]:
        time_machine.move_to(at, tick=False)
        pinged.clear()
        tasks.tick()
        return client.get("/healthz").status_code, client.get("/readyz").status_code, bool(pinged)

    with monkeypatch.context() as dead:
        dead.setattr(tasks.close_range, "apply_async", lambda **message: None)
        assert ticked(due - 2 * MINUTES) == (200, 200, True)
        assert ticked(due) == (200, 503, False)
    assert ticked(due + MINUTES) == (200, 200, True)


def test_the_command_says_what_stands_still_and_exits_with_1(due, time_machine):
    time_machine.move_to(due, tick=False)
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("alarm", stdout=out)
    assert "days stand still since" in out.getvalue()
    close_due(now=due, job="test")
    call_command("alarm", stdout=out)
    assert "nothing to tell" in out.getvalue()


def test_the_command_says_in_one_line_that_the_database_does_not_answer(monkeypatch):
    def no_answer(**_):
        raise OperationalError("connection refused")

    monkeypatch.setattr(alarm, "look", no_answer)
    with pytest.raises(CommandError, match="does not answer as it should: connection refused.*doctor"):
        call_command("alarm")


def test_a_look_of_a_web_process_survives_whatever_happens(due, monkeypatch, caplog):
    def fail(now):
        raise LookupError("unforeseen")

    monkeypatch.setattr(alarm, "look", fail)
    alarm.look_once()
    assert "A look at alarms failed" in caplog.text


def test_the_doctor_says_which_jobs_failed_today_and_who_may_read_metrics(due, settings):
    health.count_run(name="close_range", seconds=1, error="OperationalError", now=due)
    assert "close_range (OperationalError)" in diagnosis_of_site.failing_jobs(due).text
    assert diagnosis_of_site.failing_jobs(due + datetime.timedelta(days=2)).grade is Grade.GOOD
    settings.REHAB_METRICS_TOKEN = "x"
    parts = {finding.part: finding for finding in diagnosis.examine(due)}
    assert "REHAB_METRICS_TOKEN" in parts["metrics"].text
    assert parts["days"].grade is Grade.WRONG
    assert "close_days" in parts["days"].advice
    assert mail.outbox == []
