"""Until when a mail waits for the end of its recipient's quiet hours."""

import datetime
from collections.abc import Sequence

from accounts.models import User
from accounts.selectors.clinic_defaults import defaults_of
from accounts.time_zones import zone_if_readable
from programs.engine.values import PRESSING
from programs.mailing import OF_RED_FLAGS, Quiet, waits
from programs.models import MessageOwed

MIDNIGHT = datetime.time(0)


def quiet_of(person: User) -> Quiet:
    """None of a zone that cannot be read: rather a mail at night than one that waits for the wrong hour."""
    if zone_if_readable(person.time_zone) is None:
        return Quiet(person.zone, MIDNIGHT, MIDNIGHT)
    return Quiet(person.zone, person.quiet_from, person.quiet_until)


def goes_at(messages: Sequence[MessageOwed], now: datetime.datetime) -> list[datetime.datetime]:
    """For each the instant from which it may go out: now, or the end of the quiet hours.

    One query where red flags are among them, else none; rows need not be saved.
    """
    pressing = [row for row in messages if row.kind in OF_RED_FLAGS and row.level in PRESSING]
    runners = {row.enrolment.runner_id for row in pressing}
    clinics = defaults_of(runners, now) if runners else {}
    return [_goes_at(row, now, clinics) for row in messages]


def _goes_at(row: MessageOwed, now: datetime.datetime, clinics: dict) -> datetime.datetime:
    clinic = clinics.get(row.enrolment.runner_id) if row.enrolment_id else None
    at_night = clinic is None or clinic.red_flags_at_night
    return quiet_of(row.recipient).over(now) if waits(row.kind, row.level, at_night=at_night) else now


def not_before(message: MessageOwed, now: datetime.datetime) -> datetime.datetime | None:
    """The instant to which a mail has to be put off, or nothing where it may go out now."""
    (at,) = goes_at([message], now)
    return at if at > now else None


def not_before_of(messages: Sequence[MessageOwed], now: datetime.datetime) -> dict[int, datetime.datetime]:
    """The same for a batch: message id -> instant, for those alone that have to wait."""
    found = zip(messages, goes_at(messages, now), strict=True)
    return {row.pk: at for row, at in found if at > now}


def put_out_of_quiet(messages: Sequence[MessageOwed], now: datetime.datetime) -> None:
    """Move unsaved messages of events out of quiet hours; what becomes of their expiry stays as it is."""
    for row, at in zip(messages, goes_at(messages, now), strict=True):
        row.wanted_at = row.due_at = at
