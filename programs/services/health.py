"""Signs of life and the clock guard: a clock that is ahead decides nothing."""

import datetime
from collections.abc import Callable
from typing import TypeVar

import redis
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from programs.models import JobHeartbeat

T = TypeVar("T")
#: So many messages wait in a queue: one more would change nothing. Whoever takes them drops what is
#: worthless by now, and does what is due at the first that is not.
ENOUGH = 1000
#: How the row that counts pages begins; the status of the answer follows.
PAGES = "pages "


class ClockSkew(Exception):
    """Application and database disagree about the time by more than the limit."""


def beat(*, name: str, now: datetime.datetime, note: str = "") -> None:
    """Write a job's sign of life. ``note`` says what stopped it, if anything did."""
    JobHeartbeat.objects.update_or_create(name=name, defaults={"beat_at": now, "note": note[:200]})


def count_run(*, name: str, seconds: float, error: str, now: datetime.datetime) -> None:
    """Count one run of a job and how long it took; ``error`` is the kind of what ended it, or empty.

    One statement, but for the first run ever. It is no sign of life: a job
    that fails at every run must not look alive.
    """
    counted = {
        "runs": Coalesce(F("runs"), 0) + 1,
        "failures": Coalesce(F("failures"), 0) + int(bool(error)),
        "seconds": Coalesce(F("seconds"), 0.0) + seconds,
        "last_seconds": seconds,
    }
    if error:
        counted |= {"last_error": error[:100], "failed_at": now}
    _count(name[:40], counted)


def count_pages(*, status: int, number: int, now: datetime.datetime) -> None:
    """Count pages that ended by an error, in a row of their own beside those of jobs."""
    counted = {"failures": Coalesce(F("failures"), 0) + number, "failed_at": now}
    _count(f"{PAGES}{status}", counted)


def _count(name: str, counted: dict) -> None:
    rows = JobHeartbeat.objects.filter(name=name)
    if not rows.update(**counted):
        JobHeartbeat.objects.bulk_create([JobHeartbeat(name=name)], ignore_conflicts=True)
        rows.update(**counted)


def database_now() -> datetime.datetime:
    """The database server's clock; SQLite has none but the application's."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT strftime('%s', 'now')")
        return datetime.datetime.fromtimestamp(int(cursor.fetchone()[0]), tz=datetime.UTC)


def broker_now() -> datetime.datetime | None:
    """The broker's clock; None without Redis, or where it does not answer just now."""
    told = _of_broker(lambda client: client.time())
    return datetime.datetime.fromtimestamp(told[0] + told[1] / 1e6, tz=datetime.UTC) if told else None


def waiting_in(queue: str) -> int | None:
    """How many messages nobody has taken from a queue; None without Redis, or where it does not answer."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("global_keyprefix", "")
    return _of_broker(lambda client: client.llen(f"{prefix}{queue}"))


def _of_broker(ask: Callable[[redis.Redis], T]) -> T | None:
    if not settings.REDIS_URL:
        return None
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=3) as client:
            return ask(client)
    except redis.RedisError:
        return None


def check_clocks(*, now: datetime.datetime) -> None:
    """Raise ClockSkew where the clock of database or broker is too far from ``now``."""
    for other in filter(None, (database_now(), broker_now())):
        skew = abs((other - now).total_seconds())
        if skew > settings.REHAB_MAX_SKEW_SECONDS:
            raise ClockSkew(f"clocks differ by {skew:.0f} s; no day is closed until they agree")
