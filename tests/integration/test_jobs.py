"""Tasks and commands: thin, repeatable, and silent when a clock is wrong."""

import datetime
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command

from programs import tasks
from programs.models import Decision, Enrolment, JobHeartbeat, MessageOwed
from programs.services import health
from programs.services.people import change_time_zone
from tests.integration.story import RUN, START, Story
from tests.support.mail_choices import remind_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch):
    """The database's clock is real and the tests' is not; they agree unless a test says so."""
    monkeypatch.setattr(health, "database_now", lambda: None)


def after_close(story: Story, days: int = 1) -> datetime.datetime:
    return story.at(1 + days, datetime.time(4))


def test_a_tick_closes_what_is_due_and_leaves_a_sign_of_life():
    story = Story()
    with time_machine.travel(after_close(story), tick=False):
        tasks.tick()
        tasks.tick()
    assert Decision.objects.count() == 1
    beats = dict(JobHeartbeat.objects.values_list("name", "beat_at"))
    assert beats["tick"] == beats["close_range"] == after_close(story)


def test_a_tick_owes_and_sends_the_reminder(mailoutbox):
    story = Story()
    remind_at(story.runner, datetime.time(18), now=story.at(1, datetime.time(9)))
    with time_machine.travel(story.at(1, datetime.time(18, 1)), tick=False):
        tasks.tick()
        tasks.tick()
    assert len(mailoutbox) == 1
    assert mailoutbox[0].to == [story.runner.email]
    assert MessageOwed.objects.get().status == "sent"


def test_clocks_that_disagree_decide_nothing_and_say_so(monkeypatch):
    story = Story()
    now = after_close(story)
    monkeypatch.setattr(health, "database_now", lambda: now - datetime.timedelta(seconds=121))
    with time_machine.travel(now, tick=False):
        tasks.tick()
    assert Decision.objects.count() == 0
    assert "clocks differ by 121 s" in JobHeartbeat.objects.get(name="tick").note


def test_a_clock_that_is_ahead_owes_no_reminder_of_a_day_that_has_not_come(monkeypatch, mailoutbox):
    """It would be sent now, and not when its hour comes: each date has one."""
    story = Story()
    evening = story.at(1, datetime.time(18, 1))
    remind_at(story.runner, datetime.time(18), now=story.at(1, datetime.time(9)))
    with time_machine.travel(evening, tick=False):
        monkeypatch.setattr(health, "database_now", lambda: evening - datetime.timedelta(hours=5))
        tasks.send_due()
        assert not MessageOwed.objects.exists()
        assert "clocks differ" in JobHeartbeat.objects.get(name="send_due").note
        monkeypatch.setattr(health, "database_now", lambda: evening)
        tasks.send_due()
    assert len(mailoutbox) == 1


def test_a_clock_that_is_ahead_deletes_nothing_that_is_kept(monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "apply_retention", lambda now: asked.append(now))
    now = after_close(Story())
    with time_machine.travel(now, tick=False):
        monkeypatch.setattr(health, "database_now", lambda: now - datetime.timedelta(days=9 * 365))
        tasks.keep_no_longer()
        assert not asked
        monkeypatch.setattr(health, "database_now", lambda: now)
        tasks.keep_no_longer()
    assert asked == [now]


def test_clocks_within_the_limit_decide(monkeypatch):
    story = Story()
    now = after_close(story)
    monkeypatch.setattr(health, "database_now", lambda: now - datetime.timedelta(seconds=120))
    with time_machine.travel(now, tick=False):
        tasks.tick()
    assert Decision.objects.count() == 1


def test_a_worker_with_a_wrong_clock_closes_nothing(monkeypatch):
    story = Story()
    now = after_close(story)
    monkeypatch.setattr(health, "database_now", lambda: now - datetime.timedelta(days=3))
    with time_machine.travel(now, tick=False), pytest.raises(health.ClockSkew):
        tasks.close_range(first=story.pk, last=story.pk)
    assert Decision.objects.count() == 0


