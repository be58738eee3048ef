"""The dead man's switch: is something due that nobody does? Three questions, each answered by an index."""

import datetime

from django.db.models import Q

from accounts.selectors.mails import PATIENCE_SECONDS, mail_backlog
from programs.models import AlarmName, Decision, Enrolment, JobHeartbeat
from programs.selectors.mail_metrics import mails_waiting

#: Whatever else is closed meanwhile: nobody's day may be overdue for longer than a day and a bit.
LONGEST_OVERDUE = datetime.timedelta(hours=26)
#: The watch over red flags looks every five minutes; an hour is a quarter of what one may be unseen.
WATCH_PATIENCE = datetime.timedelta(hours=1)
WATCH = "watch_red_flags"


def standing_still(
    *, now: datetime.datetime, patience: datetime.timedelta
) -> dict[AlarmName, datetime.datetime]:
    """What stands still, and since when: at most seven queries, five where all is well.

    ``patience``: for how long days may be due while none is closed. Mails have
    their own lateness by what they are about. It knows no start of a process:
    whoever alarms looks twice.
    """
    found = {
        AlarmName.DAYS: days_since(now, patience),
        AlarmName.MAILS: mails_since(now),
        AlarmName.FLAGS: flags_since(now),
    }
    return {name: since for name, since in found.items() if since}


def days_since(now: datetime.datetime, patience: datetime.timedelta) -> datetime.datetime | None:
    """Since when the oldest day is due, where none was closed for as long; poison does not count."""
    free = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    due = Enrolment.objects.active().filter(free, closes_at__lte=now).order_by("closes_at")
    oldest = due.values_list("closes_at", flat=True).first()
    if oldest is None or oldest > now - patience:
        return None
    # The newest by its key: nearly every decision is a day's close.
    closes = Decision.objects.filter(trigger="day_close").order_by("-pk")
    closed_at = closes.values_list("decided_at", flat=True).first()
    is_moving = closed_at is not None and closed_at > now - patience
    return None if is_moving and oldest > now - LONGEST_OVERDUE else oldest


def mails_since(now: datetime.datetime) -> datetime.datetime | None:
    """Since when the oldest mail is wanted, where mails are late and not all for one recipient."""
    waiting = mails_waiting(now=now)
    unsent = mail_backlog(now=now).unsent
    late = []
    if waiting.late and not waiting.is_refused_by_one:
        late += [since for since in (waiting.safety, waiting.other) if since]
    if unsent > PATIENCE_SECONDS:
        late.append(now - datetime.timedelta(seconds=unsent))
    return min(late, default=None)


def flags_since(now: datetime.datetime) -> datetime.datetime | None:
    """Since when nobody watches red flags; None on a site where the watch never ran yet."""
    seen = JobHeartbeat.objects.filter(name=WATCH, beat_at__lte=now - WATCH_PATIENCE).first()
    return seen.beat_at if seen else None
