"""Mails about a physiotherapist's list: who is on it, by name or by initials, and who is told of."""

import datetime
import re

import pytest

from accounts.models import Clinic, Membership, User
from accounts.services.consents import grant_consent, revoke_consent
from programs.caseload_words import NEEDS_IN_BRIEF
from programs.emails import email_for
from programs.engine.triage import NeedCode
from programs.mail_contents import contents_of
from programs.mail_contents.lists import MOST_ROWS
from programs.models import MessageOwed
from programs.services.caseload import snooze
from programs.services.messages import message_row
from programs.services.overrides import hold_until
from tests.builders import the_library
from tests.integration.story import QUIET, Story
from tests.support.mails_of_every_kind import html_of
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
MORNING = datetime.time(7, 30)


@pytest.fixture(autouse=True)
def library():
    the_library()


def owed(clinician: User, kind: str, story: Story, day: int) -> MessageOwed:
    message = message_row(
        recipient=clinician, enrolment=None, kind=kind, local_date=story.date(day), now=story.at(day, MORNING)
    )
    message.save()
    return message


def content_of(clinician: User, kind: str, story: Story, day: int):
    message = owed(clinician, kind, story, day)
    return contents_of([message], story.at(day, MORNING))[message.pk]


def a_silent_runner(clinician: User, number: int = 1, name: str = "Rosa Runner") -> Story:
    story = Story(number=number)
    User.objects.filter(pk=story.runner.pk).update(name=name)
    story.seen_by(clinician)
    return story


def in_a_clinic(clinician: User, **settings) -> Clinic:
    clinic = Clinic.objects.create(
        name="Clinic", created_at=datetime.datetime.now(datetime.UTC), created_by=clinician, **settings
    )
    Membership.objects.create(clinic=clinic, clinician=clinician, joined_at=clinic.created_at)
    return clinic


def held(story: Story, clinician: User, day: int = 2) -> None:
    """An act that is to be looked at again on the next day."""
    hold_until(
        enrolment=story.enrolment,
        by=clinician,
        now=story.at(day),
        until=story.date(day + 1),
        reason="Her words",
    )


def test_a_digest_tells_initials_the_need_and_a_link_and_no_more():
    petra = a_clinician()
    story = a_silent_runner(petra)
    content = content_of(petra, "digest", story, 6)
    (row,) = content.context["rows"]
    assert (row.who, row.need, row.reason) == ("RR", "silent for some days", "")
    assert content.context["counts"] == [("silent for some days", 1)]
    assert content.told == (story.runner.pk,)
    mail = email_for(MessageOwed.objects.get(), content)
    for body in (mail.body, html_of(mail)):
        assert "RR" in body and "Rosa" not in body
        assert f"/runners/{story.enrolment.public_id}/" in body


def test_a_score_stands_in_no_digest_of_initials():
    petra = a_clinician()
    story = a_silent_runner(petra)
    story.live(1, [QUIET, QUIET])
    story.log(3, morning=7, rest=7)
    content = content_of(petra, "digest", story, 4)
    body = email_for(MessageOwed.objects.get(), content).body
    assert "RR: waits for you" in body
    assert "7/10" not in body and "Above own usual" not in body


NOT_A_WORD = re.compile(
    r"flag|emergency|urgent|paus|worse|usual|pain|step|error|advised|session", re.IGNORECASE
)


@pytest.mark.parametrize("code", NeedCode)
def test_with_initials_a_need_is_how_pressing_it_is_and_no_more(code):
    """A need in full, such as a red flag, tells of her health."""
    assert not NOT_A_WORD.search(str(NEEDS_IN_BRIEF[code]))
    assert code not in (NeedCode.EMERGENCY, NeedCode.URGENT) or "needs you" in str(NEEDS_IN_BRIEF[code])


@pytest.mark.parametrize("named", [True, False])
def test_a_name_and_its_reason_stand_there_only_where_her_clinic_says_so(named):
    petra = a_clinician()
    in_a_clinic(petra, mails_name_runners=named)
    story = a_silent_runner(petra)
    (row,) = content_of(petra, "digest", story, 6).context["rows"]
    assert row.who == ("Rosa Runner" if named else "RR")
    assert row.reason == ("No entry for 5 days" if named else "")


def test_the_clinic_that_counts_is_the_runners_and_not_that_of_who_reads():
    petra, peter = a_clinician(), a_clinician("peter@example.org", name="Peter")
    in_a_clinic(peter, mails_name_runners=True)
    story = a_silent_runner(petra)
    grant_consent(runner=story.runner, clinician=peter, now=story.at(2))
    (row,) = content_of(peter, "digest", story, 6).context["rows"]
    assert row.who == "RR"


