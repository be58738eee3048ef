"""Working hours are counted as they pass: nights, weekends and holidays of the clock apart."""

import datetime
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.engine.working_time import working_seconds

HOUR = 3600
NINE, FIVE = datetime.time(9), datetime.time(17)
WEEK = (1, 2, 3, 4, 5)
LONDON = zoneinfo.ZoneInfo("Europe/London")
ZONES = ("UTC", "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati")


def at(text: str) -> datetime.datetime:
    """A wall time in London."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(datetime.UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-06-03 09:00", "2026-06-03 13:00", 4),
        ("2026-06-03 16:00", "2026-06-04 12:00", 4),  # over a night
        ("2026-06-05 15:00", "2026-06-08 11:00", 4),  # over a weekend
        ("2026-06-05 17:00", "2026-06-08 09:00", 0),  # nobody is there
        ("2026-06-06 10:00", "2026-06-06 16:00", 0),  # Saturday
        ("2026-06-03 03:00", "2026-06-03 23:59", 8),
        ("2026-06-01 00:00", "2026-06-08 00:00", 40),
        ("2026-03-27 16:00", "2026-03-30 10:00", 2),  # clocks go forward in between
        ("2026-10-23 16:00", "2026-10-26 10:00", 2),  # and back
        ("2026-06-03 12:00", "2026-06-03 12:00", 0),
        ("2026-06-04 12:00", "2026-06-03 12:00", 0),
    ],
)
def test_hours_at_work(start, end, hours):
    assert working_seconds(at(start), at(end), LONDON, NINE, FIVE, WEEK) == hours * HOUR


def test_an_hour_that_the_clock_skips_or_repeats_counts_as_it_passes():
    night = (datetime.time(0), datetime.time(4))
    assert working_seconds(at("2026-03-29 00:00"), at("2026-03-29 04:00"), LONDON, *night, (7,)) == 3 * HOUR
    assert working_seconds(at("2026-10-25 00:00"), at("2026-10-25 04:00"), LONDON, *night, (7,)) == 5 * HOUR


def test_a_clinic_that_never_works_counts_nothing():
    assert working_seconds(at("2026-06-01 00:00"), at("2026-07-01 00:00"), LONDON, NINE, FIVE, ()) == 0


instants = st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2027, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=datetime.UTC, microsecond=0)
)
walls = st.tuples(st.integers(0, 22), st.integers(0, 59))
clinics = st.tuples(
    st.sampled_from(ZONES).map(zoneinfo.ZoneInfo),
    walls.map(lambda hm: datetime.time(*hm)),
    st.just(datetime.time(23, 30)),
    st.sets(st.integers(1, 7)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(instants, min_size=3, max_size=3).map(sorted), clinics)
def test_parts_add_up_and_never_exceed_what_passed(times, clinic):
    start, middle, end = times
    whole = working_seconds(start, end, *clinic)
    assert whole == working_seconds(start, middle, *clinic) + working_seconds(middle, end, *clinic)
    assert 0 <= whole <= (end - start).total_seconds()


@settings(max_examples=60, deadline=None)
@given(instants, st.integers(0, 30), clinics)
def test_more_weekdays_never_count_less(start, days, clinic):
    zone, opens, shuts, weekdays = clinic
    end = start + datetime.timedelta(days=days)
    every = working_seconds(start, end, zone, opens, shuts, range(1, 8))
    assert working_seconds(start, end, zone, opens, shuts, weekdays) <= every
