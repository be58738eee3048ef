"""Addresses for machines: alive, ready, and the figures that curves are drawn of."""

import datetime
import re

import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from programs.models import Decision, DecisionCount, Enrolment, JobHeartbeat, MessageOwed
from programs.services.counting import count_decisions
from programs.services.health import beat, count_run
from rehab import diagnosis, health, metrics_of_site, probes
from rehab.edge import WAS_FORWARDED, settle_client
from rehab.findings import Grade
from tests.architecture.source import ROOT
from tests.integration.story import RUN, Story
from tests.support.mail_choices import remind_at

pytestmark = pytest.mark.django_db
CANARY = "Zebedee Canary"


@pytest.fixture
def clock(time_machine, monkeypatch):
    """A running site, long after its start; moves to an instant and leaves a sign of life there."""
    monkeypatch.setattr(health, "_STARTED", -1e9)
    # The database does not travel in time with the test.
    monkeypatch.setattr(probes, "database_now", lambda: None)

    def move(to: datetime.datetime) -> datetime.datetime:
        time_machine.move_to(to, tick=False)
        beat(name="tick", now=to)
        return to

    return move


def lines(client, **headers) -> dict[str, str]:
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    plain = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in plain)


# --- alive and ready -------------------------------------------------------------------
def test_a_process_that_answers_is_alive_and_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_site_that_does_its_work_is_ready(client, clock):
    clock(Story().at(1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "wrong": {}})


def test_days_that_are_due_while_none_is_closed_are_not_ready(client, clock):
    story = Story()
    clock(story.enrolment.closes_at + datetime.timedelta(minutes=29))
    assert client.get("/readyz").status_code == 200
    clock(story.enrolment.closes_at + datetime.timedelta(minutes=31))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["wrong"]) == (503, {"days": "stand still for 31 minutes"})


def test_jobs_without_a_sign_of_life_are_not_ready(client, clock, time_machine):
    now = clock(Story().at(1))
    time_machine.move_to(now + datetime.timedelta(minutes=10), tick=False)
    assert client.get("/readyz").json()["wrong"] == {"jobs": "no sign of life"}


def test_a_migration_that_is_not_applied_is_not_ready(client, clock, monkeypatch):
    clock(Story().at(1))
    more = probes._all_migrations() | {("programs", "9999_of_tomorrow")}
    monkeypatch.setattr(probes, "_all_migrations", lambda: more)
    assert client.get("/readyz").json()["wrong"] == {"migrations": "1 not applied"}


