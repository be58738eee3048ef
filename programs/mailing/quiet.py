"""Which mails wait for the end of somebody's quiet hours."""

import datetime
import zoneinfo
from dataclasses import dataclass

from programs.engine.values import PRESSING
from programs.mailing.times import out_of_quiet
from programs.models import MessageKind

#: Nobody may be quiet for longer: what is put off would come a day late, and red flags with it.
LONGEST_QUIET = datetime.timedelta(hours=14)
#: However long somebody is quiet, what is pressing waits no longer than a night.
A_NIGHT = datetime.timedelta(hours=12)
#: Red flags, to physiotherapists: a clinic may let them wait.
OF_RED_FLAGS = (MessageKind.CLINICIAN_PAUSE, MessageKind.FLAG_UNSEEN)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Somebody's quiet hours, in the zone where she is now."""

    zone: zoneinfo.ZoneInfo
    begin: datetime.time
    end: datetime.time

    def over(self, instant: datetime.datetime) -> datetime.datetime:
        """The same instant, or the end of the quiet hours that it falls into."""
        return out_of_quiet(instant, self.zone, self.begin, self.end)


def quiet_for(begin: datetime.time, end: datetime.time) -> datetime.timedelta:
    """How long the quiet hours are; two equal times mean none."""
    day = datetime.date(2000, 1, 1)
    return (datetime.datetime.combine(day, end) - datetime.datetime.combine(day, begin)) % datetime.timedelta(
        days=1
    )


def latest(level: str, created_at: datetime.datetime) -> datetime.datetime:
    """Until when a mail about safety may be put off, whenever a run comes by."""
    return created_at + (A_NIGHT if level in PRESSING else LONGEST_QUIET)


def waits(kind: str, level: str, *, at_night: bool = True) -> bool:
    """False for what is pressing; ``at_night`` is the runner's clinic about red-flag mails to its people."""
    if level not in PRESSING:
        return True
    if kind == MessageKind.PAUSE:
        return False
    return not (at_night and kind in OF_RED_FLAGS)
