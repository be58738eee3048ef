"""Messages between a runner and those whom she let in: one for each form, nobody else's."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.services import grant_consent, revoke_consent
from programs.models import Enrolment, EnrolmentStatus, ReadMark, SharedMessage
from programs.models.clinical import LONGEST_MESSAGE
from programs.correspondence import OPEN_AFTER_END
from programs.services.conversation import mark_read, write_message
from programs.services.errors import NotLetIn, Refused
from tests.builders import an_enrolment, reloaded
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def enrolment(petra) -> Enrolment:
    return an_enrolment(a_runner(), clinician=petra, days_ago=3)


def written(enrolment, by, words="How was the run?", key=None, now=None, **more) -> SharedMessage:
    now = now or timezone.now()
    return write_message(enrolment=enrolment, by=by, now=now, words=words, key=key or uuid.uuid4(), **more)


def test_both_sides_write_and_only_the_physiotherapist_leaves_a_record(enrolment, petra):
    message = written(enrolment, petra, "  How was the run?  ", origin="203.0.113.7")
    written(enrolment, enrolment.runner, "Fine.")
    assert (message.words, message.written_by) == ("How was the run?", petra)
    assert SharedMessage.objects.filter(enrolment=enrolment).count() == 2
    (record,) = AccessRecord.objects.filter(runner=enrolment.runner, detail="a message to you")
    assert (record.actor, record.act, record.origin) == (petra, "override", "203.0.113.7")


def test_a_form_that_is_sent_twice_is_one_message(enrolment, petra):
    key = uuid.uuid4()
    assert written(enrolment, petra, key=key) == written(enrolment, petra, key=key)
    assert AccessRecord.objects.filter(detail="a message to you").count() == 1


def test_a_form_that_comes_back_with_other_words_is_another_message(enrolment, petra):
    key = uuid.uuid4()
    first = written(enrolment, petra, "One.", key)
    others = {written(enrolment, petra, "Two.", key).pk for _ in range(2)}
    assert len(others) == 1 and first.pk not in others


def test_a_key_of_somebody_else_is_refused(enrolment, petra):
    message = written(enrolment, petra)
    with pytest.raises(Refused, match="out of date"):
        written(enrolment, enrolment.runner, message.words, message.key)
    other = an_enrolment(clinician=petra)
    with pytest.raises(Refused, match="out of date"):
        written(other, petra, message.words, message.key)


@pytest.mark.parametrize("words", ["", " \n ", "x" * (LONGEST_MESSAGE + 1)])
def test_nothing_and_too_much_are_refused(enrolment, petra, words):
    with pytest.raises(Refused) as refused:
        written(enrolment, petra, words)
    assert refused.value.field == "words"
    assert not SharedMessage.objects.exists()


def test_strangers_neither_write_nor_mark(enrolment, petra):
    now = timezone.now()
    strangers = (a_clinician("paul@example.org", "Paul"), a_manager(), an_enrolment().runner)
    for stranger in strangers:
        with pytest.raises(NotLetIn):
            written(enrolment, stranger)
        with pytest.raises(NotLetIn):
            mark_read(enrolment=enrolment, by=stranger, now=now, through=now)
    revoke_consent(runner=enrolment.runner, clinician=petra, now=now)
    with pytest.raises(NotLetIn):
        written(enrolment, petra, now=now + DAY)
    grant_consent(runner=enrolment.runner, clinician=petra, now=now + DAY)
    assert written(enrolment, petra, now=now + DAY)


def test_a_runner_whom_nobody_would_read_is_told_so(enrolment, petra):
    revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    with pytest.raises(Refused, match="Nobody would read this"):
        written(enrolment, enrolment.runner)


def test_after_the_end_questions_are_answered_for_a_month(enrolment, petra):
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.COMPLETED)
    end = reloaded(enrolment).closes_at
    assert written(enrolment, petra, now=end + OPEN_AFTER_END)
    with pytest.raises(Refused, match="ended"):
        written(enrolment, petra, now=end + OPEN_AFTER_END + DAY)


def test_a_mark_only_moves_on_and_never_past_now(enrolment, petra):
    now = timezone.now()
    marked = {"enrolment": enrolment, "by": petra, "now": now}
    mark_read(**marked, through=now - DAY)
    mark_read(**marked, through=now - 2 * DAY)
    assert ReadMark.objects.get().read_through == now - DAY
    mark_read(**marked, through=now + 5 * DAY)
    assert ReadMark.objects.get(enrolment=enrolment, reader=petra).read_through == now
