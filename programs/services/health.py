"""Signs of life and the clock guard: a clock that is ahead decides nothing."""

import datetime

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


def check_clocks(*, now: datetime.datetime, others: tuple[datetime.datetime, ...] = ()) -> None:
    """Raise ClockSkew where the database's or another clock is too far from ``now``."""
    for other in (database_now(), *others):
        skew = abs((other - now).total_seconds())
        if skew > settings.REHAB_MAX_SKEW_SECONDS:
            raise ClockSkew(f"clocks differ by {skew:.0f} s; no day is closed until they agree")
