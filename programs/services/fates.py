"""What became of a message: sent, skipped, to be tried again, perhaps sent, or given up."""

import datetime
import logging
from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.models import Act
from accounts.services import outbox
from accounts.services.audit import record_access
from accounts.services.bounces import mark_bouncing, mark_reached
from accounts.services.outbox import DeliveryReport
from accounts.services.providers import Failure
from accounts.services.refusals import code_of, failure_of, in_short
from programs.mailing import SAFETY
from programs.models import MessageOwed, MessageStatus

logger = logging.getLogger(__name__)

#: Ordinary mails are given up after that many tries.
MOST_ATTEMPTS = 8
#: A relay that refuses everybody for a while answers like an address that is
#: wrong, so a mail about safety is tried for about two days whatever the server says.
MOST_ATTEMPTS_FOR_SAFETY = 50
#: One more try after the first time that nobody knows.
MOST_UNCERTAIN = 2


def sent(rows: list[MessageOwed], now: datetime.datetime) -> None:
    """Mark them in one statement; what tells somebody of others is written into their records with it."""
    telling = [row for row in rows if _told(row)]
    if plain := [row.pk for row in rows if row not in telling]:
        outbox.insist(lambda: _settle(plain, MessageStatus.SENT, now))
    for row in telling:
        outbox.insist(lambda row=row: _settle_and_record(row, MessageStatus.SENT, now))
    for row in rows:
        if row.recipient.bounced_at:
            mark_reached(user=row.recipient)


def skip(rows: Iterable[MessageOwed], reasons: Mapping[int, str], now: datetime.datetime) -> int:
    """Settle what is wanted no more, with its reason; what was perhaps sent before stays that."""
    by_end: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        status = MessageStatus.UNCERTAIN if row.uncertain else MessageStatus.SKIPPED
        by_end.setdefault((status, reasons[row.pk]), []).append(row.pk)
    for (status, reason), pks in by_end.items():
        _settle(pks, status, now, reason)
    return sum(map(len, by_end.values()))


def failed(row: MessageOwed, error: Exception, now: datetime.datetime, report: DeliveryReport) -> None:
    """A refusal for good ends the message; anything else waits 1, 2, 4 … minutes."""
    failure, why = failure_of(error), in_short(error)
    logger.warning("Message %s was not sent: %s", row.pk, why)
    row.uncertain += failure == Failure.UNCERTAIN
    if failure == Failure.ADDRESS:
        mark_bouncing(user=row.recipient, code=code_of(error), now=now)
    wait = outbox.wait_after(row.attempts)
    if _is_given_up(row, failure):
        logger.error("Message %s (%s) is given up: %s", row.pk, row.kind, why)
        _end(row, now, why, report)
    elif row.expires_at and now + wait >= row.expires_at:
        _end(row, now, f"its day ended before it could be sent: {why}", report)
    else:
        report.failed += 1
        owed = MessageOwed.objects.filter(pk=row.pk, status=MessageStatus.OWED)
        owed.update(due_at=now + wait, leased_until=None, uncertain=row.uncertain)


def _is_given_up(row: MessageOwed, failure: Failure) -> bool:
    """A mail about safety goes on whatever the server says, and whether or not it was perhaps sent."""
    if row.kind in SAFETY:
        return row.attempts >= MOST_ATTEMPTS_FOR_SAFETY
    if failure in (Failure.ADDRESS, Failure.MAIL) or row.uncertain >= MOST_UNCERTAIN:
        return True
    return row.attempts >= MOST_ATTEMPTS


def _end(row: MessageOwed, now: datetime.datetime, why: str, report: DeliveryReport) -> None:
    """What was perhaps sent once is never told as not sent, and may have been read."""
    if row.uncertain:
        report.uncertain += 1
        outbox.insist(lambda: _settle_and_record(row, MessageStatus.UNCERTAIN, now, why))
    else:
        report.dead += 1
        outbox.insist(lambda: _settle([row.pk], MessageStatus.DEAD, now, why))


def _told(row: MessageOwed) -> set[int]:
    """The runners of whom the mail tells somebody else."""
    content = getattr(row, "content", None)
    told = {*content.told} if content else set()
    if row.enrolment_id:
        told.add(row.enrolment.runner_id)
    return told - {row.recipient_id}


@transaction.atomic
def _settle_and_record(row: MessageOwed, status: str, now: datetime.datetime, outcome: str = "") -> int:
    """What somebody else was told of a runner is access to her data, and she can read that.

    Of a runner who was erased while the mail went out there is nothing left to write to.
    """
    settled = _settle([row.pk], status, now, outcome, uncertain=row.uncertain)
    if settled:
        record_access(
            runner_ids=_told(row),
            actor=row.recipient,
            act=Act.MAIL,
            detail=row.get_kind_display(),
            now=now,
        )
    return settled


def _settle(pks: list[int], status: str, now: datetime.datetime, outcome: str = "", **more) -> int:
    """Returns how many; those that are not owed any more stay as they are."""
    owed = MessageOwed.objects.filter(pk__in=pks, status=MessageStatus.OWED)
    return owed.update(status=status, settled_at=now, outcome=outcome[:200], leased_until=None, **more)
