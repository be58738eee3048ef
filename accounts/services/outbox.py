"""What every table of owed mails shares: claims, waits, and which refusals are for good.

A row is claimed by compare-and-set, sent outside any transaction, and marked. A
crash between sending and marking is settled by the lease: the message is sent
once more with the same Message-ID. That is the policy: at most one repeat per
such crash, never a loss.
"""

import datetime
import smtplib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.mail import BadHeaderError, EmailMessage
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, QuerySet

LEASE = datetime.timedelta(minutes=3)
#: Leases are counted from the start of a run, so a slow server must not stretch
#: the run beyond them; the next run goes on.
LONGEST_RUN_SECONDS = 60
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
#: Pauses between tries to mark what has been sent; together well below the lease.
PAUSES = (0.5, 2, 5, 10)


@dataclass
class DeliveryReport:
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    dead: int = 0


def send_each(pks: Iterable[int], deliver: Callable[[int], None], server, seconds: float) -> None:
    """Deliver one by one over one connection, for so many seconds at most."""
    began = time.monotonic()
    try:
        for pk in pks:
            if time.monotonic() - began > seconds:
                break
            deliver(pk)
    finally:
        server.close()


def claim(due: QuerySet, pk: int, now: datetime.datetime) -> bool:
    """Take the lease if nobody else has it; exactly one caller gets True."""
    return due.filter(pk=pk).update(leased_until=now + LEASE, attempts=F("attempts") + 1) == 1


def send(mail: EmailMessage, server) -> None:
    """Send over a connection that stays open for the next one; after a failure it must be closed."""
    server.open()
    mail.send()


def wait_after(
    attempts: int, *, first: datetime.timedelta = MINUTE, longest: datetime.timedelta = HOUR
) -> datetime.timedelta:
    """How long to wait after so many tries: each time twice as long."""
    return min(first * 2 ** min(attempts - 1, 10), longest)


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


def in_short(error: Exception) -> str:
    """What went wrong, without the address that servers repeat: logs outlive an account."""
    codes = [str(code) for code, _ in getattr(error, "recipients", {}).values()]
    codes += [str(error.smtp_code)] if hasattr(error, "smtp_code") else []
    return " ".join([type(error).__name__, *codes])


def insist(write: Callable[[], int]) -> int:
    """Repeat a write that the database cannot take at this moment.

    Between a mail that is out and the row that says so: every pause that is
    waited for here is a mail that is not sent twice.
    """
    for pause in PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return write()
