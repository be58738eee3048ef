"""What /metrics tells: each metric described once, and where its figures come from."""

import datetime
import platform
from collections.abc import Iterator

import django
import redis
from django.conf import settings
from django.db import connection

from programs.engine import ENGINE_VERSION
from programs.selectors import site_figures
from programs.selectors.mail_metrics import MailMetrics, mail_metrics
from programs.selectors.standing_still import standing_still
from programs.services.health import PAGES
from programs.services.holds import HOLD, RESTORED
from rehab import alarm, broker, watchdog
from rehab.exposition import COUNTER, GAUGE, Metric, Sample, sample

#: A broker that hangs must not make the page hang.
BROKER_SECONDS = 1
METRICS = (
    Metric("rehab_build_info", GAUGE, "Versions of engine, Django, Python and database; always 1."),
    Metric("rehab_days_due", GAUGE, "Days that are over and not closed, without those set aside."),
    Metric("rehab_days_overdue", GAUGE, "Of these, due for longer than REHAB_ALARM_MINUTES."),
    Metric("rehab_days_oldest_due_seconds", GAUGE, "For how long the oldest of these is due; 0 for none."),
    Metric("rehab_days_claimed", GAUGE, "Days that a task holds just now."),
    Metric("rehab_poison", GAUGE, "Enrolments set aside after an error, and messages given up and kept."),
    Metric("rehab_decisions_total", COUNTER, "Decisions by kind and rule, counted up to a few minutes ago."),
    Metric(
        "rehab_decisions_uncounted", GAUGE, "Keys of decisions that were not looked at for the counts yet."
    ),
    Metric("rehab_decisions_estimate", GAUGE, "About how many decisions there are, by the newest key."),
    Metric("rehab_mails_owed", GAUGE, "Mails that are owed, by table and by state: new, tried, leased."),
    Metric(
        "rehab_mails_oldest_wanted_seconds", GAUGE, "For how long the oldest wanted mail of a class waits."
    ),
    Metric("rehab_mails_late", GAUGE, "Mails that wait for longer than they may."),
    Metric("rehab_mails_settled_last_day", GAUGE, "Mails settled within a day, by what became of them."),
    Metric("rehab_mail_addresses_bouncing", GAUGE, "Addresses of open accounts that refuse mails for good."),
    Metric("rehab_red_flags", GAUGE, "Open red flags: all, without an owner, not seen."),
    Metric("rehab_job_runs_total", COUNTER, "Runs of a job that ended, well or not."),
    Metric("rehab_job_failures_total", COUNTER, "Runs of a job that ended by an error, tried again or not."),
    Metric("rehab_job_seconds_total", COUNTER, "What all runs of a job took together."),
    Metric("rehab_job_last_seconds", GAUGE, "What the last run of a job took."),
    Metric("rehab_held", GAUGE, "1 while no day is closed because a backup was restored."),
    Metric("rehab_page_errors_total", COUNTER, "Pages that ended by an error of ours, some minutes behind."),
    Metric("rehab_job_heartbeat_age_seconds", GAUGE, "Since when a job gave no sign of life."),
    Metric("rehab_queue_messages", GAUGE, "Messages that wait in a queue of the broker; none without Redis."),
    Metric("rehab_broker_up", GAUGE, "1 where Redis answers; none without Redis."),
    Metric("rehab_broker_rejected_total", COUNTER, "Messages of the broker that were none of ours."),
    Metric("rehab_standing_still", GAUGE, "1 for what the dead man's switch finds standing still just now."),
    Metric("rehab_alarm_open_seconds", GAUGE, "Since when an alarm is open."),
)


