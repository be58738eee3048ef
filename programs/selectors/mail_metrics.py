"""How the mails of the site go: numbers that name nobody, for monitors and for the delivery log.

Each query reads what is owed, by the index of the delivery sweep, or what was
settled within a day, by its own: what was sent in a year costs nothing.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from accounts.models import AccountMail, MailStatus, User
from accounts.selectors.mails import PATIENCE_SECONDS
from programs.mailing import SAFETY
from programs.models import MessageOwed, MessageStatus
from programs.selectors.mail_sorts import Sort

#: A physiotherapist or a runner has to act on it.
SAFETY_PATIENCE = datetime.timedelta(minutes=15)
PATIENCE = datetime.timedelta(minutes=60)
ACCOUNT_PATIENCE = datetime.timedelta(seconds=PATIENCE_SECONDS)
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when the oldest wanted mail is not sent; None where none waits. Of messages and account mails.

    ``is_refused_by_one``: late ones are all for one recipient, while others get theirs.
    """

    safety: datetime.datetime | None
    other: datetime.datetime | None
    account: datetime.datetime | None
    mails: int
    late: int
    is_refused_by_one: bool


@dataclass(frozen=True, slots=True)
class LastDay:
    """What was settled within a day; ``repeats``: sent at a later try than the first."""

    sent: int = 0
    uncertain: int = 0
    skipped: int = 0
    dead: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class MailMetrics:
    waiting: Waiting
    day: LastDay
    bouncing: int


def patience_with(sort: Sort) -> datetime.timedelta:
    """For how long a mail of that sort may wait."""
    return {Sort.SAFETY: SAFETY_PATIENCE, Sort.ACCOUNT: ACCOUNT_PATIENCE}.get(sort, PATIENCE)


def late_messages(now: datetime.datetime, pressing: Sequence[str] = SAFETY) -> Q:
    """Owed, wanted, and not sent for longer than anybody should wait."""
    is_urgent = Q(kind__in=pressing, wanted_at__lte=now - SAFETY_PATIENCE)
    return Q(status=MessageStatus.OWED) & (is_urgent | Q(wanted_at__lte=now - PATIENCE))


def late_account_mails(now: datetime.datetime) -> Q:
    return Q(status=MailStatus.OWED, created_at__lte=now - ACCOUNT_PATIENCE)


def mail_metrics(*, now: datetime.datetime, pressing: Sequence[str] = SAFETY) -> MailMetrics:
    """Six queries at most. Beside a list of mails ``pressing`` is a sort of it: numbers tell no kind."""
    return MailMetrics(
        waiting=mails_waiting(now=now, pressing=pressing), day=_last_day(now), bouncing=bouncing_addresses()
    )


def bouncing_addresses() -> int:
    """Of accounts that are open (one query)."""
    return User.objects.filter(bounced_at__isnull=False, is_active=True).count()


def mails_waiting(*, now: datetime.datetime, pressing: Sequence[str] = SAFETY) -> Waiting:
    """At most three queries; the third only where something is late."""
    is_safety, late = Q(kind__in=pressing), late_messages(now, pressing)
    messages = MessageOwed.objects.filter(status=MessageStatus.OWED, wanted_at__lte=now).aggregate(
        safety=Min("wanted_at", filter=is_safety),
        other=Min("wanted_at", filter=~is_safety),
        mails=Count("pk"),
        late=Count("pk", filter=late),
        recipients=Count("recipient", filter=late, distinct=True),
        since=Min("wanted_at", filter=late),
    )
    account = AccountMail.objects.filter(status=MailStatus.OWED).aggregate(
        oldest=Min("created_at"), mails=Count("pk")
    )
    return Waiting(
        safety=messages["safety"],
        other=messages["other"],
        account=account["oldest"],
        mails=messages["mails"] + account["mails"],
        late=messages["late"],
        is_refused_by_one=messages["recipients"] == 1 and _others_get_theirs(messages["since"]),
    )


def _others_get_theirs(since: datetime.datetime) -> bool:
    """A server that takes other mails is not down; a mailbox that is full is not our fault (one query)."""
    return MessageOwed.objects.filter(status=MessageStatus.SENT, settled_at__gte=since).exists()


def _last_day(now: datetime.datetime) -> LastDay:
    """Two queries."""
    messages = _counts(MessageOwed, now)
    accounts = _counts(AccountMail, now)
    return LastDay(**{name: messages[name] + accounts[name] for name in messages})


def _counts(model: type, now: datetime.datetime) -> dict[str, int]:
    # An account mail whose time was over was skipped in the same sense.
    states = {
        "sent": Q(status="sent"),
        "uncertain": Q(status="uncertain"),
        "skipped": Q(status__in=["skipped", "expired"]),
        "dead": Q(status="dead"),
        "repeats": Q(status="sent", attempts__gt=1),
    }
    settled = model.objects.filter(settled_at__gt=now - ONE_DAY)
    return settled.aggregate(**{name: Count("pk", filter=state) for name, state in states.items()})
