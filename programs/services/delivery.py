"""Sending what is owed: claim, check again whether it is wanted, send, mark.

How a mail is claimed, when it is tried again and what is refused for good is
the same for every mail of the site: ``accounts.services.outbox``.
"""

import datetime
import logging

from django.core.mail import get_connection
from django.db import transaction

from accounts.models import Act, Consent
from accounts.services import outbox
from accounts.services.audit import record_access
from accounts.services.outbox import DeliveryReport
from programs.emails import email_for
from programs.engine.values import Refer
from programs.models import Decision, DiaryEntry, MessageKind, MessageOwed, MessageStatus
from programs.services.flag_notices import why_notice_unwanted

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


def why_unwanted(message: MessageOwed, now: datetime.datetime) -> str:
    """The reason for which a message must not go out any more, or nothing."""
    enrolment = message.enrolment
    if message.expires_at and now >= message.expires_at:
        return "its day was over"
    if not message.recipient.is_active:
        return "the account is closed"
    if message.kind == MessageKind.FLAG_UNSEEN:
        return why_notice_unwanted(message, now)
    if message.kind in ALWAYS_TRIED:
        return _why_pause_unwanted(message, now)
    if not enrolment.is_active:
        return "the programme has ended"
    # Whatever it was about, it would name what to do next, and while she is paused that is nothing.
    if enrolment.refer != Refer.NONE:
        return "the programme is paused"
    if message.kind == MessageKind.STEP_BACK:
        return ""
    if message.kind == MessageKind.ADVANCE:
        replaced = Decision.objects.filter(supersedes=message.decision_id)
        return "a correction has replaced the decision" if replaced.exists() else ""
    logged = DiaryEntry.objects.filter(enrolment=enrolment, date=message.local_date, rest__isnull=False)
    return "the day is logged" if logged.exists() else ""


def _why_pause_unwanted(message: MessageOwed, now: datetime.datetime) -> str:
    """A pause that a clinician has cleared must not send anybody to hospital hours later."""
    enrolment = message.enrolment
    if enrolment.refer == Refer.NONE:
        return "the pause has been cleared"
    if message.kind == MessageKind.PAUSE:
        return ""
    if not message.recipient.is_clinician:
        return "the recipient is a physiotherapist no more"
    consents = Consent.objects.in_force(now).filter(
        runner=enrolment.runner_id, clinician=message.recipient_id
    )
    return "" if consents.exists() else "the runner's consent has ended"


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
