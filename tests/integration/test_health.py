"""/healthz and doctor: signs of life, and what to do without them."""

import datetime
import io
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import RequestFactory

from accounts.emails import Words
from accounts.models import AccountMail
from accounts.services.mail import owe_mail
from programs.models import JobHeartbeat
from rehab import diagnosis, diagnosis_of_broker, health
from rehab.findings import Grade

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


def beat(seconds_ago: float, note: str = "", now: datetime.datetime = NOW) -> None:
    when = now - datetime.timedelta(seconds=seconds_ago)
    JobHeartbeat.objects.update_or_create(name="tick", defaults={"beat_at": when, "note": note})


def ask(time_machine, monkeypatch, running_for: float = 10_000.0):
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(health, "_STARTED", -running_for)
    monkeypatch.setattr(health.time, "monotonic", lambda: 0.0)
    return health.healthz(RequestFactory().get("/healthz"))


def test_a_fresh_heartbeat_is_well(time_machine, monkeypatch):
    beat(30)
    assert ask(time_machine, monkeypatch).status_code == 200


def test_an_old_heartbeat_is_not(time_machine, monkeypatch):
    beat(health.patience_seconds() + 1)
    answer = ask(time_machine, monkeypatch)
    assert (answer.status_code, b"no sign of life" in answer.content) == (503, True)


def test_a_start_has_time_for_its_first_tick(time_machine, monkeypatch):
    assert ask(time_machine, monkeypatch, running_for=5).status_code == 200


def test_a_tick_that_complains_is_not_well(time_machine, monkeypatch):
    beat(30, note="clocks differ by 300 s; no day is closed until they agree")
    answer = ask(time_machine, monkeypatch)
    assert (answer.status_code, b"clocks differ" in answer.content) == (503, True)


def test_a_database_that_does_not_answer_is_503_and_not_500(time_machine, monkeypatch):
    def refuse(now):
        raise DatabaseError

    monkeypatch.setattr(health, "pulse", refuse)
    assert ask(time_machine, monkeypatch).status_code == 503


def test_the_answer_is_never_cached(time_machine, monkeypatch):
    assert "no-store" in ask(time_machine, monkeypatch)["Cache-Control"]


def test_the_page_is_where_monitors_look(client):
    assert client.get("/healthz").status_code in (200, 503)


