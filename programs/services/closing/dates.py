"""Days and instants of a batch: few, and asked for by everybody in it."""

import datetime
from functools import lru_cache

from accounts.time_zones import zone_or_utc
from programs.engine.calendar import closing_instant, local_date


@lru_cache(maxsize=4096)
def iso_of(day: int) -> str:
    return datetime.date.fromordinal(day).isoformat()


@lru_cache(maxsize=4096)
def written_on(now: datetime.datetime, zone: str) -> int:
    """The runner's local date at this instant."""
    return local_date(now, zone_or_utc(zone)).toordinal()


@lru_cache(maxsize=4096)
def closes_at(day: int, zone: str, hour: int) -> datetime.datetime:
    """When that day closes, in UTC."""
    return closing_instant(datetime.date.fromordinal(day), zone_or_utc(zone), hour)
