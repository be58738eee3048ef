"""Until when a mail waits for the end of its recipient's quiet hours."""

import datetime
from collections.abc import Sequence

from django.db.models import Q

from accounts.models import User
from accounts.selectors.clinic_defaults import defaults_of, defaults_where_works
from accounts.time_zones import zone_if_readable
from programs.engine.values import PRESSING
from programs.mailing import OF_RED_FLAGS, SAFETY, Quiet, latest, waits
from programs.models import MessageKind, MessageOwed, MessageStatus

MIDNIGHT = datetime.time(0)
#: The job sends every minute.
A_MINUTE = datetime.timedelta(minutes=1)
#: The longest waits for a next try: of a mail of which nothing was said yet, and of any.
AT_MOST_UNTRIED, AT_MOST = datetime.timedelta(minutes=5), datetime.timedelta(hours=1)


def quiet_of(person: User) -> Quiet:
    """None of a zone that cannot be read: rather a mail at night than one that waits for the wrong hour."""
    if zone_if_readable(person.time_zone) is None:
        return Quiet(person.zone, MIDNIGHT, MIDNIGHT)
    return Quiet(person.zone, person.quiet_from, person.quiet_until)


def goes_at(messages: Sequence[MessageOwed], now: datetime.datetime) -> list[datetime.datetime]:
    """For each the instant from which it may go out: now, or the end of the quiet hours.

    Two queries where red flags are among them, else none; rows need not be saved.
    """
    pressing = [row for row in messages if row.kind in OF_RED_FLAGS and row.level in PRESSING]
    runners = {row.enrolment.runner_id for row in pressing}
    clinics = defaults_of(runners, now) if runners else {}
    own = defaults_where_works(row.recipient_id for row in pressing) if pressing else {}
    return [_goes_at(row, now, clinics, own) for row in messages]


def _goes_at(row: MessageOwed, now: datetime.datetime, clinics: dict, own: dict) -> datetime.datetime:
    """At night where either clinic says so: the runner's, or the one in which the recipient works."""
    told_by = (clinics.get(row.enrolment.runner_id) if row.enrolment_id else None, own.get(row.recipient_id))
    known = [clinic.red_flags_at_night for clinic in told_by if clinic is not None]
    at_night = any(known) or not known
    if not waits(row.kind, row.level, at_night=at_night):
        return now
    over = quiet_of(row.recipient).over(now)
    # A run that misses the end of quiet hours must not put it off for another day.
    return max(now, min(over, latest(row.level, row.created_at))) if row.kind in SAFETY else over


def release(now: datetime.datetime) -> int:
    """Mails about safety whose wait has lost its reason: other quiet hours, or the clinic tells at night now.

    One query where none waits, else two more at most for each that goes. Those
    that wait for a next try alone are left out: they wait for less.
    """
    waiting = MessageOwed.objects.filter(status=MessageStatus.OWED, kind__in=SAFETY, due_at__gt=now)
    waiting = waiting.filter(Q(attempts=0, due_at__gt=now + AT_MOST_UNTRIED) | Q(due_at__gt=now + AT_MOST))
    rows = list(waiting.select_related("recipient", "enrolment"))
    moved = 0
    for row, at in zip(rows, goes_at(rows, now), strict=True):
        if at < row.due_at:
            same = MessageOwed.objects.filter(pk=row.pk, status=MessageStatus.OWED, due_at=row.due_at)
            moved += same.update(due_at=at, wanted_at=min(row.wanted_at, at))
    return moved


def not_before(message: MessageOwed, now: datetime.datetime) -> datetime.datetime | None:
    """The instant to which a mail has to be put off, or nothing where it may go out now."""
    (at,) = goes_at([message], now)
    return at if at > now else None


def not_before_of(messages: Sequence[MessageOwed], now: datetime.datetime) -> dict[int, datetime.datetime]:
    """The same for a batch: message id -> instant, for those alone that have to wait."""
    found = zip(messages, goes_at(messages, now), strict=True)
    return {row.pk: at for row, at in found if at > now} | _after_digests(messages, now)


def _after_digests(messages: Sequence[MessageOwed], now: datetime.datetime) -> dict[int, datetime.datetime]:
    """Reviews wait until it is known whether the digest tells them, or is skipped or given up (one query)."""
    reviews = [row for row in messages if row.kind == MessageKind.REVIEWS]
    if not reviews:
        return {}
    digests = MessageOwed.objects.filter(
        recipient__in={row.recipient_id for row in reviews},
        local_date__in={row.local_date for row in reviews},
        kind=MessageKind.DIGEST,
        status=MessageStatus.OWED,
    )
    due = {
        (person, date): at for person, date, at in digests.values_list("recipient", "local_date", "due_at")
    }
    found = {}
    for row in reviews:
        if at := due.get((row.recipient_id, row.local_date)):
            later = max(at, now) + A_MINUTE
            # Rather told twice than not at all.
            if row.expires_at is None or later < row.expires_at:
                found[row.pk] = later
    return found


def put_out_of_quiet(messages: Sequence[MessageOwed], now: datetime.datetime) -> None:
    """Move unsaved messages of events out of quiet hours; what becomes of their expiry stays as it is."""
    for row, at in zip(messages, goes_at(messages, now), strict=True):
        row.wanted_at = row.due_at = at
