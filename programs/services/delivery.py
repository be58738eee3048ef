"""Sending what is owed: whether it is still wanted, what it says, and what becomes of it.

How mails are claimed and sent, and what a server's answer means, is the same
for every mail of the site: ``accounts.services.outbox``.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import (
    Case,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)

from accounts.services import outbox
from accounts.services.outbox import DeliveryReport
from programs.emails import NOTHING_MORE, Content, email_for
from programs.mailing import SAFETY
from programs.models import MessageOwed, MessageStatus
from programs.services import fates
from programs.services.quiet_hours import not_before_of, release
from programs.services.wanted import why_unwanted_of

#: Messages and now -> what each says besides its row, in a fixed number of queries.
Contents = Callable[[list[MessageOwed], datetime.datetime], Mapping[int, Content]]
#: A red flag does not wait behind ten thousand reminders.
SAFETY_FIRST = Case(When(kind__in=SAFETY, then=0), default=1, output_field=IntegerField())


def nothing_more(messages: Sequence[MessageOwed], now: datetime.datetime) -> Mapping[int, Content]:
    return {}


def deliver_due(
    *,
    now: datetime.datetime,
    contents: Contents = nothing_more,
    between: Callable[[datetime.datetime], object] | None = None,
    seconds: float = outbox.LONGEST_RUN_SECONDS,
) -> DeliveryReport:
    """Send the messages that are due, until none is or the time of a run is over.

    ``contents`` says what stands in them; it comes from above, for services
    know no selector. ``between`` is called before every batch, with the time.
    """
    release(now)
    return outbox.run(
        _Messages(contents),
        now=now,
        seconds=seconds,
        connect=lambda: get_connection(),
        connections=settings.REHAB_MAIL_CONNECTIONS,
        between=between,
    )


class _Messages:
    def __init__(self, contents: Contents) -> None:
        self.report = DeliveryReport()
        self._contents = contents

    def due(self, now: datetime.datetime) -> QuerySet:
        owed = MessageOwed.objects.filter(status=MessageStatus.OWED, due_at__lte=now)
        return owed.order_by(SAFETY_FIRST, "due_at", "pk")

    def load(self, pks: list[int], now: datetime.datetime) -> list[MessageOwed]:
        """With what they say. What is wanted no more is skipped, what falls into quiet hours put off."""
        rows = MessageOwed.objects.select_related("recipient", "enrolment", "decision")
        # An edition is one object for all decisions by it: its document is long.
        rows = rows.prefetch_related("decision__version")
        # Without those of people who were erased meanwhile.
        rows = list(rows.filter(pk__in=pks, status=MessageStatus.OWED).order_by(SAFETY_FIRST, "due_at", "pk"))
        _read_runners(rows)
        unwanted = why_unwanted_of(rows, now)
        later = not_before_of([row for row in rows if row.pk not in unwanted], now)
        left = [row for row in rows if row.pk not in unwanted and row.pk not in later]
        said = self._said(left, now)
        unwanted |= {row.pk: said[row.pk].skip for row in left if said[row.pk].skip}
        self.report.skipped += fates.skip([row for row in rows if row.pk in unwanted], unwanted, now)
        _put_off(later)
        left = [row for row in left if row.pk not in unwanted]
        for row in left:
            row.content = said[row.pk]
        return left

    def _said(self, rows: list[MessageOwed], now: datetime.datetime) -> dict[int, Content]:
        if not rows:
            return {}
        nothing = dict.fromkeys((row.pk for row in rows), NOTHING_MORE)
        return nothing | dict(self._contents(rows, now))

    def mail_of(self, row: MessageOwed, now: datetime.datetime) -> EmailMessage | None:
        return email_for(row, row.content)

    def sent(self, rows: list[MessageOwed], now: datetime.datetime) -> None:
        self.report.sent += len(rows)
        fates.sent(rows, now)

    def failed(self, row: MessageOwed, error: Exception, now: datetime.datetime) -> None:
        fates.failed(row, error, now, self.report)


def _read_runners(rows: list[MessageOwed]) -> None:
    """Most mails go to the runner herself, who is there already; the others by one query."""
    enrolments = [row.enrolment for row in rows if row.enrolment_id]
    for row in rows:
        if row.enrolment_id and row.enrolment.runner_id == row.recipient_id:
            row.enrolment.runner = row.recipient
    prefetch_related_objects(enrolments, "runner")


def _put_off(later: Mapping[int, datetime.datetime]) -> None:
    """To the end of quiet hours; that was no try. One about safety stays wanted since: it is seen as late."""
    wanted = F("wanted_at")
    for at in set(later.values()):
        pks = [pk for pk, instant in later.items() if instant == at]
        # Without those that were owed anew meanwhile: nobody has tried them.
        owed = MessageOwed.objects.filter(pk__in=pks, status=MessageStatus.OWED, attempts__gt=0)
        moved = Case(When(kind__in=SAFETY, then=wanted), default=Value(at, DateTimeField()))
        owed.update(wanted_at=moved, due_at=at, leased_until=None, attempts=F("attempts") - 1)
