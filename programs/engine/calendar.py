"""Local dates and instants: the one place where a wall time becomes UTC.

Instants are aware datetimes in UTC; zones are ``zoneinfo.ZoneInfo``. Wall
times that a clock change skips move to the next valid minute; repeated ones
are taken the first time.
"""

import datetime
import zoneinfo

UTC = datetime.UTC


def local_date(now: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """The calendar date that a clock in the zone shows at this instant."""
    return now.astimezone(zone).date()


def instant_of(date: datetime.date, wall: datetime.time, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """UTC instant at which a clock in the zone first shows this date and time.

    In a gap (spring clock change) the first minute after it is taken.
    """
    naive = datetime.datetime.combine(date, wall)
    local = naive.replace(tzinfo=zone, fold=0)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    # The wall time does not exist. With fold=1 the offset after the change is
    # used, which lands before the gap; the two bracket the change.
    early, late = sorted((instant, naive.replace(tzinfo=zone, fold=1).astimezone(UTC)))
    return _first_minute_with(early, late, naive, zone)


def _first_minute_with(early, late, naive, zone) -> datetime.datetime:
    """Smallest whole minute in (early, late] whose wall time is past ``naive``."""
    low, high = 0, int((late - early).total_seconds() // 60)
    while low < high:
        middle = (low + high) // 2
        wall = (early + datetime.timedelta(minutes=middle)).astimezone(zone).replace(tzinfo=None)
        if wall > naive:
            high = middle
        else:
            low = middle + 1
    return early + datetime.timedelta(minutes=low)


def closing_instant(date: datetime.date, zone: zoneinfo.ZoneInfo, close_hour: int) -> datetime.datetime:
    """When the local day ``date`` closes: ``close_hour`` o'clock on the next date."""
    return instant_of(date + datetime.timedelta(days=1), datetime.time(close_hour), zone)


def days_between(earlier: datetime.date, later: datetime.date) -> int:
    """Whole calendar days; never a part of a duration."""
    return later.toordinal() - earlier.toordinal()
