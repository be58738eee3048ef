"""Working time between two instants: how long somebody at work has had the chance to see something.

Pure; instants are UTC, hours are those of a clock on the wall of the clinic.
"""

import datetime
import zoneinfo
from collections.abc import Collection

from programs.engine.calendar import instant_of, local_date


def working_seconds(
    start: datetime.datetime,
    end: datetime.datetime,
    zone: zoneinfo.ZoneInfo,
    opens: datetime.time,
    shuts: datetime.time,
    weekdays: Collection[int],
) -> int:
    """Whole seconds of the working hours (ISO ``weekdays``, ``opens`` to ``shuts``) between both instants.

    They really pass: on a day whose clocks change within the hours, an hour
    more or less counts. Zero where ``end`` is not after ``start``.
    """
    if end <= start:
        return 0
    total = datetime.timedelta()
    date, last = local_date(start, zone), local_date(end, zone)
    while date <= last:
        if date.isoweekday() in weekdays:
            opened, shut = instant_of(date, opens, zone), instant_of(date, shuts, zone)
            total += max(min(end, shut) - max(start, opened), datetime.timedelta())
        date += datetime.timedelta(days=1)
    return total // datetime.timedelta(seconds=1)
