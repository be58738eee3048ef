"""What the clock sends: due instants as data, one message of a kind per local date."""

import datetime

from django.db import transaction

from programs.engine.calendar import local_date
from programs.mailing import end_of_date, next_due
from programs.models import Enrolment, MailChoice, MessageKind, MessageOwed
from programs.services.messages import message_row


@transaction.atomic
def owe_by_the_clock(*, now: datetime.datetime, most: int = 500) -> int:
    """Turn due choices into messages owed and set their next due instant.

    Late is sent late, but never on another local date: what was missed by more
    than its day is not made up. Idempotent: the message is unique per person,
    kind and date. Returns how many were owed.
    """
    due = MailChoice.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    choices = list(due.select_related("person").order_by("next_at")[:most])
    runners = [choice.person_id for choice in choices]
    enrolments = {row.runner_id: row for row in Enrolment.objects.active().filter(runner__in=runners)}
    rows = []
    for choice in choices:
        zone = choice.person.zone
        date = local_date(choice.next_at, zone)
        enrolment = enrolments.get(choice.person_id)
        if choice.kind == MessageKind.REMINDER and date == local_date(now, zone) and enrolment:
            rows.append(_message(choice, enrolment, date, now))
        choice.last_date = date
        choice.next_at = next_due(choice.wall, choice.days, zone, now, date)
    MessageOwed.objects.bulk_create(rows, ignore_conflicts=True)
    MailChoice.objects.bulk_update(choices, ["next_at", "last_date"])
    return len(rows)


def _message(choice: MailChoice, enrolment: Enrolment, date: datetime.date, now) -> MessageOwed:
    return message_row(
        recipient=choice.person,
        enrolment=enrolment,
        kind=choice.kind,
        local_date=date,
        now=now,
        expires_at=end_of_date(date, choice.person.zone),
    )
