"""What the mails promise, in every zone of the world, on every day of two years."""

import datetime
import zoneinfo

import pytest

from tests.unit.mailing.world import ALL_ZONES, DAY, UTC, World, in_quiet

START = datetime.datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 730
EVERY = 8


def check(world: World) -> None:
    keys = [(mail.kind, mail.date) for mail in world.sent]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(world.skipped)
    assert set(keys) | set(world.skipped) | set(world.owed) == set(world.rows)
    for mail in world.sent:
        local = mail.at.astimezone(mail.zone)
        assert not in_quiet(local.time(), mail.quiet), mail
        assert local.date() <= mail.date and mail.is_on and not mail.was_logged, mail
    check_nothing_is_lost(world)


def check_nothing_is_lost(world: World) -> None:
    """Wherever a clock showed her time on a date, there is a mail of that date, or why there is none."""
    dates = {date for _, date in world.rows}
    signs = sorted(world.signs)
    quiet_spells = [
        (early.date() + 6 * DAY, late.date() + DAY)
        for early, late in zip(signs, [*signs[1:], world.end], strict=True)
        if late - early > 7 * DAY
    ]
    ends = [span.since for span in world.spans[1:]] + [world.end - 6 * DAY]
    for span, end in zip(world.spans, ends, strict=True):
        if not span.is_on:
            continue
        date = span.since.astimezone(span.zone).date()
        while date <= end.astimezone(span.zone).date():
            struck = first_shown(date, span.wall, span.zone)
            if struck and span.since < struck < end and (span.last is None or date > span.last):
                is_silence = any(first <= date <= last for first, last in quiet_spells)
                assert date in dates or is_silence, (world.seed, date, span)
            date += DAY


def first_shown(
    date: datetime.date, wall: datetime.time, zone: zoneinfo.ZoneInfo
) -> datetime.datetime | None:
    """The first instant at which the wall time is shown, or nothing where the clock skips it."""
    at = datetime.datetime.combine(date, wall, tzinfo=zone).astimezone(UTC)
    shown = at.astimezone(zone)
    return at if (shown.date(), shown.time()) == (date, wall) else None


@pytest.mark.parametrize("part", range(EVERY))
def test_every_zone_on_every_day_of_two_years(part, record_property):
    worlds = [World(name, zoneinfo.ZoneInfo(name), START, DAYS).play() for name in ALL_ZONES[part::EVERY]]
    for world in worlds:
        check(world)
    record_property("zone-days of mails tried", len(worlds) * DAYS)
    record_property("mails of the clock that were sent in them", sum(len(world.sent) for world in worlds))
    record_property("and recorded as skipped", sum(len(world.skipped) for world in worlds))
