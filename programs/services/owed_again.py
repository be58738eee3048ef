""" "Ask me again at …": one more mail of the same date, at her wish, once."""

import datetime

from django.db import transaction
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.engine.calendar import instant_of, local_date
from programs.mailing import end_of_date
from programs.mailing.reasons import BOUNCES, TURNED_OFF
from programs.models import MessageKind, MessageOwed
from programs.services.errors import Refused
from programs.services.mail_choices import locked_person
from programs.services.messages import message_row
from programs.services.quiet_hours import quiet_of
from programs.services.wanted import why_unwanted

_WHY = {
    TURNED_OFF: gettext_lazy("These mails are turned off. You can turn them on again in your settings."),
    BOUNCES: gettext_lazy("Your address does not take our mails just now. Sign in to see what helps."),
}
_WHY_ELSE = gettext_lazy("Just now we would send no such mail. Sign in to see how things stand.")


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
    if why := why_not_again(message=message, now=now):
        raise Refused(why)
    there = MessageOwed.objects.filter(recipient=person, kind=MessageKind.AGAIN, local_date=date)
    if there.exists():
        raise Refused(_("We ask again once a day, and for today that is arranged already."))
    return _owe(message, at, now, person)


def why_not_again(*, message: MessageOwed, now: datetime.datetime) -> str:
    """Why nothing would come, whatever time she chose; empty where it would.

    In words for whoever holds the link: a pause is told behind the sign-in alone.
    """
    reason = why_unwanted(message, now)
    return str(_WHY.get(reason, _WHY_ELSE)) if reason else ""


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
