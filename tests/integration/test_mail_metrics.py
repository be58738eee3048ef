"""How the mails go, in numbers: what waits and since when, for monitors, the doctor and the log."""

import datetime
import json

import pytest
from django.test import RequestFactory

from accounts.models import User
from programs.models import JobHeartbeat, MessageKind
from programs.selectors.mail_metrics import mail_metrics
from rehab import diagnosis, health
from rehab.edge import WAS_FORWARDED
from rehab.findings import Grade
from tests.builders import an_enrolment
from tests.support.mail_rows import a_message, an_account_mail
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def rosa():
    return an_enrolment(a_runner())


@pytest.fixture
def asked(time_machine, monkeypatch):
    """Ask /healthz of a site that has run for a while: status, and what it says."""
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(health, "_STARTED", -10_000.0)
    monkeypatch.setattr(health.time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(health, "jobs_of", lambda beat: "ok")

    def ask(**shown: str) -> tuple[int, dict]:
        answer = health.healthz(RequestFactory().get("/healthz", **shown))
        return answer.status_code, json.loads(answer.content)

    return ask


def waits(rosa, minutes: float, kind: str = MessageKind.REMINDER, recipient=None, **more):
    return a_message(recipient or rosa.runner, rosa, NOW - minutes * MINUTE, kind, **more)


def bounces(person: User, **more) -> None:
    User.objects.filter(pk=person.pk).update(bounced_at=NOW, bounce="550", **more)


def test_without_mails_all_is_well(asked):
    status, said = asked()
    assert (status, said["mail"]) == (200, "ok")
    assert said["mails"] == {
        "oldest_seconds": {"safety": 0, "other": 0, "account": 0},
        "waiting": 0,
        "late": 0,
        "last_24_hours": {"sent": 0, "uncertain": 0, "skipped": 0, "dead": 0, "repeats": 0},
        "addresses_that_bounce": 0,
    }


def test_the_oldest_of_each_sort_counts_from_when_it_was_wanted(rosa, asked):
    """Not from the next try, which a server that refuses puts off, nor from when it was written down."""
    waits(rosa, 10, due_at=NOW + 30 * MINUTE, attempts=3)
    waits(rosa, 7)
    waits(rosa, 5, MessageKind.PAUSE, created_at=NOW - 600 * MINUTE)
    waits(rosa, -60, MessageKind.ADVANCE, created_at=NOW - 600 * MINUTE)
    an_account_mail("ann@example.org", NOW - 2 * MINUTE)
    _status, said = asked()
    assert said["mails"]["oldest_seconds"] == {"safety": 300, "other": 600, "account": 120}
    assert (said["mails"]["waiting"], said["mails"]["late"]) == (4, 0)


@pytest.mark.parametrize(
    ("kind", "minutes", "state"),
    [
        (MessageKind.PAUSE, 14, "ok"),
        (MessageKind.PAUSE, 16, "not sent"),
        (MessageKind.CLINICIAN_PAUSE, 16, "not sent"),
        (MessageKind.FLAG_UNSEEN, 16, "not sent"),
        (MessageKind.REMINDER, 59, "ok"),
        (MessageKind.REMINDER, 61, "not sent"),
        (MessageKind.DIGEST, 61, "not sent"),
    ],
)
def test_how_long_a_mail_may_wait(rosa, asked, kind, minutes, state):
    waits(rosa, minutes, kind)
    status, said = asked()
    assert (status, said["mail"]) == (503 if state == "not sent" else 200, state)


def test_one_mailbox_that_takes_nothing_is_said_and_is_no_alarm(rosa, asked):
    """Others get theirs, so neither the jobs nor the mail server are down."""
    waits(rosa, 90, attempts=6, due_at=NOW + 30 * MINUTE)
    waits(rosa, 30, recipient=a_clinician(), kind=MessageKind.DIGEST, status="sent")
    status, said = asked()
    assert (status, said["mail"]) == (200, "delayed")


def test_two_that_wait_are_an_alarm_whoever_gets_hers(rosa, asked):
    waits(rosa, 90)
    waits(rosa, 90, recipient=a_clinician(), kind=MessageKind.DIGEST)
    waits(rosa, 30, kind=MessageKind.ADVANCE, status="sent")
    assert asked()[0] == 503


def test_a_start_has_time_to_send_what_waited(rosa, asked, monkeypatch):
    monkeypatch.setattr(health, "_STARTED", -5.0)
    waits(rosa, 600)
    status, said = asked()
    assert (status, said["mail"]) == (200, "delayed")


def test_what_became_of_the_mails_of_a_day(rosa, asked):
    for status, attempts in (("sent", 1), ("sent", 2), ("uncertain", 2), ("skipped", 1), ("dead", 8)):
        waits(rosa, 60, status=status, attempts=attempts, outcome="550" if status != "sent" else "")
    waits(rosa, 2000, status="sent")
    an_account_mail("ann@example.org", NOW - 60 * MINUTE, status="sent")
    an_account_mail("ann@example.org", NOW - 60 * MINUTE, status="expired", outcome="its time was over")
    assert asked()[1]["mails"]["last_24_hours"] == {
        "sent": 3,
        "uncertain": 1,
        "skipped": 2,
        "dead": 1,
        "repeats": 1,
    }


def test_addresses_that_bounce_are_counted(rosa, asked):
    for number, is_active in enumerate((True, True, False)):
        bounces(a_runner(f"r{number}@example.org"), is_active=is_active)
    assert asked()[1]["mails"]["addresses_that_bounce"] == 2


def test_the_numbers_take_six_queries(rosa, django_assert_num_queries):
    waits(rosa, 90)
    with django_assert_num_queries(6):
        mail_metrics(now=NOW)


def test_healthz_names_nobody(rosa, asked):
    waits(rosa, 90, MessageKind.PAUSE)
    assert "rosa" not in json.dumps(asked()[1]).lower()


@pytest.mark.parametrize(
    ("token", "shown", "is_told"),
    [
        ("", {}, True),
        ("", {WAS_FORWARDED: True}, False),
        ("", {"REMOTE_ADDR": "10.0.0.7"}, False),
    ]
    + [("key", {}, False), ("key", {"HTTP_AUTHORIZATION": "Bearer key", "REMOTE_ADDR": "10.0.0.7"}, True)],
)
def test_healthz_counts_for_whoever_may_read_figures_and_tells_others_in_words(
    rosa, asked, settings, token, shown, is_told
):
    settings.REHAB_METRICS_TOKEN = token
    waits(rosa, 90, MessageKind.PAUSE)
    JobHeartbeat.objects.create(
        name="watch_red_flags", beat_at=NOW, note="1 red flags unseen, nobody to tell"
    )
    status, said = asked(**shown)
    assert (status, said["mail"]) == (503, "not sent")
    assert ("mails" in said) == is_told
    assert said["red_flags"] == ("1 red flags unseen, nobody to tell" if is_told else "watched")
    if not is_told:
        assert set(said) == {"status", "database", "jobs", "mail", "red_flags", "heartbeat_age_seconds"}


def test_the_doctor_says_since_when_mails_wait(rosa):
    assert diagnosis.wanted_mails(NOW).text == "none waits"
    waits(rosa, 5)
    assert diagnosis.wanted_mails(NOW).grade == Grade.GOOD
    waits(rosa, 90, MessageKind.PAUSE)
    found = diagnosis.wanted_mails(NOW)
    assert found.grade == Grade.WRONG
    assert "90 min ago" in found.text
    assert "safety" in found.text


def test_the_doctor_tells_one_mailbox_from_all(rosa):
    waits(rosa, 90, attempts=6)
    waits(rosa, 30, recipient=a_clinician(), kind=MessageKind.DIGEST, status="sent")
    assert diagnosis.wanted_mails(NOW).grade == Grade.WARNING


def test_the_doctor_counts_addresses_that_bounce(rosa):
    assert diagnosis.bounces(NOW).grade == Grade.GOOD
    bounces(a_runner("r@example.org"))
    found = diagnosis.bounces(NOW)
    assert (found.grade, "1 " in found.text) == (Grade.WARNING, True)


def test_the_doctor_names_the_provider(settings):
    settings.REHAB_MAIL_PROVIDER = "postmark"
    assert "postmark" in diagnosis.mail(NOW).text
