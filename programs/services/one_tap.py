"""One score from a link in a mail: written once, through the diary, and nothing else with it."""

import datetime
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.consents import lock_person
from programs.access import asked_by_link
from programs.mail_links import ASKED_BY, is_answered
from programs.models import DiaryEntry, Enrolment, MessageOwed
from programs.services.diary import EntryValues, record_entry
from programs.services.errors import Refused


class LinkIsOver(Refused):
    """No link, not good any more, or its day is over: nobody is told which."""


@transaction.atomic
def answer_by_link(*, token: str, score: int, now: datetime.datetime) -> bool:
    """Write the one score that the mail asked for; False where there is one already, and then nothing.

    The token is the authority: who holds it may give this one score of this
    one date. Raises LinkIsOver, and Refused where the score does not go with the rest of the day.
    """
    message = _locked(token, now)
    if is_answered(message):
        return False
    unanswered = MessageOwed.objects.filter(pk=message.pk, answered_at__isnull=True)
    if not unanswered.update(answered_at=now):
        return False
    values = replace(_values_so_far(message), **{ASKED_BY[message.kind]: score})
    record_entry(
        enrolment=message.enrolment, by=message.recipient, now=now, date=message.local_date, values=values
    )
    return True


def _locked(token: str, now: datetime.datetime) -> MessageOwed:
    """The mail, as it is once nobody else writes: not her links, not her day. Raises LinkIsOver."""
    message = asked_by_link(token, now)
    if message:
        lock_person(message.recipient)
        Enrolment.objects.select_for_update(of=("self",)).filter(pk=message.enrolment_id).first()
        message = asked_by_link(token, now)
    if message is None:
        raise LinkIsOver(_("This link does not work any more."))
    return message


def _values_so_far(message: MessageOwed) -> EntryValues:
    """What the day's entry says until now; every answer that nobody gave stays missing."""
    entry = DiaryEntry.objects.filter(enrolment=message.enrolment, date=message.local_date).first()
    if entry is None:
        return EntryValues()
    stored = {name: getattr(entry, name) for name in EntryValues.__slots__}
    many = {name: tuple(stored[name]) for name in ("red_flags", "sites")}
    return EntryValues(**stored | many)
