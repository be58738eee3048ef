"""Due instants from wall times: one of a kind per local date, and none in quiet hours.

Instants are aware datetimes in UTC, dates and times are those of a person's
zone. Hours that a clock change skips move to the next valid minute, hours that
it repeats count once (``engine.calendar``).
"""

import datetime
import zoneinfo
from collections.abc import Collection
from functools import lru_cache

from programs.engine.calendar import instant_of, local_date

ONE_DAY = datetime.timedelta(days=1)
MIDNIGHT = datetime.time(0)


def next_due(
    wall: datetime.time,
    days: Collection[int],
    zone: zoneinfo.ZoneInfo,
    after: datetime.datetime,
    not_through: datetime.date | None = None,
) -> datetime.datetime:
    """The first instant after ``after`` at which a clock in the zone shows the wall time.

    ``days`` are ISO weekdays, none means any. ``not_through`` is the newest local
    date that had one already: whoever travels west lives it again, and gets none.
    """
    date = local_date(after, zone)
    if not_through is not None:
        date = max(date, not_through + ONE_DAY)
    while True:
        if not days or date.isoweekday() in days:
            due = instant_of(date, wall, zone)
            # A zone that skips a whole date shows its wall times on the next one.
            if due > after and local_date(due, zone) == date:
                return due
        date += ONE_DAY


def end_of_date(date: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The instant at which the next date begins."""
    return instant_of(date + ONE_DAY, MIDNIGHT, zone)


def is_quiet(wall: datetime.time, quiet_from: datetime.time, quiet_until: datetime.time) -> bool:
    """True in [from, until), which may go over midnight; two equal times mean no quiet hours."""
    if quiet_from <= quiet_until:
        return quiet_from <= wall < quiet_until
    return wall >= quiet_from or wall < quiet_until


@lru_cache(maxsize=4096)
def out_of_quiet(
    instant: datetime.datetime,
    zone: zoneinfo.ZoneInfo,
    quiet_from: datetime.time,
    quiet_until: datetime.time,
) -> datetime.datetime:
    """The same instant, or the end of the quiet hours that it falls into.

    Kept, because of a batch most share the instant, the zone and the hours.
    """
    local = instant.astimezone(zone)
    if not is_quiet(local.time(), quiet_from, quiet_until):
        return instant
    date = local.date()
    if quiet_from > quiet_until and local.time() >= quiet_from:
        date += ONE_DAY
    end = instant_of(date, quiet_until, zone)
    # Where the clock goes back over the end, the wall shows quiet hours once more.
    return end if end > instant else _after_the_repeated(instant, zone, quiet_from, quiet_until)


def _after_the_repeated(instant, zone, quiet_from, quiet_until) -> datetime.datetime:
    minute = datetime.timedelta(minutes=1)
    while is_quiet(instant.astimezone(zone).time(), quiet_from, quiet_until):
        instant = instant.replace(second=0, microsecond=0) + minute
    return instant
