"""A check-in that stood open while its day changed: nothing that was saved meanwhile goes silently."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from programs.models import DiaryEntry, EntryRevision
from tests.builders import an_enrolment, an_entry, the_library
from tests.integration.test_runner_pages import NOON, TODAY
from tests.support.mail_links import a_mail, tap
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = f"/check-in/{TODAY}/"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOON, tick=False)
    the_library()


class Open:
    """A page that was opened, and is sent later with what its hidden field says."""

    def __init__(self, enrolment):
        self.client = signed_in(enrolment.runner)
        form = self.client.get(reverse("check_in")).context["form"]
        self.fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    def send(self, **answers):
        fields = {name: value for name, value in (self.fields | answers).items() if value is not None}
        self.answer = self.client.post(ADDRESS, fields)
        return self.answer

    def told(self) -> str:
        return " ".join(self.client.get(self.answer.url).content.decode().split())


def stored() -> DiaryEntry:
    return DiaryEntry.objects.get()


def later(time_machine, minutes: int) -> None:
    time_machine.move_to(NOON + datetime.timedelta(minutes=minutes), tick=False)


def test_a_score_that_came_by_a_mail_stays_and_is_named(time_machine):
    enrolment = an_enrolment()
    page = Open(enrolment)
    mail = a_mail(enrolment, TODAY, "morning_after")
    later(time_machine, 1)
    assert Client().post(tap(mail, 9), {"score": 9}).status_code == 200
    later(time_machine, 2)
    assert page.send(rest="2", session="skipped").status_code == 302
    assert (stored().morning, stored().rest) == (9, 2)
    assert "Saved while this form was open, and it stays: Pain on waking – 9/10." in page.told()


def test_a_score_given_in_both_is_that_of_the_form_with_the_old_one_named_and_kept(time_machine):
    enrolment = an_enrolment()
    page = Open(enrolment)
    later(time_machine, 1)
    an_entry(enrolment, TODAY, now=NOON + datetime.timedelta(minutes=1), morning=9)
    later(time_machine, 2)
    page.send(rest="2", morning="3", session="skipped")
    assert stored().morning == 3
    assert EntryRevision.objects.get().values["morning"] == 9
    assert "Pain on waking – 9/10. Now it is: 3/10." in page.told()


def test_what_was_shown_and_left_as_it_was_is_no_answer(time_machine):
    enrolment = an_enrolment()
    an_entry(enrolment, TODAY, now=NOON, rest=2, sites=("back",), session="skipped")
    page = Open(enrolment)
    later(time_machine, 1)
    an_entry(
        enrolment,
        TODAY,
        now=NOON + datetime.timedelta(minutes=1),
        rest=7,
        sites=("back", "below_knee"),
        session="skipped",
    )
    later(time_machine, 2)
    page.send(morning="4")
    assert (stored().rest, stored().morning, stored().leg) == (7, 4, "below_knee")


def test_places_of_both_stand(time_machine):
    enrolment = an_enrolment()
    page = Open(enrolment)
    later(time_machine, 1)
    an_entry(enrolment, TODAY, now=NOON + datetime.timedelta(minutes=1), sites=("below_knee",))
    page.send(rest="2", sites=["back"])
    assert (stored().sites, stored().leg) == (["back", "below_knee"], "below_knee")


def test_a_session_that_does_not_go_with_its_details_is_asked_about(time_machine):
    enrolment = an_enrolment()
    page = Open(enrolment)
    later(time_machine, 1)
    done = {"rest": 2, "session": "done", "during": 1, "after": 1}
    an_entry(enrolment, TODAY, now=NOON + datetime.timedelta(minutes=1), **done)
    answer = page.send(rest="2", session="skipped")
    assert answer.status_code == 409
    assert stored().during == 1
    page.fields["seen"] = answer.context["form"]["seen"].value()
    page.send(rest="2", session="skipped")
    assert (stored().during, stored().session) == (None, "skipped"), "she has seen both now"


@pytest.mark.parametrize("mark", ["", "yesterday", "2026-06-20T12:00:00", "2026-99-99T00:00:00Z", None])
def test_a_form_that_cannot_tell_takes_nothing_back(mark):
    enrolment = an_enrolment()
    page = Open(enrolment)
    an_entry(enrolment, TODAY, now=NOON, rest=1, morning=9, session="skipped")
    page.send(rest="2", session="skipped", seen=mark)
    assert (stored().morning, stored().rest) == (9, 2)


def test_a_score_of_the_page_itself_can_be_taken_back():
    enrolment = an_enrolment()
    an_entry(enrolment, TODAY, now=NOON, rest=1, morning=9, session="skipped")
    page = Open(enrolment)
    page.send(morning=None)
    assert stored().morning is None


def test_the_same_form_sent_twice_is_one_entry(time_machine):
    page = Open(an_enrolment())
    page.send(rest="2", morning="4", session="skipped")
    later(time_machine, 1)
    page.send(rest="2", morning="4", session="skipped")
    assert not EntryRevision.objects.exists()
    assert "Saved while this form was open" not in page.told()
