"""In which time zones somebody was before, for the pages on which she chooses one."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User, ZoneChange

MOST = 3


@dataclass(frozen=True, slots=True)
class FormerZone:
    """``until``: the date of her present zone on which she left it."""

    name: str
    until: datetime.date


def former_zones(person: User) -> tuple[FormerZone, ...]:
    """The last few, newest first (one query)."""
    changes = ZoneChange.objects.filter(person=person).order_by("-at", "-pk")[:MOST]
    return tuple(
        FormerZone(change.before.replace("_", " "), timezone.localdate(change.at, person.zone))
        for change in changes
    )
