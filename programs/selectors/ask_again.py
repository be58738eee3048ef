"""When a mail of today may come once more: times that she may tap, and what is arranged already."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from programs.access import put_off_by_link
from programs.engine.calendar import local_date
from programs.mail_links import is_answered
from programs.mailing import is_quiet
from programs.models import MessageKind, MessageOwed

HOURS = (1, 3)
STEP = datetime.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AgainPage:
    """``times``: hours from now -> the wall time, where it is still today and not quiet.

    ``has_time``: whether any time of today is left. ``arranged``: when it comes, where that is settled.
    """

    message: MessageOwed
    runner: User
    date: datetime.date
    times: tuple[tuple[int, datetime.time], ...]
    has_time: bool
    arranged: datetime.time | None
    is_answered: bool


def again_page(*, token: str, now: datetime.datetime) -> AgainPage | None:
    """None where the link is none, or its day is over."""
    message = put_off_by_link(token, now)
    if message is None:
        return None
    offered = {hours: _wall(message, now + datetime.timedelta(hours=hours)) for hours in HOURS}
    return AgainPage(
        message=message,
        runner=message.recipient,
        date=message.local_date,
        times=tuple((hours, wall) for hours, wall in offered.items() if wall),
        has_time=any(_wall(message, at) for at in _rest_of_day(message, now)),
        arranged=_arranged(message),
        is_answered=is_answered(message),
    )


def _wall(message: MessageOwed, at: datetime.datetime) -> datetime.time | None:
    """The minute that her clock shows then; None where it is another date, or quiet."""
    person = message.recipient
    wall = at.astimezone(person.zone).time().replace(second=0, microsecond=0)
    if local_date(at, person.zone) != message.local_date:
        return None
    return None if is_quiet(wall, person.quiet_from, person.quiet_until) else wall


def _rest_of_day(message: MessageOwed, now: datetime.datetime) -> Iterator[datetime.datetime]:
    at = now + STEP
    while local_date(at, message.recipient.zone) == message.local_date:
        yield at
        at += STEP


def _arranged(message: MessageOwed) -> datetime.time | None:
    row = MessageOwed.objects.filter(
        recipient=message.recipient_id, kind=MessageKind.AGAIN, local_date=message.local_date
    ).first()
    return row.wanted_at.astimezone(message.recipient.zone).time() if row else None
