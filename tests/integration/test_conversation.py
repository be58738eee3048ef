"""Messages between a runner and those whom she let in: one for each form, nobody else's."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessRecord, Consent
from accounts.services import grant_consent, revoke_consent
from programs.correspondence import OPEN_AFTER_END, unread_by
from programs.models import Enrolment, EnrolmentStatus, ReadMark, SharedMessage
from programs.models.clinical import LONGEST_MESSAGE
from programs.services.conversation import mark_read, write_message
from programs.services.errors import NotLetIn, Refused
from tests.builders import an_enrolment, reloaded
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

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


# --- the pages ----------------------------------------------------------------------------
def hers(enrolment: Enrolment, page: str = "messages/") -> str:
    return f"/runners/{enrolment.public_id}/{page}"


def sent(client, url: str, words: str = "How was the run?", **more):
    return client.post(url, {"words": words, "key": str(uuid.uuid4()), **more})


def hidden(html: str, name: str = "through") -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def test_a_message_goes_over_and_its_answer_comes_back(enrolment, petra):
    clinic, phone = signed_in(petra), signed_in(enrolment.runner)
    assert sent(clinic, hers(enrolment)).url == hers(enrolment)
    assert "1 new message" in phone.get("/today/").content.decode()
    html = phone.get("/messages/").content.decode()
    assert "How was the run?" in html and "1 message is unread" in html
    assert sent(phone, "/messages/", "Fine <b>", through=hidden(html)).url == "/messages/"
    assert "new message" not in phone.get("/today/").content.decode()
    html = clinic.get(hers(enrolment)).content.decode()
    assert "Fine &lt;b&gt;" in html and "1 message is unread" in html


def test_to_look_marks_nothing_and_a_button_marks_what_was_there(enrolment, petra):
    clinic, phone = signed_in(petra), signed_in(enrolment.runner)
    sent(phone, "/messages/", "It hurts a bit.")
    html = clinic.get(hers(enrolment)).content.decode()
    assert not ReadMark.objects.filter(reader=petra).exists()
    sent(phone, "/messages/", "And this came while she read.")
    clinic.post(hers(enrolment), {"read": "yes", "through": hidden(html)})
    assert [row.words for row in unread_by(petra)] == ["And this came while she read."]


def test_what_a_colleague_wrote_waits_for_nobody_but_the_runner(enrolment, petra):
    paul = a_clinician("paul@example.org", "Paul")
    grant_consent(runner=enrolment.runner, clinician=paul, now=timezone.now())
    written(enrolment, paul)
    assert not unread_by(petra).exists()
    assert unread_by(enrolment.runner).count() == 1


@pytest.mark.parametrize("form", [{"words": " "}, {"words": "Hello", "key": "x"}, {"read": "yes"}, {}])
def test_a_form_that_says_nothing_writes_nothing(enrolment, petra, form):
    for client, url in ((signed_in(petra), hers(enrolment)), (signed_in(enrolment.runner), "/messages/")):
        assert client.post(url, form).status_code in (200, 302)
    assert not SharedMessage.objects.exists() and not ReadMark.objects.exists()


def test_a_refused_message_comes_back_filled_in(enrolment, petra):
    words = "Much to say. " * 200
    html = sent(signed_in(petra), hers(enrolment), words).content.decode()
    assert "Much to say. Much to say." in html and "Please check" in html


def test_above_her_form_a_runner_reads_what_to_do_instead(enrolment):
    html = signed_in(enrolment.runner).get("/messages/").content.decode()
    said, form = html.index("Nobody watches these messages all day"), html.index('name="words"')
    assert said < html.index("tel:") < form
    assert "/something-wrong/" in html[said:form]


def test_a_runner_without_anybody_or_without_a_programme_is_told(enrolment, petra):
    written(enrolment, petra, "Read me later.")
    revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    html = signed_in(enrolment.runner).get("/messages/").content.decode()
    assert "You have let no physiotherapist in" in html and 'name="words"' not in html
    assert "Read me later." in html
    nobody = a_runner("new@example.org", "Nia New")
    assert "No programme yet" in signed_in(nobody).get("/messages/").content.decode()
    assert sent(signed_in(nobody), "/messages/").status_code == 404


def test_after_the_end_she_still_reads_and_for_a_month_still_asks(enrolment, petra):
    written(enrolment, petra, "Well done.")
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.COMPLETED)
    html = signed_in(enrolment.runner).get("/messages/").content.decode()
    assert "Well done." in html and "for 30 days after its end" in html
    assert sent(signed_in(enrolment.runner), "/messages/", "Thank you.").status_code == 302


def test_strangers_find_nothing(enrolment, petra):
    message = written(enrolment, petra)
    Consent.objects.update(revoked_at=timezone.now(), revoked_by=enrolment.runner)
    for clinician in (petra, a_clinician("paul@example.org", "Paul")):
        answers = [signed_in(clinician).get(hers(enrolment)), sent(signed_in(clinician), hers(enrolment))]
        assert [answer.status_code for answer in answers] == [404, 404]
    other = an_enrolment(clinician=petra)
    assert message.words not in signed_in(other.runner).get("/messages/").content.decode()


def test_thirty_stand_on_a_page_in_eight_queries(enrolment, petra):
    now = timezone.now()
    for number in range(33):
        written(enrolment, petra, f"Number {number:02}", now=now + datetime.timedelta(minutes=number - 60))
    for person, url in ((enrolment.runner, "/messages/"), (petra, hers(enrolment))):
        client = signed_in(person)
        client.get(url)
        with CaptureQueriesContext(connection) as counted:
            html = client.get(url).content.decode()
        assert len(counted) <= 11 if person == petra else len(counted) <= 8, len(counted)
        assert "Number 32" in html and "Number 02" not in html and "Page 1 of 2" in html
        assert "Number 02" in client.get(f"{url}?page=2").content.decode()
