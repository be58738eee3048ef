"""Sending what is owed: claim by compare-and-set, check again, send, mark.

Nothing is sent inside a transaction. A crash between sending and marking is
settled by the lease: the message is sent once more with the same Message-ID.
That is the policy: at most one repeat per such crash, never a loss.
"""

import datetime
import logging
import smtplib
import time
from dataclasses import dataclass

from django.core.mail import BadHeaderError, get_connection
from django.db import transaction
from django.db.models import F

from accounts.models import Act, Consent
from accounts.services.audit import record_access
from programs.emails import email_for
from programs.engine.values import Refer
from programs.models import Decision, DiaryEntry, MessageKind, MessageOwed, MessageStatus

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=3)
#: Leases are counted from the start of a run, so a slow server must not stretch
#: the run beyond them; the next tick goes on.
LONGEST_RUN_SECONDS = 60
LONGEST_WAIT_MINUTES = 60
#: Ordinary mails are given up after that many tries; a pause is always tried again.
MOST_ATTEMPTS = 8
#: A relay that refuses everybody for a while answers like an address that is
#: wrong, so a pause is tried for about two days whatever the server says.
MOST_ATTEMPTS_OF_A_PAUSE = 50
ALWAYS_TRIED = (MessageKind.PAUSE, MessageKind.CLINICIAN_PAUSE)


@dataclass
class DeliveryReport:
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    dead: int = 0


def deliver_due(*, now: datetime.datetime, most: int = 100) -> DeliveryReport:
    """Send up to ``most`` messages that are due, over one connection."""
    report = DeliveryReport()
    ids = list(MessageOwed.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:most])
    if not ids:
        return report
    connection = get_connection()
    began = time.monotonic()
    try:
        for pk in ids:
            if time.monotonic() - began > LONGEST_RUN_SECONDS:
                break
            _deliver_one(pk, connection, now, report)
    finally:
        connection.close()
    return report


def _deliver_one(pk: int, connection, now: datetime.datetime, report: DeliveryReport) -> None:
    if not _claim(pk, now):
        return
    message = MessageOwed.objects.select_related(
        "recipient", "enrolment__runner", "enrolment__version", "decision"
    ).get(pk=pk)
    unwanted = why_unwanted(message, now)
    if unwanted:
        report.skipped += 1
        _settle(message, MessageStatus.SKIPPED, now, unwanted)
        return
    try:
        mail = email_for(message, connection)
        # Left open for the next one; a failure closes it.
        connection.open()
        mail.send()
    except Exception as error:  # noqa: BLE001 - whatever one mail raises must not stop the others
        _failed(message, error, connection, now, report)
        return
    report.sent += 1
    _mark_sent(message, now)


def _claim(pk: int, now: datetime.datetime) -> bool:
    """Take the lease if nobody else has it; exactly one caller gets True."""
    claimed = MessageOwed.objects.due(now).filter(pk=pk)
    return claimed.update(leased_until=now + LEASE, attempts=F("attempts") + 1) == 1


def why_unwanted(message: MessageOwed, now: datetime.datetime) -> str:
    """The reason for which a message must not go out any more, or nothing."""
    enrolment = message.enrolment
    if message.expires_at and now >= message.expires_at:
        return "its day was over"
    if not message.recipient.is_active:
        return "the account is closed"
    if message.kind in ALWAYS_TRIED:
        return _why_pause_unwanted(message, now)
    if not enrolment.is_active:
        return "the programme has ended"
    if message.kind == MessageKind.STEP_BACK:
        return ""
    if enrolment.refer != Refer.NONE:
        return "the programme is paused"
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
    """What somebody else was told of a runner is access to her data, and she can read that."""
    _settle(message, MessageStatus.SENT, now)
    record_access(
        runner_ids=[message.enrolment.runner_id],
        actor=message.recipient,
        act=Act.MAIL,
        detail=message.get_kind_display(),
        now=now,
    )


def _settle(message: MessageOwed, status: str, now: datetime.datetime, outcome: str = "") -> None:
    owed = MessageOwed.objects.filter(pk=message.pk, status=MessageStatus.OWED)
    owed.update(status=status, settled_at=now, outcome=outcome[:200], leased_until=None)


def _failed(message: MessageOwed, error: Exception, connection, now, report: DeliveryReport) -> None:
    """A refusal for good ends the message; anything else waits 1, 2, 4 … minutes."""
    logger.warning("Message %s was not sent: %s", message.pk, error)
    connection.close()
    most = MOST_ATTEMPTS_OF_A_PAUSE if message.kind in ALWAYS_TRIED else MOST_ATTEMPTS
    is_hopeless = is_final(error) and message.kind not in ALWAYS_TRIED
    if is_hopeless or message.attempts >= most:
        report.dead += 1
        logger.error("Message %s (%s) is given up: %s", message.pk, message.kind, error)
        _settle(message, MessageStatus.DEAD, now, f"{type(error).__name__}: {error}")
        return
    wait = datetime.timedelta(minutes=min(2 ** min(message.attempts - 1, 10), LONGEST_WAIT_MINUTES))
    if message.expires_at and now + wait >= message.expires_at:
        report.dead += 1
        _settle(message, MessageStatus.DEAD, now, f"its day ended before it could be sent: {error}")
        return
    report.failed += 1
    MessageOwed.objects.filter(pk=message.pk, status=MessageStatus.OWED).update(
        due_at=now + wait, leased_until=None
    )


def is_final(error: Exception) -> bool:
    """True where this address or this mail was refused for good (5xx), or cannot be written.

    A refused sign-in, greeting or sender is a fault of the site and not of the
    mail: it is tried again, or one wrong password would end every message.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return isinstance(error, BadHeaderError)
