"""Rows of mails in every state, as the jobs leave them, without sending anything."""

import datetime
import itertools

from accounts.emails import Words
from accounts.models import AccountMail, User
from accounts.services.mail import owe_mail
from programs.models import Enrolment, MessageKind, MessageOwed
from programs.models.notification import OF_A_LIST

_numbers = itertools.count(1)
MINUTE = datetime.timedelta(minutes=1)


def a_message(
    recipient: User,
    enrolment: Enrolment | None,
    at: datetime.datetime,
    kind: str = MessageKind.REMINDER,
    **more,
) -> MessageOwed:
    """Wanted at that moment, and still owed where no ``status`` is given."""
    number = next(_numbers)
    fields = {
        "local_date": datetime.date(2026, 1, 1) + datetime.timedelta(days=number),
        "created_at": at,
        "wanted_at": at,
        "due_at": at,
        "message_id": f"<{number}@rehab.example>",
    }
    if more.get("status", "owed") != "owed":
        fields |= {"settled_at": at + MINUTE, "attempts": 1}
    enrolment = None if kind in OF_A_LIST else enrolment
    return MessageOwed.objects.create(recipient=recipient, enrolment=enrolment, kind=kind, **(fields | more))


def an_account_mail(email: str, at: datetime.datetime, recipient: User | None = None, **more) -> AccountMail:
    mail = owe_mail(email=email, kind="login_code", words=Words("a", "b"), now=at, recipient=recipient)
    if more.get("status", "owed") != "owed":
        more = {"settled_at": at + MINUTE, "attempts": 1, "text": "", "html": ""} | more
    AccountMail.objects.filter(pk=mail.pk).update(**more)
    mail.refresh_from_db()
    return mail
