"""Alarms of the site: noted once for an incident, told to site managers by exactly one process.

Any process that still lives may note and tell. The mail goes straight to the
mail server: the queue may be what is dead. It is told when an incident was seen
twice, minutes apart, so that a site that has just started has time to catch up.
One that comes and goes is told twice an hour at most, and never kept quiet for longer.
"""

import datetime
import logging
import time
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Greatest

from accounts import correlation
from accounts.emails import words_of
from accounts.models import Role, User
from accounts.services.refusals import in_short
from programs.models import Alarm

logger = logging.getLogger(__name__)

#: Between the first look and the mail.
SETTLE = datetime.timedelta(minutes=3)
#: After a mail, until the next beginning of the same is told; what still stands then is told then.
AGAIN = datetime.timedelta(minutes=30)
#: One process tells at a time, and tries again after that; longer than one round of mails.
LEASE = datetime.timedelta(minutes=5)
#: Seconds that one round may take; a server that hangs costs a connection's time limit on top.
LONGEST_ROUND_SECONDS = 60


def note(*, standing: Mapping[str, datetime.datetime], now: datetime.datetime) -> None:
    """Open an alarm for what stands still, and end those of what moves again."""
    known = set(Alarm.objects.filter(ended_at__isnull=True).values_list("name", flat=True))
    for name in standing.keys() - known:
        row = Alarm(name=name, began_at=min(standing[name], now), seen_at=now)
        # Two processes that look at once: the database takes one.
        if Alarm.objects.bulk_create([row], ignore_conflicts=True):
            logger.critical("The site stands still: %s, since %s", name, standing[name])
    if over := known - standing.keys():
        # The process that saw it first may have a clock that is ahead.
        Alarm.objects.filter(name__in=over, ended_at__isnull=True).update(ended_at=Greatest("seen_at", now))
        logger.warning("The site moves again: %s", ", ".join(sorted(over)))


def tell(*, now: datetime.datetime) -> int:
    """Tell site managers what nobody has told them, and return how many alarms were told.

    Claimed by an update that only one process can make. A crash between mail
    and mark is one repeat after the lease, with the same Message-ID.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now) | _ahead("leased_until", now)
    told = 0
    for alarm in Alarm.objects.filter(_untold(now), free):
        mine = Alarm.objects.filter(_untold(now), free, pk=alarm.pk)
        if mine.update(leased_until=now + LEASE) and _mail(alarm):
            done = {"told_at": alarm.told_at or now, "leased_until": None}
            if alarm.ended_at:
                done["end_told_at"] = now
            Alarm.objects.filter(pk=alarm.pk).update(**done)
            told += 1
    return told


def _untold(now: datetime.datetime) -> Q:
    """Begun and seen for a while; over; or over before the mail about it could be sent."""
    told = Alarm.objects.filter(name=OuterRef("name"), told_at__gt=now - AGAIN)
    told_just_now = told.exclude(_ahead("told_at", now))
    for_a_while = Q(seen_at__lte=now - SETTLE) | _ahead("seen_at", now)
    begun = Q(~Exists(told_just_now), for_a_while, told_at__isnull=True, ended_at__isnull=True)
    over = Q(told_at__isnull=False, ended_at__isnull=False, end_told_at__isnull=True)
    missed = Q(told_at__isnull=True, ended_at__isnull=False, leased_until__isnull=False)
    return begun | over | missed


def _ahead(name: str, now: datetime.datetime) -> Q:
    """Written by a clock that was days ahead and is put right: nobody shall be without a word until then."""
    return Q(**{f"{name}__gt": now + AGAIN})


def _mail(alarm: Alarm) -> bool:
    """Write to every site manager; True where a server took at least one, or there is nobody."""
    managers = list(User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk"))
    if not managers:
        logger.critical("The site has no site manager who could be told of an alarm: %s", alarm.name)
        return True
    began, taken = time.monotonic(), 0
    server = get_connection()
    for manager in managers:
        if time.monotonic() - began > LONGEST_ROUND_SECONDS:
            break
        try:
            taken += _mail_of(alarm, manager, server).send()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others shall be told
            logger.error("An alarm (%s) could not be mailed: %s", alarm.name, in_short(error))
    return taken > 0


def _mail_of(alarm: Alarm, manager: User, server) -> EmailMultiAlternatives:
    context = {"recipient": manager, "alarm": alarm, "minutes": settings.REHAB_ALARM_MINUTES}
    words = words_of("alarm", context)
    phase = "over" if alarm.ended_at else "begun"
    headers = {
        "Message-ID": f"<alarm-{alarm.pk}-{phase}-{manager.pk}@{settings.SITE_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
        **correlation.header(correlation.current()),
    }
    mail = EmailMultiAlternatives(
        words.subject, words.text, to=[manager.email], headers=headers, connection=server
    )
    mail.attach_alternative(words.html, "text/html")
    return mail
