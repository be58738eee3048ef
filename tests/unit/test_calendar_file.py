"""The calendar as a file: strict readers take it, and read what was written."""

import datetime
import zoneinfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from programs.calendar_file import Entry, Sheet, calendar_bytes

VIENNA = zoneinfo.ZoneInfo("Europe/Vienna")
CHANGED = datetime.datetime(2026, 3, 2, 7, 30, tzinfo=datetime.UTC)


def an_entry(date: datetime.date, **fields) -> Entry:
    common = {"title": "Planned session", "words": "Open Today; first, please.", "minutes": 35}
    return Entry(
        **{"uid": f"x-{date:%Y%m%d}@example.org", "sequence": 4, "changed_at": CHANGED, **common, **fields},
        date=date,
    )


def a_sheet(*entries: Entry, wall: datetime.time | None = None, zone=VIENNA) -> Sheet:
    return Sheet(name="Sessions", link="https://example.org/today/", zone=zone, wall=wall, entries=entries)


def read(sheet: Sheet) -> Calendar:
    calendar = Calendar.from_ical(calendar_bytes(sheet))
    assert [error for part in calendar.walk() for error in part.errors] == []
    return calendar


def test_a_session_of_a_whole_day():
    (event,) = read(a_sheet(an_entry(datetime.date(2026, 3, 2)))).events
    assert (event.start, event.end) == (datetime.date(2026, 3, 2), datetime.date(2026, 3, 3))
    assert (event["uid"], event["sequence"], event["class"]) == ("x-20260302@example.org", 4, "PRIVATE")
    assert event["transp"] == "TRANSPARENT"


def test_a_session_at_a_time_keeps_the_wall_time_over_a_clock_change():
    """The last Sunday of March: the clock goes forward, and she still trains at seven."""
    dates = [datetime.date(2026, 3, 28), datetime.date(2026, 3, 29)]
    calendar = read(a_sheet(*map(an_entry, dates), wall=datetime.time(7)))
    starts = [event.start for event in calendar.events]
    assert [start.astimezone(datetime.UTC).hour for start in starts] == [6, 5]
    assert [start.replace(tzinfo=None).hour for start in starts] == [7, 7]
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Europe/Vienna"]


def test_a_client_library_reads_the_same():
    content = calendar_bytes(a_sheet(an_entry(datetime.date(2026, 7, 1)), wall=datetime.time(18, 30)))
    calendar = vobject.readOne(content.decode())
    event = calendar.vevent
    assert event.dtstart.value.astimezone(datetime.UTC) == datetime.datetime(
        2026, 7, 1, 16, 30, tzinfo=datetime.UTC
    )
    assert event.duration.value == datetime.timedelta(minutes=35)
    assert event.summary.value == "Planned session" and event.description.value.endswith("first, please.")
    assert calendar.method.value == "PUBLISH"


def test_lines_are_folded_at_75_bytes_and_end_as_the_standard_says():
    content = calendar_bytes(a_sheet(an_entry(datetime.date(2026, 3, 2), words="Öffne „Heute“. " * 20)))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in b"".join(lines)
    assert read(a_sheet(an_entry(datetime.date(2026, 3, 2), words="Öffne. " * 40))).events


@pytest.mark.parametrize("words", ["a\r\nATTENDEE:mailto:x@example.org", "BEGIN:VEVENT\n", "x;y,z\\n"])
def test_words_are_never_lines_of_their_own(words):
    calendar = read(a_sheet(an_entry(datetime.date(2026, 3, 2), title=words, words=words)))
    assert len(calendar.events) == 1 and "attendee" not in calendar.events[0]


def test_the_same_sheet_is_the_same_bytes():
    sheet = a_sheet(an_entry(datetime.date(2026, 3, 2)), wall=datetime.time(7))
    assert calendar_bytes(sheet) == calendar_bytes(sheet)


def test_nothing_planned_is_a_calendar_without_entries():
    assert read(a_sheet(wall=datetime.time(7))).events == []


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(["Europe/London", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns"]),
    date=st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31)),
    wall=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_every_wall_time_of_every_date_is_one_instant_for_both_readers(zone, date, wall):
    zone = zoneinfo.ZoneInfo(zone)
    content = calendar_bytes(a_sheet(an_entry(date), wall=wall, zone=zone))
    (event,) = Calendar.from_ical(content).events
    meant = datetime.datetime.combine(date, wall, tzinfo=zone).astimezone(datetime.UTC)
    assert event.start.astimezone(datetime.UTC) == meant
