"""Signs of life and the clock guard: a clock that is ahead decides nothing."""

import datetime

import redis
from django.conf import settings
from django.db import connection

from programs.models import JobHeartbeat


class ClockSkew(Exception):
    """Application and database disagree about the time by more than the limit."""


def beat(*, name: str, now: datetime.datetime, note: str = "") -> None:
    """Write a job's sign of life. ``note`` says what stopped it, if anything did."""
    JobHeartbeat.objects.update_or_create(name=name, defaults={"beat_at": now, "note": note[:200]})


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
    if not settings.REDIS_URL:
        return None
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=3) as client:
            seconds, micros = client.time()
    except redis.RedisError:
        return None
    return datetime.datetime.fromtimestamp(seconds + micros / 1e6, tz=datetime.UTC)


def check_clocks(*, now: datetime.datetime) -> None:
    """Raise ClockSkew where the clock of database or broker is too far from ``now``."""
    for other in filter(None, (database_now(), broker_now())):
        skew = abs((other - now).total_seconds())
        if skew > settings.REHAB_MAX_SKEW_SECONDS:
            raise ClockSkew(f"clocks differ by {skew:.0f} s; no day is closed until they agree")