def figures(now: datetime.datetime) -> Iterator[Sample]:
    """Every figure: twenty small queries at most, and one question to the broker."""
    yield _build()
    yield from _days(now)
    yield from _decisions()
    yield from _mails(now)
    yield from _jobs(now)
    flags = site_figures.flag_figures()
    for state in ("open", "unowned", "unseen"):
        yield sample("rehab_red_flags", getattr(flags, state), state=state)
    yield from _queues()
    standing = standing_still(now=now, patience=alarm.patience())
    opened = site_figures.open_alarms()
    for name in ("days", "mails", "flags"):
        yield sample("rehab_standing_still", name in standing, what=name)
        if name in opened:
            yield sample("rehab_alarm_open_seconds", _age(opened[name], now), what=name)


def _build() -> Sample:
    return sample(
        "rehab_build_info",
        1,
        engine=ENGINE_VERSION,
        django=django.get_version(),
        python=platform.python_version(),
        database=connection.vendor,
    )


def _days(now: datetime.datetime) -> Iterator[Sample]:
    days = site_figures.day_figures(now=now, patience=alarm.patience())
    yield sample("rehab_days_due", days.due)
    yield sample("rehab_days_overdue", days.overdue)
    yield sample("rehab_days_oldest_due_seconds", _age(days.oldest, now))
    yield sample("rehab_days_claimed", days.claimed)
    yield sample("rehab_poison", days.set_aside, what="enrolments")


def _decisions() -> Iterator[Sample]:
    decisions = site_figures.decision_figures()
    for (decision, rule), total in decisions.by_rule.items():
        yield sample("rehab_decisions_total", total, decision=decision, rule=rule)
    yield sample("rehab_decisions_uncounted", decisions.uncounted)
    yield sample("rehab_decisions_estimate", decisions.ever)


def _mails(now: datetime.datetime) -> Iterator[Sample]:
    owed = site_figures.mail_figures(now=now)
    for table, prefix in (("messages", ""), ("account", "account_")):
        for state in ("owed", "tried", "leased"):
            yield sample("rehab_mails_owed", getattr(owed, f"{prefix}{state}"), table=table, state=state)
    yield sample("rehab_poison", owed.dead, what="messages")
    mails: MailMetrics = mail_metrics(now=now)
    for name in ("safety", "other", "account"):
        since = getattr(mails.waiting, name)
        yield sample("rehab_mails_oldest_wanted_seconds", _age(since, now), sort=name)
    yield sample("rehab_mails_late", mails.waiting.late)
    for name in ("sent", "uncertain", "skipped", "dead", "repeats"):
        yield sample("rehab_mails_settled_last_day", getattr(mails.day, name), outcome=name)
    yield sample("rehab_mail_addresses_bouncing", mails.bouncing)


def _jobs(now: datetime.datetime) -> Iterator[Sample]:
    rows = {row.name: row for row in site_figures.job_figures()}
    yield sample("rehab_held", HOLD in rows)
    for name, row in rows.items():
        if name.startswith(PAGES):
            yield sample("rehab_page_errors_total", row.failures, status=name.removeprefix(PAGES))
    # Marks of a restore are no jobs: the age of their sign of life would grow for ever.
    for job in (row for name, row in rows.items() if name not in (HOLD, RESTORED)):
        if job.runs:
            yield sample("rehab_job_runs_total", job.runs, job=job.name)
            yield sample("rehab_job_failures_total", job.failures, job=job.name)
            yield sample("rehab_job_seconds_total", job.seconds, job=job.name)
            yield sample("rehab_job_last_seconds", job.last_seconds, job=job.name)
        if job.beat_at:
            yield sample("rehab_job_heartbeat_age_seconds", _age(job.beat_at, now), job=job.name)


def _queues() -> Iterator[Sample]:
    if not settings.REDIS_URL:
        return
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    ) as client:
        lengths = watchdog.queue_lengths(client)
        dropped = broker.rejected(client)
    yield sample("rehab_broker_up", lengths is not None)
    if dropped is not None:
        yield sample("rehab_broker_rejected_total", dropped)
    for name, length in (lengths or {}).items():
        yield sample("rehab_queue_messages", length, queue=name)


def _age(since: datetime.datetime | None, now: datetime.datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0
