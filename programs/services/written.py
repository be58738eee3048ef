"""What messages and private notes share: who may write, what words are, and that a form counts once."""

import datetime
import uuid

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_consent
from accounts.services.consents import lock_person
from programs.models import Enrolment
from programs.services.errors import NotLetIn, Refused


def let_in(enrolment: Enrolment, by: User, now: datetime.datetime) -> Enrolment:
    """Lock the runner, so that nothing is written after access has ended. Raises NotLetIn."""
    lock_person(enrolment.runner)
    is_hers = by.pk == enrolment.runner_id
    if not is_hers and not (
        by.is_clinician and has_consent(runner_id=enrolment.runner_id, clinician=by, now=now)
    ):
        raise NotLetIn(_("You need the runner's consent to write here."))
    return Enrolment.objects.select_related("runner").get(pk=enrolment.pk)


def sound_words(words: str, most: int) -> str:
    """The words without what stands around them. Raises Refused."""
    words = words.strip()
    if not words:
        raise Refused(_("Write a few words."), "words")
    if len(words) > most:
        raise Refused(_("At most {most} letters.").format(most=most), "words")
    return words


def sent_before(
    model: type[Model], enrolment: Enrolment, by: User, key: uuid.UUID, words: str
) -> tuple[uuid.UUID, Model | None]:
    """The key to write under, and what the same form has written already. Raises Refused.

    A form that comes again with other words, by the way back of a browser, is
    another one: what is written is never changed, and nothing gets lost.
    """
    sent = model.objects.filter(key=key).first()
    if sent and (sent.enrolment_id, sent.written_by_id) != (enrolment.pk, by.pk):
        raise Refused(_("This form is out of date. Open it again."))
    if sent and sent.words != words:
        key = uuid.uuid5(key, words)
        sent = model.objects.filter(key=key).first()
    return key, sent
