"""Out of a kind of mail by its link, and in again by the same: the token is the authority."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programs.access import left_by_link
from programs.models import MessageOwed
from programs.services.errors import Refused
from programs.services.mail_choices import locked_person, undo_unsubscribe, unsubscribe
from programs.ways_out import choice_behind, may_come_back, wants


@transaction.atomic
def leave_by_link(*, token: str, now: datetime.datetime) -> None:
    """No more of this kind, from now on; twice is once. Raises Refused for what is none, or about safety.

    What is off already stays as she turned it off: a link of before must not
    become a way to turn it on.
    """
    message = _locked(token)
    if choice_behind(message) is None:
        raise Refused(_("This mail cannot be turned off."))
    if wants(message):
        unsubscribe(message=message, now=now)


@transaction.atomic
def come_back_by_link(*, token: str, now: datetime.datetime) -> None:
    """On again, where a link turned it off and nothing was chosen since. Raises Refused."""
    message = _locked(token)
    if not may_come_back(message):
        raise Refused(_("This mail was chosen in your settings since."))
    undo_unsubscribe(message=message, now=now)


def _locked(token: str) -> MessageOwed:
    message = left_by_link(token)
    if message is None:
        raise Refused(_("This link does not work any more."))
    locked_person(message.recipient)
    return message
