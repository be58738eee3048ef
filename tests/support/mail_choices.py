"""What a person chose of her mails, shortly."""

import datetime

from accounts.models import User
from programs.models import MailChoice, MessageKind
from programs.services.mail_choices import choose


def choice_of(person: User, kind: str = MessageKind.REMINDER) -> MailChoice:
    return MailChoice.objects.get(person=person, kind=kind)


def remind_at(person: User, wall: datetime.time | None, *, now: datetime.datetime) -> MailChoice:
    """She chooses the time of the daily reminder, or none."""
    return choose(person=person, kind=MessageKind.REMINDER, is_on=wall is not None, wall=wall, now=now)
