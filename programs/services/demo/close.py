"""Closing a day before its hour, in a demonstration only."""

import datetime

from django.conf import settings
from django.db import transaction

from programs.models import Enrolment, MessageOwed, MessageStatus
from programs.services.days import close_due
from programs.services.holds import held_because


@transaction.atomic
def close_demo_day(*, enrolment_id: int, date: datetime.date, now: datetime.datetime) -> None:
    """Close the open days of one enrolment up to ``date``; a day that is closed stays as it is.

    The close is dated at its proper hour, so that the ledger reads as on any
    night. Its mails do not wait for that hour.
    """
    enrolment = Enrolment.objects.active().get(pk=enrolment_id)
    if not settings.DEMO or enrolment.open_date > date or held_because():
        return
    close_due(now=enrolment.closes_at, job="demo", first=enrolment_id, last=enrolment_id)
    early = MessageOwed.objects.filter(enrolment=enrolment, status=MessageStatus.OWED, due_at__gt=now)
    early.update(due_at=now)
