"""Mails of events that are owed once more: one of the same kind and date is there, and told nobody this."""

import datetime
from collections.abc import Sequence

from programs.models import Enrolment, MessageOwed, MessageStatus
from programs.services.overtaken import OF_PAUSES, TELLS

_TAKEN_OVER = (
    "status",
    "settled_at",
    "outcome",
    "decision",
    "created_at",
    "wanted_at",
    "due_at",
    "expires_at",
    "message_id",
)


def renew_untold(rows: Sequence[MessageOwed]) -> None:
    """Let what was skipped, given up or has not gone out yet be about the new event (one query for most).

    Locked, so that none is settled in between. Whoever has one in hand settles
    it by its Message-ID, and the new one has another: it goes out all the same.
    """
    mine = {_key(row): row for row in rows}
    there = MessageOwed.objects.filter(
        recipient__in={row.recipient_id for row in rows},
        enrolment__in={row.enrolment_id for row in rows},
        kind__in={row.kind for row in rows},
        local_date__in={row.local_date for row in rows},
    )
    for found in there.select_for_update().order_by("pk"):
        row = mine.get(_key(found))
        if row is not None and not _tells(found, row.enrolment):
            _renew(found, row)


def _key(row: MessageOwed) -> tuple[int, int | None, str, datetime.date, str]:
    return row.recipient_id, row.enrolment_id, row.kind, row.local_date, row.level


def _tells(found: MessageOwed, enrolment: Enrolment) -> bool:
    """It went out; but not what it told of an earlier pause: that one is over."""
    if found.status == MessageStatus.OWED or found.status not in TELLS:
        return False
    paused_at = enrolment.paused_at if found.kind in OF_PAUSES else None
    return paused_at is None or found.created_at >= paused_at


def _renew(found: MessageOwed, row: MessageOwed) -> None:
    fields = list(_TAKEN_OVER)
    if found.status != MessageStatus.OWED:
        found.attempts = found.uncertain = 0
        fields += ["attempts", "uncertain"]
    for name in _TAKEN_OVER:
        setattr(found, name, getattr(row, name))
    # The other one is not written: its Message-ID is given away.
    found.save(update_fields=fields)
