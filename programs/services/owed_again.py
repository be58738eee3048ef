""" "Ask me again at …": one more mail of the same date, at her wish, once."""

import datetime

from django.db import transaction
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from programs.engine.calendar import instant_of, local_date
from programs.mailing import end_of_date
from programs.models import MessageKind, MessageOwed
from programs.services.errors import Refused
from programs.services.mail_choices import locked_person
from programs.services.messages import message_row
from programs.services.quiet_hours import quiet_of


@transaction.atomic
def ask_again(*, message: MessageOwed, wall: datetime.time, now: datetime.datetime) -> MessageOwed:
    """Owe the question of this mail once more, later on its date. Raises Refused."""
    person = locked_person(message.recipient)
    date, zone = message.local_date, person.zone
    if date != local_date(now, zone):
        raise Refused(_("The day of this mail is over."))
    if not message.enrolment.is_active or not person.is_active:
        raise Refused(_("This programme has ended."))
    at = instant_of(date, wall, zone)
    # A time that the clock skips may lie in the next day.
    if at <= now or local_date(at, zone) != date:
        raise Refused(_("Choose a time later today."), "wall")
    if quiet_of(person).over(at) > at:
        raise Refused(
            _("Choose a time outside your quiet hours, {begin} to {end}.").format(
                begin=time_format(person.quiet_from), end=time_format(person.quiet_until)
            ),
            "wall",
        )
    there = MessageOwed.objects.filter(recipient=person, kind=MessageKind.AGAIN, local_date=date)
    if there.exists():
        raise Refused(_("We ask again once a day, and for today that is arranged already."))
    return _owe(message, at, now, person)


def _owe(message: MessageOwed, at: datetime.datetime, now: datetime.datetime, person) -> MessageOwed:
    row = message_row(
        recipient=person,
        enrolment=message.enrolment,
        kind=MessageKind.AGAIN,
        local_date=message.local_date,
        now=now,
        due_at=at,
        expires_at=end_of_date(message.local_date, person.zone),
    )
    row.save()
    return row
