"""The daily reminder: a due instant as data, one message per local date."""

import datetime
import zoneinfo

from django.db import transaction

from programs.engine.calendar import instant_of, local_date
from programs.models import Enrolment, MessageKind, MessageOwed
from programs.services.messages import message_row

ONE_DAY = datetime.timedelta(days=1)


def next_reminder(
    wall: datetime.time | None,
    zone: zoneinfo.ZoneInfo,
    now: datetime.datetime,
    not_on: datetime.date | None = None,
) -> datetime.datetime | None:
    """The next instant after now at which a clock in the zone shows the wall time.

    ``not_on`` is a local date that was reminded already: one of a kind per date.
    """
    if wall is None:
        return None
    date = local_date(now, zone)
    if not_on is not None:
        date = max(date, not_on + ONE_DAY)
    due = instant_of(date, wall, zone)
    return due if due > now else instant_of(date + ONE_DAY, wall, zone)


@transaction.atomic
def owe_reminders(*, now: datetime.datetime, most: int = 500) -> int:
    """Turn due reminders into messages owed and set the next due instant.

    Late is sent late, but never on another local date: a reminder that was
    missed by more than its day is not made up. Idempotent: the message is
    unique per person, enrolment and date. Returns how many were owed.
    """
    due = Enrolment.objects.due_for_reminder(now).select_for_update(skip_locked=True, of=("self",))
    enrolments = list(due.select_related("runner").order_by("next_reminder_at")[:most])
    rows = []
    for enrolment in enrolments:
        zone = enrolment.runner.zone
        date = local_date(enrolment.next_reminder_at, zone)
        if date == local_date(now, zone):
            rows.append(_reminder(enrolment, date, zone, now))
        enrolment.next_reminder_at = next_reminder(enrolment.reminder_time, zone, now, not_on=date)
    MessageOwed.objects.bulk_create(rows, ignore_conflicts=True)
    Enrolment.objects.bulk_update(enrolments, ["next_reminder_at"])
    return len(rows)


def _reminder(
    enrolment: Enrolment, date: datetime.date, zone: zoneinfo.ZoneInfo, now: datetime.datetime
) -> MessageOwed:
    end_of_day = instant_of(date + ONE_DAY, datetime.time(0), zone)
    return message_row(
        recipient=enrolment.runner,
        enrolment=enrolment,
        kind=MessageKind.REMINDER,
        local_date=date,
        now=now,
        expires_at=end_of_day,
    )


@transaction.atomic
def set_reminder_time(
    *, enrolment: Enrolment, wall: datetime.time | None, now: datetime.datetime
) -> Enrolment:
    """Choose the wall time of the daily reminder, or None for no reminder."""
    enrolment = Enrolment.objects.locked(enrolment.pk)
    zone = enrolment.runner.zone
    last = (
        MessageOwed.objects.filter(enrolment=enrolment, kind=MessageKind.REMINDER)
        .order_by("-local_date")
        .values_list("local_date", flat=True)
        .first()
    )
    enrolment.reminder_time = wall
    enrolment.next_reminder_at = next_reminder(wall, zone, now, not_on=last)
    enrolment.save(update_fields=["reminder_time", "next_reminder_at"])
    return enrolment
