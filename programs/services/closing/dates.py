"""Days and instants of a batch: few, and asked for by everybody in it."""

import datetime
from collections.abc import Callable
from functools import lru_cache

from accounts.time_zones import zone_or_utc
from programs.engine.calendar import closing_instant, local_date


class Kept(dict):
    """Key -> what was worked out of it, forgotten all at once when there are too many.

    As ``lru_cache``, but a look-up is one of a dictionary.
    """

    def __init__(self, work: Callable, most: int = 4096) -> None:
        super().__init__()
        self._work, self._most = work, most

    def __missing__(self, key):
        value = self._work(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value


#: Day ordinal -> ISO date.
ISO = Kept(lambda day: datetime.date.fromordinal(day).isoformat())


@lru_cache(maxsize=4096)
def written_on(now: datetime.datetime, zone: str) -> int:
    """The runner's local date at this instant."""
    return local_date(now, zone_or_utc(zone)).toordinal()


@lru_cache(maxsize=4096)
def closes_at(day: int, zone: str, hour: int) -> datetime.datetime:
    """When that day closes, in UTC."""
    return closing_instant(datetime.date.fromordinal(day), zone_or_utc(zone), hour)
