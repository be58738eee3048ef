"""The mail that something can be read: her physiotherapist wrote, or changed something. Once a local date."""

import datetime

from programs.engine.calendar import local_date
from programs.mailing.reasons import READ
from programs.models import Enrolment, MessageKind, MessageOwed, MessageStatus
from programs.services.messages import message_row, prepare


def owe_written(*, enrolment: Enrolment, now: datetime.datetime) -> None:
    """In the transaction of what it tells of. It names nothing of it."""
    row = message_row(
        recipient=enrolment.runner,
        enrolment=enrolment,
        kind=MessageKind.WRITTEN,
        local_date=local_date(now, enrolment.runner.zone),
        now=now,
    )
    prepare([row], now)
    # What was read before its mail went out is another matter than what is written now.
    anew = MessageOwed.objects.filter(
        recipient=row.recipient,
        enrolment=enrolment,
        kind=row.kind,
        local_date=row.local_date,
        status=MessageStatus.SKIPPED,
        outcome=READ,
    )
    anew.update(
        status=row.status,
        outcome=row.outcome,
        settled_at=row.settled_at,
        created_at=now,
        wanted_at=row.wanted_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
    )
    MessageOwed.objects.bulk_create([row], ignore_conflicts=True)
