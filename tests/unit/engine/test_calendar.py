"""INV-16: a local day is a date, however long the clock makes it."""

import datetime
import zoneinfo

import pytest

from programs.engine.calendar import UTC, closing_instant, days_between, instant_of, local_date

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


def wall(name: str, date: str, time: str) -> str:
    made = instant_of(datetime.date.fromisoformat(date), datetime.time.fromisoformat(time), zone(name))
    assert made.tzinfo is UTC
    return made.astimezone(zone(name)).replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")


@pytest.mark.parametrize(
    ("name", "date", "hours"),
    [
        ("Europe/Madrid", "2026-03-27", 24),
        ("Europe/Madrid", "2026-03-28", 23),
        ("Europe/Madrid", "2026-10-24", 25),
        ("America/New_York", "2026-03-07", 23),
        ("America/New_York", "2026-10-31", 25),
        ("Australia/Lord_Howe", "2026-04-04", 24.5),
        ("Australia/Lord_Howe", "2026-10-03", 23.5),
        ("Asia/Kolkata", "2026-03-28", 24),
        ("Pacific/Apia", "2011-12-28", 24),
    ],
)
def test_a_day_closes_at_three_oclock_however_long_it_is(name, date, hours):
    date = datetime.date.fromisoformat(date)
    closed_before = closing_instant(date - DAY, zone(name), 3)
    closes = closing_instant(date, zone(name), 3)
    assert closes - closed_before == hours * HOUR
    assert closes.astimezone(zone(name)).hour == 3
    assert local_date(closes, zone(name)) == date + DAY


@pytest.mark.parametrize(
    ("name", "date", "time", "expected"),
    [
        ("Europe/Madrid", "2026-03-29", "01:59", "2026-03-29 01:59"),
        ("Europe/Madrid", "2026-03-29", "02:00", "2026-03-29 03:00"),
        ("Europe/Madrid", "2026-03-29", "02:30", "2026-03-29 03:00"),
        ("Europe/Madrid", "2026-03-29", "02:59", "2026-03-29 03:00"),
        ("Europe/Madrid", "2026-03-29", "03:00", "2026-03-29 03:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:00", "2026-10-04 02:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:29", "2026-10-04 02:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:30", "2026-10-04 02:30"),
        # Clocks of Beirut and Santiago skip midnight itself.
        ("Asia/Beirut", "2026-03-29", "00:00", "2026-03-29 01:00"),
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06 01:00"),
        # Samoa went from 29 to 31 December 2011: the whole of the 30th is missing.
        ("Pacific/Apia", "2011-12-29", "23:59", "2011-12-29 23:59"),
        ("Pacific/Apia", "2011-12-30", "00:00", "2011-12-31 00:00"),
        ("Pacific/Apia", "2011-12-30", "03:00", "2011-12-31 00:00"),
        ("Pacific/Apia", "2011-12-30", "23:59", "2011-12-31 00:00"),
        ("Pacific/Apia", "2011-12-31", "00:00", "2011-12-31 00:00"),
    ],
)
def test_a_wall_time_that_a_clock_skips_moves_to_the_next_minute(name, date, time, expected):
    assert wall(name, date, time) == expected


def test_a_wall_time_that_comes_twice_is_taken_the_first_time():
    first = instant_of(datetime.date(2026, 10, 25), datetime.time(2, 30), zone("Europe/Madrid"))
    assert first == datetime.datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_close_hour_is_a_setting():
    date, madrid = datetime.date(2026, 3, 2), zone("Europe/Madrid")
    assert closing_instant(date, madrid, 3) == datetime.datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert closing_instant(date, madrid, 0) == datetime.datetime(2026, 3, 2, 23, 0, tzinfo=UTC)


def test_local_date_is_the_date_on_the_runners_clock():
    now = datetime.datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert local_date(now, zone("UTC")) == datetime.date(2026, 3, 2)
    assert local_date(now, zone("Europe/Madrid")) == datetime.date(2026, 3, 3)
    assert local_date(now, zone("Pacific/Kiritimati")) == datetime.date(2026, 3, 3)
    assert local_date(now, zone("Pacific/Pago_Pago")) == datetime.date(2026, 3, 2)


def test_travel_over_the_date_line_shows_another_date_at_the_same_instant():
    now = datetime.datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    here, there = local_date(now, zone("Pacific/Kiritimati")), local_date(now, zone("Pacific/Niue"))
    assert days_between(there, here) == 2


@pytest.mark.parametrize("year", [2011, 2026])
def test_in_every_zone_days_close_in_order_and_none_twice(year):
    """Each closes after the one before, at most 26 hours later.

    Looked at are the nights from Saturday to Sunday, when most clocks change, and the end
    of the year, where a date line was moved in 2011: a skipped date closes as it is skipped.
    """
    dates = [datetime.date(year, 1, 1) + n * DAY for n in range(365)]
    weekends = {datetime.date(year, 1, n).weekday(): n for n in range(1, 8)}
    changes = [n for n in range(1, 365) if n > 358 or (n + 1 - weekends[5]) % 7 == 0]
    for name in ZONES:
        here = zone(name)
        for n in changes:
            before, this = closing_instant(dates[n - 1], here, 3), closing_instant(dates[n], here, 3)
            assert datetime.timedelta(0) < this - before <= 26 * HOUR, (name, dates[n])
            assert local_date(this, here) > dates[n], (name, dates[n])


@pytest.mark.parametrize("name", ["Europe/Madrid", "Asia/Beirut", "Australia/Lord_Howe", "America/Santiago"])
def test_every_minute_round_a_change_is_reached_or_moved_forward(name):
    here = zone(name)
    for month, day in ((3, 29), (4, 5), (9, 6), (10, 4), (10, 25)):
        for minute in range(0, 24 * 60, 7):
            naive = datetime.datetime(2026, month, day, minute // 60, minute % 60)
            made = instant_of(naive.date(), naive.time(), here)
            shown = made.astimezone(here).replace(tzinfo=None)
            assert shown >= naive
            if shown > naive:
                earlier = (made - datetime.timedelta(minutes=1)).astimezone(here).replace(tzinfo=None)
                assert earlier < naive


@pytest.mark.parametrize(
    ("earlier", "later", "days"),
    [
        ("2026-03-28", "2026-03-29", 1),
        ("2026-02-28", "2026-03-01", 1),
        ("2026-01-01", "2027-01-01", 365),
        ("2026-01-02", "2026-01-01", -1),
    ],
)
def test_days_between_are_calendar_days(earlier, later, days):
    assert days_between(datetime.date.fromisoformat(earlier), datetime.date.fromisoformat(later)) == days
