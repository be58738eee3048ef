"""Around changes of the clock, dates that a zone skips, and half hours: by examples that are looked for."""

import datetime
import zoneinfo

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.engine.calendar import local_date
from programs.mailing import Quiet, end_of_date, next_due
from programs.mailing.clockwork import MOST_MISSED, Clock, Wanted, strike
from programs.mailing.reasons import DAY_OVER
from tests.unit.mailing.world import DAY, HOUR, QUIETS, UTC, in_quiet

MINUTE = datetime.timedelta(minutes=1)
#: Zone and a day near which its clock changes.
CHANGES = [
    ("Pacific/Apia", (2011, 12, 29)),  # skips the 30th
    ("Pacific/Kiritimati", (1994, 12, 30)),  # skips the 31st
    ("Pacific/Kwajalein", (1993, 8, 20)),  # skips the 21st
    ("Australia/Lord_Howe", (2026, 4, 4)),  # by half an hour
    ("Australia/Lord_Howe", (2026, 10, 3)),
    ("Pacific/Chatham", (2026, 4, 4)),
    ("Pacific/Chatham", (2026, 9, 26)),
    ("Europe/London", (2026, 3, 28)),
    ("Europe/London", (2026, 10, 24)),
    ("America/Nuuk", (2026, 10, 24)),  # goes back over midnight
    ("Asia/Beirut", (2026, 3, 28)),  # midnight does not exist
    ("America/Havana", (2026, 11, 1)),
    ("America/Santiago", (2026, 9, 5)),
    ("Africa/Casablanca", (2026, 2, 14)),
    ("Antarctica/Troll", (2026, 3, 28)),  # by two hours
]
change = st.sampled_from(CHANGES)
wall = st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None))
quick = settings(max_examples=60, deadline=None)


def around(place: tuple) -> tuple[zoneinfo.ZoneInfo, datetime.datetime]:
    name, day = place
    return zoneinfo.ZoneInfo(name), datetime.datetime(*day, tzinfo=UTC) - 2 * DAY


def always(kind: str, date: datetime.date) -> Wanted:
    return Wanted(kind)


@quick
@given(place=change, wall=wall, step=st.integers(7, 1500))
def test_every_date_that_there_is_has_one_mail(place, wall, step):
    zone, start = around(place)
    quiet = Quiet(zone, datetime.time(0), datetime.time(0))
    clock = Clock("reminder", wall, (), quiet, next_due(wall, (), zone, start))
    now, mails = start, []
    while now < start + 6 * DAY:
        now += step * MINUTE
        outcome = strike(clock, now, always)
        mails += outcome.mails
        clock = Clock("reminder", wall, (), quiet, outcome.next_at, outcome.last_date)
        assert outcome.next_at > now
    dates = [mail.date for mail in mails]
    there = {local_date(start + n * 20 * MINUTE, zone) for n in range(3 * 24 * 7)}
    expected = sorted(date for date in there if dates and dates[0] <= date <= dates[-1])
    # Where the wall time falls into a whole date that is skipped, or is never shown on one, there is none.
    assert dates == [date for date in expected if date in set(dates)]
    assert set(expected) - set(dates) <= {date for date in expected if not is_shown(date, wall, zone)}
    assert all(mail.why_not in ("", DAY_OVER) for mail in mails)


def is_shown(date: datetime.date, wall: datetime.time, zone: zoneinfo.ZoneInfo) -> bool:
    at = datetime.datetime.combine(date, wall, tzinfo=zone).astimezone(UTC)
    return at.astimezone(zone).replace(tzinfo=None) == datetime.datetime.combine(date, wall)


@quick
@given(place=change, minutes=st.integers(0, 6 * 24 * 60), quiet=st.sampled_from(QUIETS))
def test_the_end_of_quiet_hours_is_the_first_minute_after_them(place, minutes, quiet):
    zone, start = around(place)
    at = start + minutes * MINUTE
    over = Quiet(zone, *quiet).over(at)
    assert over >= at and not in_quiet(over.astimezone(zone).time(), quiet)
    if over > at:
        assert in_quiet(at.astimezone(zone).time(), quiet)
        assert in_quiet((over - MINUTE).astimezone(zone).time(), quiet)


@quick
@given(place=change, minutes=st.integers(0, 6 * 24 * 60))
def test_a_date_ends_where_the_next_one_begins(place, minutes):
    zone, start = around(place)
    at = start + minutes * MINUTE
    date = local_date(at, zone)
    end = end_of_date(date, zone)
    assert at < end and local_date(end - MINUTE, zone) <= date < local_date(end, zone)


def test_after_an_outage_of_a_month_the_last_week_is_on_record():
    zone, start = zoneinfo.ZoneInfo("Europe/London"), datetime.datetime(2026, 1, 1, tzinfo=UTC)
    noon = datetime.time(12)
    clock = Clock("reminder", noon, (), Quiet(zone, *QUIETS[0]), next_due(noon, (), zone, start))
    now = start + 30 * DAY + 13 * HOUR
    outcome = strike(clock, now, always)
    assert [mail.why_not for mail in outcome.mails] == [DAY_OVER] * 6 + [""]
    assert outcome.mails[0].date == local_date(now - MOST_MISSED, zone) + DAY
    assert (outcome.last_date, outcome.next_at) == (now.date(), start + 31 * DAY + 12 * HOUR)
