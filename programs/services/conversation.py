"""Messages between a runner and those whom she let in. No rule reads them."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Act, User
from accounts.services.audit import record_access
from programs.correspondence import may_still_write, readers_of
from programs.models import Enrolment, ReadMark, SharedMessage
from programs.models.clinical import LONGEST_MESSAGE
from programs.services.errors import Refused
from programs.services.owed_written import owe_written
from programs.services.written import let_in, sent_before, sound_words


@transaction.atomic
def write_message(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, words: str, key: uuid.UUID, origin: str = ""
) -> SharedMessage:
    """Write to the other side. A form that is sent twice is one message. Raises Refused, NotLetIn."""
    enrolment = let_in(enrolment, by, now)
    words = sound_words(words, LONGEST_MESSAGE)
    key, sent = sent_before(SharedMessage, enrolment, by, key, words)
    if sent:
        return sent
    _refuse_where_nobody_reads(enrolment, now)
    message = SharedMessage.objects.create(
        enrolment=enrolment, key=key, words=words, written_at=now, written_by=by
    )
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=by,
        act=Act.OVERRIDE,
        detail="a message to you",
        now=now,
        origin=origin,
    )
    if by.pk != enrolment.runner_id:
        owe_written(enrolment=enrolment, now=now)
    return message


@transaction.atomic
def mark_read(*, enrolment: Enrolment, by: User, now: datetime.datetime, through: datetime.datetime) -> None:
    """Everything up to ``through`` is read by this person. It only moves on, and never past now."""
    enrolment = let_in(enrolment, by, now)
    through = min(through, now)
    mark, is_new = ReadMark.objects.get_or_create(
        enrolment=enrolment, reader=by, defaults={"read_through": through}
    )
    if not is_new:
        ReadMark.objects.filter(pk=mark.pk, read_through__lt=through).update(read_through=through)


def _refuse_where_nobody_reads(enrolment: Enrolment, now: datetime.datetime) -> None:
    if not may_still_write(enrolment, now):
        raise Refused(_("This programme ended more than 30 days ago: nobody reads messages here any more."))
    if not readers_of(enrolment, now):
        raise Refused(_("Nobody would read this: you have let no physiotherapist in."))
