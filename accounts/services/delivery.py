"""Sending account mails: what is owed in their table, and what becomes of it.

The same policy as for every mail of the site (``outbox``), with shorter waits:
somebody sits in front of a page and wants a code. What was in a mail is
forgotten when it is settled.
"""

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet

from accounts.emails import message_of
from accounts.models import AccountMail, MailStatus
from accounts.services import outbox
from accounts.services.bounces import mark_bouncing, mark_reached
from accounts.services.late import words_now
from accounts.services.outbox import DeliveryReport
from accounts.services.providers import Failure
from accounts.services.refusals import code_of, failure_of, in_short

logger = logging.getLogger(__name__)

#: In the embedded default the same thread closes days.
LONGEST_RUN_SECONDS = 20
FIRST_WAIT = datetime.timedelta(seconds=5)
LONGEST_WAIT = datetime.timedelta(minutes=10)


def deliver_account_mails(*, now: datetime.datetime, seconds: float = LONGEST_RUN_SECONDS) -> DeliveryReport:
    """Send the account mails that are due, in their order, until none is or the time of a run is over."""
    return outbox.run(
        _AccountMails(),
        now=now,
        seconds=seconds,
        connect=lambda: get_connection(),
        connections=settings.REHAB_MAIL_CONNECTIONS,
    )


class _AccountMails:
    def __init__(self) -> None:
        self.report = DeliveryReport()

    def due(self, now: datetime.datetime) -> QuerySet:
        return AccountMail.objects.filter(status=MailStatus.OWED, due_at__lte=now).order_by("due_at", "pk")

    def load(self, pks: list[int], now: datetime.datetime) -> list[AccountMail]:
        """Without those of people who were erased meanwhile."""
        rows = AccountMail.objects.select_related("recipient").filter(pk__in=pks, status=MailStatus.OWED)
        return list(rows.order_by("due_at", "pk"))

    def mail_of(self, row: AccountMail, now: datetime.datetime) -> EmailMessage | None:
        if now >= row.expires_at:
            self.report.skipped += 1
            _settle(row, _end_of(row, MailStatus.EXPIRED), now, "its time was over")
            return None
        return message_of(row, words_now(row))

    def sent(self, rows: list[AccountMail], now: datetime.datetime) -> None:
        self.report.sent += len(rows)
        for row in rows:
            outbox.insist(lambda row=row: _settle(row, MailStatus.SENT, now))
            if _is_hers(row) and row.recipient.bounced_at:
                mark_reached(user=row.recipient)

    def failed(self, row: AccountMail, error: Exception, now: datetime.datetime) -> None:
        """A refusal for good ends the mail; anything else waits 5, 10, 20 … seconds, while it is worth it."""
        failure, why = failure_of(error), in_short(error)
        of = f"{row.pk} ({row.kind}) [{row.correlation_id}]"
        logger.warning("Account mail %s was not sent: %s", of, why)
        row.uncertain += failure == Failure.UNCERTAIN
        if failure == Failure.ADDRESS and _is_hers(row):
            mark_bouncing(user=row.recipient, code=code_of(error), now=now)
        wait = outbox.wait_after(row.attempts, first=FIRST_WAIT, longest=LONGEST_WAIT)
        if failure in (Failure.ADDRESS, Failure.MAIL):
            self._end(row, MailStatus.DEAD, now, why)
        elif row.uncertain >= outbox.MOST_UNCERTAIN:
            self._end(row, MailStatus.UNCERTAIN, now, why)
        elif now + wait >= row.expires_at:
            self._end(row, MailStatus.EXPIRED, now, f"could not be sent in time: {why}")
        else:
            self.report.failed += 1
            owed = AccountMail.objects.filter(pk=row.pk, status=MailStatus.OWED)
            owed.update(due_at=now + wait, leased_until=None, uncertain=row.uncertain)

    def _end(self, row: AccountMail, status: str, now: datetime.datetime, outcome: str) -> None:
        status = _end_of(row, status)
        if status == MailStatus.UNCERTAIN:
            self.report.uncertain += 1
        else:
            self.report.dead += 1
        outbox.insist(lambda: _settle(row, status, now, outcome))


def _is_hers(row: AccountMail) -> bool:
    """To the address that she has now: a mail may also go to one that she had, or wants to have."""
    return row.recipient is not None and row.recipient.email == row.email


def _end_of(row: AccountMail, status: str) -> str:
    """What was perhaps sent once is never told as not sent."""
    return MailStatus.UNCERTAIN if row.uncertain else status


def _settle(row: AccountMail, status: str, now: datetime.datetime, outcome: str = "") -> int:
    """Codes and links go in the same update; the database demands it."""
    return AccountMail.objects.filter(pk=row.pk, status=MailStatus.OWED).update(
        status=status,
        settled_at=now,
        outcome=outcome[:200],
        uncertain=row.uncertain,
        leased_until=None,
        text="",
        html="",
    )
