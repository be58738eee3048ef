"""Mails of a runner that were sent, their links, and every row of the database to compare."""

import datetime
import hashlib

from django.apps import apps
from django.db import connection
from django.urls import reverse

from accounts.models import User
from programs.engine.calendar import instant_of
from programs.mail_links import Purpose, token_of
from programs.mailing import end_of_date
from programs.models import Enrolment, MessageKind, MessageOwed
from programs.services.messages import message_row

SENT_AT = datetime.time(18)


def a_mail(
    enrolment: Enrolment,
    date: datetime.date,
    kind: str = MessageKind.REMINDER,
    *,
    to: User | None = None,
    **fields,
) -> MessageOwed:
    """As it lies in the mailbox in the evening of that date."""
    recipient = to or enrolment.runner
    sent_at = instant_of(date, SENT_AT, recipient.zone)
    wanted = {"status": "sent", "settled_at": sent_at, "expires_at": end_of_date(date, recipient.zone)}
    message = message_row(
        recipient=recipient, enrolment=enrolment, kind=kind, local_date=date, now=sent_at, **wanted | fields
    )
    message.save()
    return message


def tap(message: MessageOwed, score: int) -> str:
    return reverse("one_tap", args=(token_of(message, Purpose.SCORE), score))


def way_out(message: MessageOwed, name: str = "mail_unsubscribe") -> str:
    return reverse(name, args=(token_of(message, Purpose.UNSUBSCRIBE),))


def later(message: MessageOwed) -> str:
    return reverse("mail_again", args=(token_of(message, Purpose.AGAIN),))


def all_links(message: MessageOwed) -> list[str]:
    """The thirteen of a reminder."""
    return [*(tap(message, score) for score in range(11)), later(message), way_out(message)]


def every_row() -> dict[str, tuple[int, str]]:
    """Table -> how many rows, and a digest of all that is in them: sessions, cache and audit too."""
    found = {}
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) & tables.keys()):
            order = tables[table]._meta.pk.column
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{order}"')  # noqa: S608 - our own names
            rows = cursor.fetchall()
            found[table] = len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()
    return found