def test_nobody_is_told_of_who_lets_in_no_more():
    petra = a_clinician()
    story = a_silent_runner(petra)
    revoke_consent(runner=story.runner, clinician=petra, now=story.at(3))
    assert content_of(petra, "digest", story, 6).skip == "nobody needs her today"


def test_where_nobody_needs_her_there_is_no_digest():
    petra = a_clinician()
    story = a_silent_runner(petra)
    story.live(1, [QUIET, QUIET])
    content = content_of(petra, "digest", story, 3)
    assert (content.skip, content.told) == ("nobody needs her today", ())


def test_whom_she_put_off_stands_in_no_digest_of_hers():
    petra, peter = a_clinician(), a_clinician("peter@example.org", name="Peter")
    story = a_silent_runner(petra)
    grant_consent(runner=story.runner, clinician=peter, now=story.at(2))
    snooze(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(5),
        need="silent",
        until=story.date(8),
        note="On holiday",
    )
    assert content_of(petra, "digest", story, 6).skip
    assert content_of(peter, "digest", story, 6).told == (story.runner.pk,)
    assert content_of(petra, "digest", story, 9).told == (story.runner.pk,)


def test_each_clinic_has_its_own_idea_of_silence():
    petra, peter = a_clinician(), a_clinician("peter@example.org", name="Peter")
    in_a_clinic(petra, silent_from_days=10)
    story = a_silent_runner(petra)
    grant_consent(runner=story.runner, clinician=peter, now=story.at(2))
    assert content_of(petra, "digest", story, 6).skip
    assert content_of(peter, "digest", story, 6).skip == ""


def test_a_long_list_names_the_neediest_and_counts_the_others(monkeypatch):
    monkeypatch.setattr("programs.mail_contents.lists.MOST_ROWS", 2)
    petra = a_clinician()
    stories = [a_silent_runner(petra, number) for number in range(4)]
    stories[3].log(6, rest=2, red_flags=["CE_SADDLE"], now=stories[3].at(6, datetime.time(6)))
    content = content_of(petra, "digest", stories[0], 6)
    assert [row.runner_id for row in content.context["rows"]] == list(content.told)
    assert content.told[0] == stories[3].runner.pk
    assert (len(content.told), content.context["more"], content.context["total"]) == (2, 2, 4)
    assert MOST_ROWS == 30


def test_a_name_of_two_lines_is_one_line_of_the_mail():
    petra = a_clinician()
    in_a_clinic(petra, mails_name_runners=True)
    story = a_silent_runner(petra, name="<b>Rosa</b>\u2028Call this")
    content = content_of(petra, "digest", story, 6)
    mail = email_for(MessageOwed.objects.get(), content)
    assert "<b>Rosa</b> Call this: Silent" in mail.body
    assert "<b>Rosa" not in html_of(mail)


# --- reviews -----------------------------------------------------------------------------------------
def test_a_review_that_is_due_is_told_with_who_it_is_about():
    petra = a_clinician()
    story = a_silent_runner(petra)
    story.live(1, [QUIET])
    held(story, petra)
    story.log(2, **QUIET)
    assert content_of(petra, "reviews", story, 2).skip == "no review is due today"
    content = content_of(petra, "reviews", story, 3)
    (row,) = content.context["rows"]
    assert (row.who, row.need) == ("RR", "review due")
    assert content.told == (story.runner.pk,)
    assert "Her words" not in email_for(MessageOwed.objects.last(), content).body


def test_a_review_that_the_digest_of_the_day_tells_is_not_told_twice():
    petra = a_clinician()
    story = a_silent_runner(petra)
    story.live(1, [QUIET])
    held(story, petra)
    digest, reviews = (owed(petra, kind, story, 3) for kind in ("digest", "reviews"))
    MessageOwed.objects.filter(pk=digest.pk).update(status="sent", settled_at=story.at(3, MORNING))
    contents = contents_of([digest, reviews], story.at(3, MORNING))
    assert contents[digest.pk].told == (story.runner.pk,)
    assert contents[reviews.pk].skip == "today's digest tells it"


def test_the_digests_of_twenty_cost_as_many_queries_as_those_of_two(django_assert_num_queries):
    clinicians = [a_clinician(f"petra{number}@example.org") for number in range(20)]
    stories = [a_silent_runner(petra, number) for number, petra in enumerate(clinicians)]
    for story in stories[:2]:
        held(story, story.clinician, 5)
    messages = [owed(petra, kind, stories[0], 6) for petra in clinicians for kind in ("digest", "reviews")]
    contents_of(messages, stories[0].at(6, MORNING))
    for count in (2, 20):
        with django_assert_num_queries(8):
            contents_of(messages[: 2 * count], stories[0].at(6, MORNING))
