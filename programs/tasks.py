"""Celery tasks: ids and ISO instants in, one service call each.

Every task may run twice, late or after a crash: services find due rows in the
database and leave none behind twice.
"""

import datetime
import logging

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.services.delivery import deliver_account_mails
from programs.mail_contents import contents_of
from programs.selectors.site_figures import days_due
from programs.selectors.standing_still import standing_still
from programs.services.by_the_clock import owe_what_can_be_owed
from programs.services.days import LONGEST_LEASE, claim_due, close_due
from programs.services.delivery import deliver_due
from programs.services.demo import close as demo
from programs.services.health import ENOUGH, ClockSkew, beat, check_clocks, waiting_in
from programs.services.holds import held_because, is_being_restored
from programs.services.ping import ping
from programs.services.retention import JOB, apply_retention, is_due
from programs.services.watch import WATCH, watch_red_flags

logger = logging.getLogger(__name__)
#: Beat looks again every few seconds: two long runs must not keep both workers from closing days.
LONGEST_RUN_SECONDS = 30
#: As long as a claim may hold: the clocks of two nodes may be apart by more than the shortest.
WORTHLESS_AFTER = LONGEST_LEASE.total_seconds()
RETRY = {"autoretry_for": (OperationalError, InterfaceError), "max_retries": 3, "retry_backoff": 2}


@shared_task
def tick(**_) -> None:
    """Find what is due and hand it out. A tick that is lost is made good by the next."""
    now = timezone.now()
    if skew := _skew(now):
        beat(name="tick", now=now, note=skew)
        return
    if why := held_because():
        logger.warning("%s", why)
        beat(name="tick", now=now, note=why)
        return
    if not _nobody_takes_days(now):
        for first, last in claim_due(now=now, batch_size=settings.REHAB_BATCH_SIZE):
            # A range that waited longer has been handed out anew; one that comes twice finds nothing to do.
            close_range.apply_async(kwargs={"first": first, "last": last}, expires=WORTHLESS_AFTER)
    if (waiting_in(_queue_of(send_due)) or 0) < ENOUGH:
        send_due.apply_async(expires=WORTHLESS_AFTER)
    beat(name="tick", now=now)
    # A monitor hears of a site that does its work, not of a tick that found its way past dead workers.
    if settings.REHAB_PING_URL and not standing_still(now=now, patience=_patience()):
        ping()


def _nobody_takes_days(now: datetime.datetime) -> bool:
    """More ranges wait than are due: those that are handed out again would only fill the broker.

    It would be full one day, and then no mail goes out either. Whoever takes one range
    takes all, what is worthless by now in no time; then the next tick hands out anew.
    """
    waiting = waiting_in(_queue_of(close_range)) or 0
    # Asked only then: mostly nothing waits.
    if not waiting or waiting <= -(-days_due(now=now) // settings.REHAB_BATCH_SIZE):
        return False
    # No warning: a busy worker has some waiting, too. What stands still is told by the alarm.
    logger.info("%s ranges of days wait, more than are due: none is handed out this time", waiting)
    return True


def _queue_of(task) -> str:
    return task.app.conf.task_routes[task.name]["queue"]


def _patience() -> datetime.timedelta:
    """For how long days may be due while none is closed."""
    return datetime.timedelta(minutes=settings.REHAB_ALARM_MINUTES)


@shared_task(**RETRY)
def close_range(*, first: int, last: int, **_) -> None:
    """Close the due days of an id range; what is closed is not due, so a repeat does nothing."""
    now = timezone.now()
    check_clocks(now=now)
    if held_because():
        return
    report = close_due(
        now=now, job="close_range", first=first, last=last, batch_size=settings.REHAB_BATCH_SIZE
    )
    if report.decisions:
        send_due.apply_async(expires=WORTHLESS_AFTER)
    beat(name="close_range", now=now)


@shared_task(**RETRY)
def send_due(**_) -> None:
    """Owe what the clock has struck, then send what is owed; a repeat finds nothing that is due.

    Where owing fails, what is owed goes out all the same, and the sign of life says what went wrong.
    """
    now = timezone.now()
    # A clock that is ahead would owe tomorrow's reminders, and those of tomorrow would never come.
    wrong = held_because() or _skew(now)
    if is_being_restored():
        return
    if not wrong:
        # After a restore a reminder would name a plan that may be days old.
        _, wrong = owe_what_can_be_owed(now=now)
    # Codes are urgent: they do not wait for the end of a long run.
    deliver_due(now=now, contents=contents_of, between=_codes_first, seconds=LONGEST_RUN_SECONDS)
    beat(name="send_due", now=now, note=wrong)


def _skew(now: datetime.datetime) -> str:
    """How far apart clocks are, where that is too far; or nothing."""
    try:
        check_clocks(now=now)
    except ClockSkew as skew:
        logger.critical("%s", skew)
        return str(skew)
    return ""


def _codes_first(now: datetime.datetime) -> None:
    deliver_account_mails(now=now, seconds=5)


@shared_task(**RETRY)
def close_demo_day(*, enrolment_id: int, date: str, **_) -> None:
    """Close a day early, in a demonstration; one that is closed stays as it is, so a repeat does nothing."""
    day = datetime.date.fromisoformat(date)
    demo.close_demo_day(enrolment_id=enrolment_id, date=day, now=timezone.now())
    send_due.delay()


@shared_task(**RETRY)
def watch_flags(**_) -> None:
    """Pass on red flags that lost their owner, and tell of unseen ones; what was told is not found again."""
    now = timezone.now()
    report = watch_red_flags(now=now)
    if report.escalated:
        send_due.apply_async(expires=WORTHLESS_AFTER)
    beat(name=WATCH, now=now, note=report.note)


@shared_task(**RETRY)
def keep_no_longer(**_) -> None:
    """Delete, once a day, what was kept long enough; what has gone is not found again by a repeat.

    Nothing while clocks disagree: what one that is ahead deletes does not come back.
    """
    now = timezone.now()
    if not _skew(now) and is_due(now=now):
        apply_retention(now=now)
        beat(name=JOB, now=now)
