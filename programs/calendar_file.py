"""A calendar as an iCalendar file (RFC 5545, 7986): entries in, bytes out. Pure."""

import datetime
import zoneinfo
from dataclasses import dataclass

from icalendar import Calendar, Event, vDuration

PRODUCT = "-//Rehab//Planned sessions//EN"
#: How often a client may ask; an hour late is not late for a plan of days.
REFRESH = datetime.timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Entry:
    """One planned session. ``uid`` never changes, ``sequence`` only grows; ``changed_at`` in UTC."""

    uid: str
    date: datetime.date
    title: str
    words: str
    minutes: int
    sequence: int
    changed_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """Entries of one runner; without a wall time they last the whole day."""

    name: str
    link: str
    zone: zoneinfo.ZoneInfo
    wall: datetime.time | None
    entries: tuple[Entry, ...]


def calendar_bytes(sheet: Sheet) -> bytes:
    """The file. The same sheet is the same bytes, so that a client can be told that nothing is new."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", sheet.name)
    calendar.add("x-wr-calname", sheet.name)
    calendar.add("x-wr-timezone", sheet.zone.key)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in sheet.entries:
        calendar.add_component(_event(sheet, entry))
    if sheet.wall is not None and sheet.entries:
        # Whole years, so that the clock changes around the entries are in it.
        first, last = sheet.entries[0].date.year, sheet.entries[-1].date.year
        calendar.add_missing_timezones(
            first_date=datetime.date(first - 1, 1, 1), last_date=datetime.date(last + 2, 1, 1)
        )
    return calendar.to_ical()


def _event(sheet: Sheet, entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("summary", entry.title)
    event.add("description", entry.words)
    event.add("url", sheet.link)
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    if sheet.wall is None:
        event.add("dtstart", entry.date)
        event.add("dtend", entry.date + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        start = _start(entry.date, sheet.wall, sheet.zone)
        event.add("dtstart", start)
        event.add("duration", datetime.timedelta(minutes=entry.minutes))
        event.add("transp", "OPAQUE")
    return event


def _start(date: datetime.date, wall: datetime.time, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The wall time of that date, moved out of an hour that the clock skips."""
    local = datetime.datetime.combine(date, wall, tzinfo=zone)
    return local.astimezone(datetime.UTC).astimezone(zone)
