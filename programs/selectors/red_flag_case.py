"""To whom an open red flag falls, since when, and who has seen it."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from programs.models import Enrolment, RedFlagCase


@dataclass(frozen=True, slots=True)
class RedFlagCard:
    """One open case; ``owner`` is empty where nobody has access. ``shown`` goes back with the form."""

    case_id: uuid.UUID
    level: str
    since: datetime.datetime
    owner: str
    owner_id: int | None
    owned_since: datetime.datetime | None
    seen_at: datetime.datetime | None
    seen_by: str
    escalated_at: datetime.datetime | None
    shown: str

    @property
    def is_seen(self) -> bool:
        return self.seen_at is not None


def red_flag_of(enrolment: Enrolment) -> RedFlagCard | None:
    """The open case of one runner (one query)."""
    return red_flags_of([enrolment.pk]).get(enrolment.pk)


def red_flags_of(enrolment_ids: Iterable[int]) -> dict[int, RedFlagCard]:
    """Enrolment id -> its open case, of those that have one (one query)."""
    rows = RedFlagCase.objects.filter(enrolment__in=list(enrolment_ids), closed_at__isnull=True)
    return {row.enrolment_id: _card(row) for row in rows.select_related("owner", "seen_by")}


def _card(row: RedFlagCase) -> RedFlagCard:
    return RedFlagCard(
        case_id=row.public_id,
        level=row.level,
        since=row.opened_at,
        owner=str(row.owner) if row.owner else "",
        owner_id=row.owner_id,
        owned_since=row.owned_since,
        seen_at=row.seen_at,
        seen_by=str(row.seen_by) if row.seen_by else "",
        escalated_at=row.escalated_at,
        shown=row.as_shown,
    )