def test_doctor_finds_a_running_site_well(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    beat(10, now=datetime.datetime.now(datetime.UTC))
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert "WRONG" not in out.getvalue()


def test_doctor_exits_with_1_and_says_what_to_do():
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", stdout=out)
    assert "make run" in out.getvalue()


def test_a_part_that_fails_unforeseen_is_a_finding(monkeypatch):
    def break_down(now):
        raise RuntimeError("unforeseen")

    monkeypatch.setitem(diagnosis._PARTS, "disk", break_down)
    findings = {finding.part: finding for finding in diagnosis.examine(NOW)}
    assert findings["disk"].grade is Grade.WRONG
    assert findings["clocks"].grade is Grade.GOOD


def test_the_doctor_names_a_dead_database_once_and_what_nobody_can_tell_then(monkeypatch):
    def no_answer(*_):
        raise OperationalError("connection refused")

    monkeypatch.setattr(diagnosis, "MigrationExecutor", no_answer)
    monkeypatch.setattr(diagnosis, "held_because", no_answer)
    findings = {finding.part: finding for finding in diagnosis.examine(NOW)}
    assert findings["database"].text == "does not answer: connection refused"
    assert (findings["hold"].text, findings["hold"].grade) == ("nobody can tell", Grade.WRONG)
    assert findings.keys() == diagnosis._PARTS.keys()


def test_the_doctor_waits_once_for_a_database_that_says_nothing(monkeypatch):
    """Sixteen parts would wait five seconds each."""
    asked = []

    def no_answer(*_):
        asked.append("once")
        raise OperationalError("timeout expired")

    monkeypatch.setattr(diagnosis, "MigrationExecutor", no_answer)
    monkeypatch.setattr(connection, "cursor", no_answer)
    findings = {finding.part: finding for finding in diagnosis.examine(NOW)}
    assert asked == ["once"]
    assert {part for part, found in findings.items() if found.text != "nobody can tell"} == {
        "database",
        *diagnosis._WITHOUT_DATABASE,
    }


def test_an_unreachable_broker_is_wrong(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert diagnosis_of_broker.broker(NOW).grade is Grade.WRONG


def broker_found(settings, server, visibility: int = 900) -> tuple[Grade, str]:
    settings.REDIS_URL = server.url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": visibility}
    found = diagnosis_of_broker.broker(NOW)
    return found.grade, found.text


def test_a_broker_that_keeps_what_it_is_given_is_good_and_one_that_may_not_is_warned_of(
    settings, redis_server
):
    assert broker_found(settings, redis_server) == (Grade.GOOD, "Redis answers")
    redis_server.client.config_set("maxmemory-policy", "allkeys-lru")
    redis_server.client.config_set("appendonly", "no")
    said = "answers; maxmemory-policy is allkeys-lru; appendonly is off"
    assert broker_found(settings, redis_server) == (Grade.WARNING, said)


def test_a_broker_that_forbids_to_ask_for_its_settings_answers_all_the_same(settings, redis_server):
    """So do those of most hosts: it was said to be away."""
    client = redis_server.client
    client.execute_command("ACL", "SETUSER", "default", "-config")
    assert broker_found(settings, redis_server) == (Grade.GOOD, "Redis answers")
    client.execute_command("ACL", "SETUSER", "default", "-info")
    assert broker_found(settings, redis_server) == (Grade.WARNING, "answers; does not tell its settings")


def test_a_broker_that_hands_out_what_a_task_still_holds_is_warned_of(settings, redis_server):
    assert broker_found(settings, redis_server, visibility=301)[0] is Grade.GOOD
    grade, text = broker_found(settings, redis_server, visibility=300)
    assert (grade, "after 300 s" in text) == (Grade.WARNING, True)


def test_a_silent_worker_is_told_from_a_silent_beat(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(diagnosis.watchdog, "queue_length", lambda client: 7)
    assert diagnosis.jobs(NOW).part == "worker"
    monkeypatch.setattr(diagnosis.watchdog, "queue_length", lambda client: 0)
    assert diagnosis.jobs(NOW).part == "beat"


def test_a_mail_server_that_is_away_is_wrong(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert diagnosis.mail(NOW).grade is Grade.WRONG


def test_a_mail_server_that_answers_is_good(settings, smtp_sink):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = "django.core.mail.backends.smtp.EmailBackend", False
    assert diagnosis.mail(NOW).grade is Grade.GOOD


def test_a_wrong_clock_is_wrong(monkeypatch):
    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    monkeypatch.setattr(diagnosis, "_other_clocks", lambda: iter([("PostgreSQL", ahead)]))
    assert diagnosis.clocks(NOW).grade is Grade.WRONG


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_sqlite_with_several_processes_is_warned_of(settings, monkeypatch):
    assert diagnosis.sqlite(NOW).grade is Grade.GOOD
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(diagnosis.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert "damage" in diagnosis.sqlite(NOW).text


def test_a_full_disk_is_wrong(monkeypatch):
    usage = diagnosis.shutil.disk_usage("/")
    monkeypatch.setattr(diagnosis.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert diagnosis.disk(NOW).grade is Grade.WRONG


# --- codes and links -----------------------------------------------------------------
def a_mail_owed(minutes_ago: float, **fields) -> None:
    since = NOW - datetime.timedelta(minutes=minutes_ago)
    words = Words(subject="Your code", text="ABCD-EFGH")
    row = owe_mail(email="rosa@example.org", kind="email_changed", words=words, now=since)
    AccountMail.objects.filter(pk=row.pk).update(**fields)


def mail_state(time_machine, monkeypatch, running_for: float = 10_000.0) -> tuple[int, str]:
    beat(30)
    answer = ask(time_machine, monkeypatch, running_for)
    return answer.status_code, json.loads(answer.content)["mail"]


def test_a_code_that_nobody_sends_is_not_well(time_machine, monkeypatch):
    a_mail_owed(6)
    assert mail_state(time_machine, monkeypatch) == (503, "not sent")


def test_a_code_that_is_just_owed_is_well(time_machine, monkeypatch):
    a_mail_owed(1)
    assert mail_state(time_machine, monkeypatch) == (200, "ok")


def test_a_start_has_time_to_send_what_was_owed_before(time_machine, monkeypatch):
    a_mail_owed(600)
    assert mail_state(time_machine, monkeypatch, running_for=5) == (200, "ok")


def test_a_server_that_takes_nothing_is_said_and_is_no_alarm(time_machine, monkeypatch):
    """It may be one recipient's; the jobs do what they can."""
    a_mail_owed(20, attempts=9, due_at=NOW + datetime.timedelta(minutes=3))
    assert mail_state(time_machine, monkeypatch) == (200, "delayed")
    assert diagnosis.account_mails(NOW).grade is Grade.WARNING


def test_the_doctor_finds_mails_that_nobody_sends():
    assert diagnosis.account_mails(NOW).grade is Grade.GOOD
    a_mail_owed(6)
    assert diagnosis.account_mails(NOW).grade is Grade.WRONG


def test_a_red_flag_that_nobody_can_be_told_of_is_said_to_monitors_and_by_the_doctor(
    time_machine, monkeypatch
):
    beat(10)
    assert json.loads(ask(time_machine, monkeypatch).content)["red_flags"] == "not yet"
    JobHeartbeat.objects.create(
        name="watch_red_flags", beat_at=NOW, note="1 red flags unseen, nobody to tell"
    )
    answer = ask(time_machine, monkeypatch)
    assert answer.status_code == 200
    assert "nobody to tell" in json.loads(answer.content)["red_flags"]
    assert diagnosis.red_flags(NOW).grade is Grade.WRONG


def test_red_flags_that_nobody_watches_are_a_failure(time_machine, monkeypatch):
    late = NOW - datetime.timedelta(hours=2)
    JobHeartbeat.objects.create(name="watch_red_flags", beat_at=late)
    monkeypatch.setattr(health, "_STARTED", -10_000.0)
    assert health.watch(NOW) == health.NOT_WATCHED
    assert diagnosis.red_flags(NOW).grade is Grade.WRONG
    JobHeartbeat.objects.update(beat_at=NOW)
    assert diagnosis.red_flags(NOW).grade is Grade.GOOD
