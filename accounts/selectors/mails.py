"""How far behind the sending of account mails is; for monitors, so it names nobody."""

import datetime
from dataclasses import dataclass

from django.db.models import Min, Q

from accounts.models import AccountMail

#: A code is good for 15 minutes; nobody waits so long for it.
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class MailBacklog:
    """Seconds that the oldest mail waits: for the job that sends it, or for a server that takes it."""

    unsent: float = 0.0
    refused: float = 0.0


def mail_backlog(*, now: datetime.datetime) -> MailBacklog:
    due = Q(due_at__lte=now) & (Q(leased_until__isnull=True) | Q(leased_until__lte=now))
    oldest = AccountMail.objects.filter(status="owed").aggregate(
        unsent=Min("due_at", filter=due), refused=Min("created_at", filter=Q(attempts__gt=0))
    )
    return MailBacklog(**{name: _seconds(since, now) for name, since in oldest.items()})


def _seconds(since: datetime.datetime | None, now: datetime.datetime) -> float:
    return (now - since).total_seconds() if since else 0.0