# --- commands ------------------------------------------------------------------------
def run(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_close_days_as_of_an_instant_closes_and_repeats_harmlessly():
    story = Story()
    story.log(1, **RUN)
    as_of = after_close(story, days=2).isoformat()
    out, err = run("close_days", "--as-of", as_of)
    assert "2026-03-02\thold\tD8J_MIN_DAYS" in out
    assert "2 days closed" in err
    assert "0 days closed" in run("close_days", "--as-of", as_of)[1]
    assert Decision.objects.count() == 2


def test_close_days_dry_run_writes_nothing():
    story = Story()
    out, err = run("close_days", "--as-of", after_close(story).isoformat(), "--dry-run")
    assert "D8A_NO_LOG" in out and "dry run" in err
    assert Decision.objects.count() == 0
    assert story.enrolment.decided_through == START - datetime.timedelta(days=1)


def test_close_days_of_one_enrolment_leaves_the_others():
    one, other = Story(1), Story(2)
    run("close_days", "--as-of", after_close(one).isoformat(), "--enrolment", str(one.pk))
    assert set(Decision.objects.values_list("enrolment", flat=True)) == {one.pk}
    assert other.enrolment.decided_through < START


@pytest.mark.parametrize("text", ["yesterday", "2026-03-03T04:00:00"])
def test_close_days_refuses_an_instant_without_a_zone(text):
    with pytest.raises(CommandError, match="--as-of"):
        run("close_days", "--as-of", text)


def test_close_days_reports_what_was_set_aside_and_fails():
    story = Story()
    Enrolment.objects.filter(pk=story.pk).update(stage="gone")
    with pytest.raises(CommandError):
        run("close_days", "--as-of", after_close(story).isoformat())
    assert story.enrolment.failures == 1


def test_verify_ledger_is_content_with_what_the_jobs_wrote():
    story = Story()
    story.live(1, [RUN, RUN, None, {**RUN, "during": 5}])
    out, _ = run("verify_ledger")
    assert out.startswith("4 decisions recomputed, 0 differences")


def test_verify_ledger_finds_a_row_that_its_inputs_do_not_give():
    story = Story()
    story.log(1, **RUN)
    row = story.close(1)
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    forged = {**values, "date": story.date(9), "rule": "D8H_FINAL"}
    tampered = {**values, "date": story.date(10), "inputs": {**row.inputs, "first_day": "2026-01-01"}}
    Decision.objects.bulk_create([Decision(**forged), Decision(**tampered)])
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=errors)
    assert "rule is 'D8H_FINAL', recomputed 'D8J_MIN_DAYS'" in errors.getvalue()
    assert "do not match their hash" in errors.getvalue()


# --- travel ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "away,home",
    [("Pacific/Honolulu", "Pacific/Auckland"), ("Pacific/Kiritimati", "Pacific/Honolulu")],
)
def test_travel_across_the_date_line_neither_skips_nor_doubles_a_day(away, home):
    story = Story(zone=home)
    story.close(1), story.close(2)
    now = story.at(3, datetime.time(12))
    change_time_zone(user=story.runner, time_zone=away, now=now)
    story.runner.refresh_from_db()
    story.close(6)
    change_time_zone(user=story.runner, time_zone=home, now=story.at(7))
    story.runner.refresh_from_db()
    story.close(9)
    dates = list(Decision.objects.order_by("pk").values_list("date", flat=True))
    assert dates == [story.date(day) for day in range(1, 10)]


def test_a_new_zone_moves_the_closing_instant():
    story = Story(zone="Europe/London")
    change_time_zone(user=story.runner, time_zone="America/New_York", now=story.at(1))
    assert story.enrolment.closes_at == datetime.datetime(2026, 3, 3, 8, tzinfo=datetime.UTC)


# --- the demonstration ------------------------------------------------------------------
def test_a_day_that_is_closed_early_sends_its_mail_at_once_and_touches_nobody_else(settings, mailoutbox):
    settings.DEMO = True
    story, other = Story(1), Story(2)
    story.live(1, [RUN, RUN, RUN]), other.live(1, [RUN, RUN, RUN])
    story.log(4, **RUN)
    with time_machine.travel(story.at(4, datetime.time(20)), tick=False):
        for _ in range(2):
            tasks.close_demo_day(enrolment_id=story.pk, date=story.date(4).isoformat())
    assert story.decision(4).decision == "advance"
    assert [mail.to for mail in mailoutbox] == [[story.runner.email]]
    assert other.decision(4) is None
    assert Decision.objects.filter(enrolment=story.pk).count() == 4


def test_without_the_demonstration_no_day_is_closed_early(settings):
    settings.DEMO = False
    story = Story()
    with time_machine.travel(story.at(1), tick=False):
        tasks.close_demo_day(enrolment_id=story.pk, date=story.date(1).isoformat())
    assert Decision.objects.count() == 0


def test_close_days_never_writes_days_that_have_not_come():
    story = Story()
    future = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)).isoformat()
    with pytest.raises(CommandError, match="future"):
        run("close_days", "--as-of", future)
    assert Decision.objects.count() == 0
    out, _ = run("close_days", "--as-of", future, "--dry-run", "--enrolment", str(story.pk))
    assert out
    assert Decision.objects.count() == 0
