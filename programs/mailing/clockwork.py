"""What comes of one choice when the clock has struck its time: mails, and when it strikes next.

Pure, and the same for the sweep of every minute and for the simulation that
holds it to its promises over all zones of the world: of a kind one for each
local date, late while the date lasts, and of what is too late a record.
"""

import datetime
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.mailing.quiet import Quiet
from programs.mailing.reasons import DAY_OVER, QUIET_TILL_ITS_END
from programs.mailing.times import end_of_date, next_due

#: What a site that was down for longer has missed before is not written down any more.
MOST_MISSED = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Clock:
    """One choice that is on. ``last_date`` is the newest local date that it has struck for."""

    kind: str
    wall: datetime.time
    days: tuple[int, ...]
    quiet: Quiet
    next_at: datetime.datetime
    last_date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """That a mail of a date is wanted; with a reason it is not to go out, and only recorded."""

    kind: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Struck:
    """One mail that comes of it, to be sent from ``due_at`` on or, with a reason, recorded as skipped."""

    kind: str
    date: datetime.date
    wanted_at: datetime.datetime
    due_at: datetime.datetime
    expires_at: datetime.datetime
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    mails: list[Struck]
    last_date: datetime.date | None
    next_at: datetime.datetime


#: Kind and local date -> whether a mail is wanted, or None where nothing is.
Ask = Callable[[str, datetime.date], Wanted | None]


def strike(clock: Clock, now: datetime.datetime, ask: Ask) -> Outcome:
    """Everything that has become due until now, oldest first."""
    mails, last, zone = [], clock.last_date, clock.quiet.zone
    at = clock.next_at
    if at < now - MOST_MISSED:
        at = next_due(clock.wall, clock.days, zone, now - MOST_MISSED, last)
    while at <= now:
        date = local_date(at, zone)
        # Whoever travelled west lives a date again that had its mail.
        if last is None or date > last:
            last = date
            if wanted := ask(clock.kind, date):
                mails.append(_mail(clock, wanted, date, at, now))
        at = next_due(clock.wall, clock.days, zone, at, last)
    return Outcome(mails, last, at)


def _mail(clock: Clock, wanted: Wanted, date: datetime.date, at, now: datetime.datetime) -> Struck:
    expires_at = end_of_date(date, clock.quiet.zone)
    goes = clock.quiet.over(now)
    why_not = wanted.why_not or _why_late(now, goes, expires_at)
    if why_not:
        return Struck(wanted.kind, date, at, at, expires_at, why_not)
    return Struck(wanted.kind, date, clock.quiet.over(at), goes, expires_at)


def _why_late(now: datetime.datetime, goes: datetime.datetime, expires_at: datetime.datetime) -> str:
    if now >= expires_at:
        return DAY_OVER
    return QUIET_TILL_ITS_END if goes >= expires_at else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A mail that is owed, as its time goes: of a date alone where it is about what she does on it."""

    expires_at: datetime.datetime | None
    date: datetime.date | None

    def why_late(self, zone: zoneinfo.ZoneInfo, goes: datetime.datetime, now: datetime.datetime) -> str:
        """Its time is over, or will be when it may go out; a day ends where she is now."""
        if self._is_over(now, zone):
            return DAY_OVER
        return QUIET_TILL_ITS_END if self._is_over(goes, zone) else ""

    def _is_over(self, at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> bool:
        if self.expires_at and at >= self.expires_at:
            return True
        return self.date is not None and local_date(at, zone) > self.date
