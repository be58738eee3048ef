"""Messages between a runner and those whom she let in. No rule reads them."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Act, User
from accounts.selectors import has_consent
from accounts.services.audit import record_access
from accounts.services.consents import lock_person
from programs.models import Discharge, Enrolment, ReadMark, SharedMessage
from programs.models.clinical import LONGEST_MESSAGE
from programs.services.errors import NotLetIn, Refused

#: How long questions are still answered after a programme has ended.
OPEN_AFTER_END = datetime.timedelta(days=30)


@transaction.atomic
def write_message(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, words: str, key: uuid.UUID, origin: str = ""
) -> SharedMessage:
    """Write to the other side. A form that is sent twice is one message. Raises Refused.

    A form that comes again with other words, by the way back of a browser, is
    another message: what is written is never changed, and nothing gets lost.
    """
    enrolment = _let_in(enrolment, by, now)
    words = words.strip()
    if not words:
        raise Refused(_("Write a few words."), "words")
    if len(words) > LONGEST_MESSAGE:
        raise Refused(_("At most {most} letters.").format(most=LONGEST_MESSAGE), "words")
    sent = SharedMessage.objects.filter(key=key).first()
    if sent and (sent.enrolment_id, sent.written_by_id) != (enrolment.pk, by.pk):
        raise Refused(_("This form is out of date. Open it again."))
    if sent and sent.words != words:
        key = uuid.uuid5(key, words)
        sent = SharedMessage.objects.filter(key=key).first()
    if sent:
        return sent
    _refuse_long_after(enrolment, now)
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
    return message


@transaction.atomic
def mark_read(*, enrolment: Enrolment, by: User, now: datetime.datetime, through: datetime.datetime) -> None:
    """Everything up to ``through`` is read by this person. It only moves on, and never past now."""
    enrolment = _let_in(enrolment, by, now)
    through = min(through, now)
    mark, is_new = ReadMark.objects.get_or_create(
        enrolment=enrolment, reader=by, defaults={"read_through": through}
    )
    if not is_new:
        ReadMark.objects.filter(pk=mark.pk, read_through__lt=through).update(read_through=through)


def may_still_write(enrolment: Enrolment, now: datetime.datetime) -> bool:
    """While the programme runs, and for a while after its end."""
    if enrolment.is_active:
        return True
    left = Discharge.objects.filter(enrolment=enrolment).values_list("made_at", flat=True).first()
    return (left or enrolment.closes_at) + OPEN_AFTER_END >= now


def _let_in(enrolment: Enrolment, by: User, now: datetime.datetime) -> Enrolment:
    """Lock the runner, so that no message lands after consent has ended. Raises NotLetIn."""
    lock_person(enrolment.runner)
    is_hers = by.pk == enrolment.runner_id
    if not is_hers and not (
        by.is_clinician and has_consent(runner_id=enrolment.runner_id, clinician=by, now=now)
    ):
        raise NotLetIn(_("You need the runner's consent to write to them."))
    return Enrolment.objects.select_related("runner").get(pk=enrolment.pk)


def _refuse_long_after(enrolment: Enrolment, now: datetime.datetime) -> None:
    if not may_still_write(enrolment, now):
        raise Refused(_("This programme ended more than 30 days ago: nobody reads messages here any more."))