def test_a_database_that_is_away_is_503_on_both(rf, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(probes, "faults", refuse)
    monkeypatch.setattr(metrics_of_site, "figures", refuse)
    assert probes.readyz(rf.get("/readyz")).status_code == 503
    assert probes.metrics(rf.get("/metrics")).status_code == 503


@pytest.mark.parametrize(
    ("seconds", "wrong"),
    [
        (60, {}),
        (-60, {}),
        (61, {"clocks": "this machine's and the database's differ by 61 s"}),
        (-3 * 3600, {"clocks": "this machine's and the database's differ by 10800 s"}),
    ],
)
def test_a_machine_whose_clock_is_wrong_is_not_ready(client, clock, monkeypatch, seconds, wrong):
    now = clock(Story().at(1))
    monkeypatch.setattr(probes, "database_now", lambda: now + datetime.timedelta(seconds=seconds))
    assert client.get("/readyz").json()["wrong"] == wrong


def test_the_clock_of_this_machine_and_of_its_database_agree():
    assert probes.clock_apart(datetime.datetime.now(datetime.UTC)) < health.CLOCK_SECONDS


def test_the_doctor_warns_of_it_before_days_stay_open(monkeypatch):
    now = datetime.datetime.now(datetime.UTC)
    monkeypatch.setattr(
        diagnosis, "_other_clocks", lambda: [("PostgreSQL", now + datetime.timedelta(seconds=90))]
    )
    found = diagnosis.clocks(now)
    assert (found.grade, found.text) == (Grade.WARNING, "PostgreSQL differs by more than 60 s")


@pytest.mark.parametrize(("path", "most"), [("/readyz", 11), ("/metrics", 25)])
def test_they_are_a_few_queries_and_write_nothing(client, clock, path, most):
    clock(Story().at(1))
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    assert len(asked) <= most
    assert not [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]


# --- who may read the figures -----------------------------------------------------------
def test_without_a_token_only_this_machine_reads_and_for_others_there_is_nothing(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404


def test_whoever_comes_through_a_proxy_on_this_machine_is_not_this_machine(client):
    """Also where the settings know of none: then REMOTE_ADDR stays the proxy's."""
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"):
        assert client.get("/metrics", **{header: "127.0.0.1"}).status_code == 404
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}
    assert settle_client(meta, 0) and meta[WAS_FORWARDED]


def test_with_a_token_it_and_nothing_else_opens(client, settings):
    settings.REHAB_METRICS_TOKEN = "let-me-in"
    assert client.get("/metrics").status_code == 404
    for shown in ("Bearer let-me-i", "let-me-in", "Basic let-me-in", "Bearer let-me-in ü"):
        assert client.get("/metrics", HTTP_AUTHORIZATION=shown).status_code == 404
    assert lines(client, HTTP_AUTHORIZATION="Bearer let-me-in", REMOTE_ADDR="203.0.113.9")


# --- the figures ------------------------------------------------------------------------
def test_every_metric_of_the_document_is_there_and_every_one_there_is_in_the_document(client):
    document = (ROOT / "docs/operations.md").read_text()
    written = set(re.findall(r"^\| `(rehab_\w+)", document, flags=re.MULTILINE))
    answer = client.get("/metrics").content.decode()
    assert set(re.findall(r"^# TYPE (\w+) ", answer, flags=re.MULTILINE)) == written
    assert {line.split("{")[0] for line in lines(client)} <= {line.split(" ")[0] for line in written}


def test_days_that_are_due_overdue_claimed_and_set_aside_are_counted(client, clock):
    stories = [Story(number) for number in range(1, 5)]
    now = clock(stories[0].enrolment.closes_at + datetime.timedelta(hours=1))
    later = now + datetime.timedelta(minutes=5)
    Enrolment.objects.filter(pk=stories[0].pk).update(closes_at=now - datetime.timedelta(minutes=1))
    Enrolment.objects.filter(pk=stories[1].pk).update(retry_at=later, failures=1, last_error="x")
    Enrolment.objects.filter(pk=stories[2].pk).update(claimed_until=later)
    found = lines(client)
    assert found["rehab_days_due"] == "3"
    assert found["rehab_days_overdue"] == "2"
    assert found["rehab_days_oldest_due_seconds"] == "3600"
    assert found["rehab_days_claimed"] == "1"
    assert found['rehab_poison{what="enrolments"}'] == "1"


def test_decisions_are_counted_by_kind_and_rule_once_each(client, clock):
    story = Story()
    count_decisions()
    story.live(1, [RUN, RUN, None])
    clock(story.at(5))
    # What was not there when the run before looked is left to the next.
    assert count_decisions() == 0
    assert lines(client)["rehab_decisions_uncounted"] != "0"
    assert count_decisions() == 3
    assert count_decisions() == count_decisions() == 0
    by_rule = {(row.decision, row.rule): row.total for row in DecisionCount.objects.all()}
    assert sum(by_rule.values()) == Decision.objects.count() == 3
    rule = Decision.objects.order_by("pk").last().rule
    assert lines(client)[f'rehab_decisions_total{{decision="hold",rule="{rule}"}}'] == str(
        by_rule["hold", rule]
    )


def test_a_count_of_many_takes_slices_and_loses_none(monkeypatch):
    story = Story()
    story.live(1, [RUN, RUN, None, RUN, RUN])
    monkeypatch.setattr("programs.services.counting.SLICE", 2)
    assert count_decisions() == 5


def test_mails_are_counted_by_state_and_age(client, clock):
    story = Story()
    remind_at(story.runner, datetime.time(18), now=story.at(1, datetime.time(9)))
    message = MessageOwed(
        recipient=story.runner,
        enrolment=story.enrolment,
        kind="pause",
        local_date=story.date(1),
        created_at=story.at(1),
        wanted_at=story.at(1),
        due_at=story.at(1),
        message_id="<a@b>",
        attempts=1,
    )
    message.save()
    clock(story.at(1) + datetime.timedelta(minutes=20))
    found = lines(client)
    assert found['rehab_mails_owed{table="messages",state="owed"}'] == "1"
    assert found['rehab_mails_owed{table="messages",state="tried"}'] == "1"
    assert "1200" in (
        found['rehab_mails_oldest_wanted_seconds{sort="safety"}'],
        found['rehab_mails_oldest_wanted_seconds{sort="other"}'],
    )


def test_runs_of_jobs_are_counted_and_a_failure_is_no_sign_of_life(client, clock):
    now = clock(Story().at(1))
    count_run(name="close_range", seconds=1.5, error="", now=now)
    count_run(name="close_range", seconds=0.5, error="OperationalError", now=now)
    found = lines(client)
    assert found['rehab_job_runs_total{job="close_range"}'] == "2"
    assert found['rehab_job_failures_total{job="close_range"}'] == "1"
    assert found['rehab_job_seconds_total{job="close_range"}'] == "2"
    assert found['rehab_job_last_seconds{job="close_range"}'] == "0.5"
    assert 'rehab_job_heartbeat_age_seconds{job="close_range"}' not in found
    assert JobHeartbeat.objects.get(name="close_range").last_error == "OperationalError"


def test_a_run_is_counted_in_one_statement(django_assert_num_queries):
    now = Story().at(1)
    count_run(name="tick", seconds=1, error="", now=now)
    with django_assert_num_queries(1):
        count_run(name="tick", seconds=1, error="", now=now)


def test_a_broker_that_is_away_is_a_figure_and_no_error(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert lines(client)["rehab_broker_up"] == "0"


def test_no_figure_names_anybody(client, clock):
    story = Story()
    story.runner.name = CANARY
    story.runner.save()
    story.live(1, [RUN, {**RUN, "during": 5}])
    clock(story.at(9))
    answers = [client.get(path).content.decode() for path in ("/metrics", "/readyz", "/livez", "/healthz")]
    for text in answers:
        assert CANARY not in text
        assert story.runner.email not in text
        assert "@" not in text
        assert str(story.enrolment.public_id) not in text


def test_a_word_that_would_break_a_line_cannot():
    assert RequestFactory().get("/metrics").META.get(WAS_FORWARDED) is None
    text = probes.written(
        [metrics_of_site.METRICS[0]], [metrics_of_site.sample("rehab_build_info", 1, engine='a"\n\\b')]
    )
    assert text.splitlines()[-1] == r'rehab_build_info{engine="a\"\n\\b"} 1'
