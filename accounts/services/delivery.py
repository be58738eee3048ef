"""Sending account mails: claim, send, mark, and forget what was in them.

The same policy as for every mail of the site (``outbox``), with shorter waits:
somebody sits in front of a page and wants a code.
"""

import datetime
import logging

from django.core.mail import get_connection

from accounts.emails import message_of
from accounts.models import AccountMail, MailStatus
from accounts.services import outbox
from accounts.services.late import words_now
from accounts.services.outbox import DeliveryReport

logger = logging.getLogger(__name__)

#: In the embedded default the same thread closes days.
LONGEST_RUN_SECONDS = 20
FIRST_WAIT = datetime.timedelta(seconds=5)
LONGEST_WAIT = datetime.timedelta(minutes=10)


def deliver_account_mails(*, now: datetime.datetime, most: int = 100) -> DeliveryReport:
    """Send up to ``most`` account mails that are due, over one connection."""
    report = DeliveryReport()
    due = AccountMail.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
    pks = list(due[:most])
    if pks:
        server = get_connection()
        outbox.send_each(pks, lambda pk: _deliver_one(pk, server, now, report), server, LONGEST_RUN_SECONDS)
    return report


def _deliver_one(pk: int, server, now: datetime.datetime, report: DeliveryReport) -> None:
    if not outbox.claim(AccountMail.objects.due(now), pk, now):
        return
    # Gone where the person was erased between the two.
    row = AccountMail.objects.filter(pk=pk).first()
    if row is None:
        return
    if now >= row.expires_at:
        report.skipped += 1
        _settle(row, MailStatus.EXPIRED, now, "its time was over")
        return
    try:
        outbox.send(message_of(row, words_now(row), server), server)
    except Exception as error:  # noqa: BLE001 - whatever one mail raises must not stop the others
        server.close()
        _failed(row, error, now, report)
        return
    report.sent += 1
    outbox.insist(lambda: _settle(row, MailStatus.SENT, now))


def _failed(row: AccountMail, error: Exception, now: datetime.datetime, report: DeliveryReport) -> None:
    """A refusal for good ends the mail; anything else waits 5, 10, 20 … seconds, while it is worth it."""
    logger.warning("Account mail %s (%s) was not sent: %s", row.pk, row.kind, outbox.in_short(error))
    if outbox.is_final(error):
        report.dead += 1
        _settle(row, MailStatus.DEAD, now, outbox.in_short(error))
        return
    wait = outbox.wait_after(row.attempts, first=FIRST_WAIT, longest=LONGEST_WAIT)
    if now + wait >= row.expires_at:
        report.dead += 1
        _settle(row, MailStatus.EXPIRED, now, f"could not be sent in time: {outbox.in_short(error)}")
        return
    report.failed += 1
    AccountMail.objects.filter(pk=row.pk, status=MailStatus.OWED).update(due_at=now + wait, leased_until=None)


def _settle(row: AccountMail, status: str, now: datetime.datetime, outcome: str = "") -> int:
    """Codes and links go in the same update; the database demands it."""
    return AccountMail.objects.filter(pk=row.pk, status=MailStatus.OWED).update(
        status=status, settled_at=now, outcome=outcome[:200], leased_until=None, text="", html=""
    )
