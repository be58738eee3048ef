"""Sending what is owed: claim, check again whether it is wanted, send, mark.

How a mail is claimed, when it is tried again and what is refused for good is
the same for every mail of the site: ``accounts.services.outbox``.
"""

import datetime
import logging

from django.core.mail import get_connection
from django.db import transaction

from accounts.models import Act
from accounts.services import outbox
from accounts.services.audit import record_access
from accounts.services.outbox import DeliveryReport
from programs.emails import email_for
from programs.models import MessageKind, MessageOwed, MessageStatus
from programs.services.wanted import why_unwanted

logger = logging.getLogger(__name__)

#: Ordinary mails are given up after that many tries; a pause is always tried again.
MOST_ATTEMPTS = 8
#: A relay that refuses everybody for a while answers like an address that is
#: wrong, so a pause is tried for about two days whatever the server says.
MOST_ATTEMPTS_OF_A_PAUSE = 50
ALWAYS_TRIED = (MessageKind.PAUSE, MessageKind.CLINICIAN_PAUSE, MessageKind.FLAG_UNSEEN)


def deliver_due(*, now: datetime.datetime, most: int = 100) -> DeliveryReport:
    """Send up to ``most`` messages that are due, over one connection."""
    report = DeliveryReport()
    ids = list(MessageOwed.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:most])
    if ids:
        connection = get_connection()
        outbox.send_each(
            ids,
            lambda pk: _deliver_one(pk, connection, now, report),
            connection,
            outbox.LONGEST_RUN_SECONDS,
        )
    return report


def _deliver_one(pk: int, connection, now: datetime.datetime, report: DeliveryReport) -> None:
    if not _claim(pk, now):
        return
    rows = MessageOwed.objects.select_related(
        "recipient", "enrolment__runner", "enrolment__version", "decision"
    )
    message = rows.filter(pk=pk).first()
    # Gone where the runner was erased between the two.
    if message is None:
        return
    unwanted = why_unwanted(message, now)
    if unwanted:
        report.skipped += 1
        _settle(message, MessageStatus.SKIPPED, now, unwanted)
        return
    try:
        outbox.send(email_for(message, connection=connection), connection)
    except Exception as error:  # noqa: BLE001 - whatever one mail raises must not stop the others
        _failed(message, error, connection, now, report)
        return
    report.sent += 1
    outbox.insist(lambda: _mark_sent(message, now))


def _claim(pk: int, now: datetime.datetime) -> bool:
    return outbox.claim(MessageOwed.objects.due(now), pk, now)


@transaction.atomic
def _mark_sent(message: MessageOwed, now: datetime.datetime) -> None:
    """What somebody else was told of a runner is access to her data, and she can read that.

    Of a runner who was erased while the mail went out there is nothing left to write to.
    """
    if not _settle(message, MessageStatus.SENT, now):
        return
    record_access(
        runner_ids=[message.enrolment.runner_id],
        actor=message.recipient,
        act=Act.MAIL,
        detail=message.get_kind_display(),
        now=now,
    )


def _settle(message: MessageOwed, status: str, now: datetime.datetime, outcome: str = "") -> int:
    """Returns 1, or 0 where the message is not owed any more."""
    owed = MessageOwed.objects.filter(pk=message.pk, status=MessageStatus.OWED)
    return owed.update(status=status, settled_at=now, outcome=outcome[:200], leased_until=None)


def _failed(message: MessageOwed, error: Exception, connection, now, report: DeliveryReport) -> None:
    """A refusal for good ends the message; anything else waits 1, 2, 4 … minutes."""
    why = outbox.in_short(error)
    logger.warning("Message %s was not sent: %s", message.pk, why)
    connection.close()
    most = MOST_ATTEMPTS_OF_A_PAUSE if message.kind in ALWAYS_TRIED else MOST_ATTEMPTS
    is_hopeless = outbox.is_final(error) and message.kind not in ALWAYS_TRIED
    if is_hopeless or message.attempts >= most:
        report.dead += 1
        logger.error("Message %s (%s) is given up: %s", message.pk, message.kind, why)
        _settle(message, MessageStatus.DEAD, now, why)
        return
    wait = outbox.wait_after(message.attempts)
    if message.expires_at and now + wait >= message.expires_at:
        report.dead += 1
        _settle(message, MessageStatus.DEAD, now, f"its day ended before it could be sent: {why}")
        return
    report.failed += 1
    MessageOwed.objects.filter(pk=message.pk, status=MessageStatus.OWED).update(
        due_at=now + wait, leased_until=None
    )
