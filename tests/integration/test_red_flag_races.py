"""Two at once at the same red flag, on PostgreSQL: one owner, one case, one mail."""

import datetime

import pytest
from django.db import connection

from accounts.services import grant_consent, revoke_consent
from programs.models import MessageOwed, RedFlagCase
from programs.services.errors import NotLetIn, Refused
from programs.services.overrides import clear_pause
from programs.services.red_flag_cases import take_case
from programs.services.watch import watch_red_flags
from tests.integration.story import Story
from tests.integration.test_races import at_once
from tests.integration.test_red_flag_cases import TEN, case_of, is_whole, sign
from tests.support.clinics import a_clinic, a_colleague

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]
ELEVEN, THREE = datetime.time(11), datetime.time(15)


@pytest.fixture
def story() -> Story:
    """A runner of Petra and of Lena, who leads the clinic of both."""
    story = Story()
    story.petra, story.lena = story.seen_by(), a_colleague("Lena Lead")
    a_clinic(story.petra, story.lena, leads=(story.lena,))
    grant_consent(runner=story.runner, clinician=story.lena, now=story.at(2))
    return story


def takes(story: Story, by, shown: str):
    case = case_of(story)
    return lambda: take_case(case=case, by=by, now=story.at(3, ELEVEN), shown=shown)


def test_of_two_who_take_it_one_owns_it_and_the_other_is_told(story):
    shown = sign(story).as_shown
    raised = at_once(takes(story, story.petra, shown), takes(story, story.lena, shown))
    assert [type(error) for error in raised] == [Refused]
    case = case_of(story)
    assert case.owner == case.seen_by
    assert str(case.owner) in raised[0].message


def test_whoever_takes_it_while_another_sign_comes_has_not_seen_that(story):
    shown = sign(story).as_shown
    at_once(
        takes(story, story.petra, shown),
        lambda: sign(story, "CE_SADDLE", story.at(3, datetime.time(12))),
    )
    case = case_of(story)
    assert (case.level, case.seen_at, case.opened_at) == ("emergency", None, story.at(3, datetime.time(12)))
    assert is_whole()


def test_taken_and_cleared_at_once_it_is_closed(story):
    shown = sign(story).as_shown
    story.close(3)

    def clear():
        words = {"reason": "seen and well", "reason_code": "assessment"}
        seen = {"assessed_by": "Dr Ada Ames", "assessed_on": story.date(4)}
        clear_pause(enrolment=story.enrolment, by=story.lena, now=story.at(4, TEN), **words, **seen)

    raised = at_once(takes(story, story.petra, shown), clear)
    assert {type(error) for error in raised} <= {Refused}
    assert RedFlagCase.objects.get().closed_by == story.lena
    assert is_whole()


def test_taken_while_her_access_ends_it_is_passed_on(story):
    shown = sign(story).as_shown
    raised = at_once(
        takes(story, story.petra, shown),
        lambda: revoke_consent(runner=story.runner, clinician=story.petra, now=story.at(3, ELEVEN)),
    )
    assert {type(error) for error in raised} <= {NotLetIn}
    watch_red_flags(now=story.at(3, datetime.time(12)))
    assert case_of(story).owner == story.lena


def test_three_watches_at_once_tell_the_lead_once_and_open_one_case(story):
    sign(story)
    assert at_once(*[lambda: watch_red_flags(now=story.at(3, THREE))] * 3) == []
    assert MessageOwed.objects.filter(kind="flag_unseen").count() == 1
    RedFlagCase.objects.all().delete()
    assert at_once(*[lambda: watch_red_flags(now=story.at(3, THREE))] * 3) == []
    assert RedFlagCase.objects.count() == 1
