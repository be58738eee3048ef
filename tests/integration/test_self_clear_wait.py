"""Ending an access is no way around the physiotherapist: her own statement waits."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.services import grant_consent, revoke_consent
from programs.engine.redflags import RED_FLAGS
from programs.selectors.self_clear import self_clear_page
from programs.services.diary import EntryValues
from programs.services.errors import Refused
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.way_back import WAIT_DAYS, looked_after, wait_of
from tests.builders import an_enrolment, live, the_library
from tests.integration.story import NOON, QUIET, Story
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def paused(*, looked_after: bool = True) -> Story:
    """A warning sign on day 1, which is closed."""
    the_library()
    story = Story(stage="S5_run3_walk2")
    if looked_after:
        story.seen_by()
    story.log(1, now=story.at(1) + MINUTE, **QUIET, red_flags=["CE_SADDLE"])
    story.close(1)
    return story


def ends(story: Story, now: datetime.datetime) -> None:
    revoke_consent(runner=story.runner, clinician=story.clinician, now=now, by=story.runner)


def says(story: Story, now: datetime.datetime) -> None:
    statement = Statement("Dr Ada Ames, GP", now.date(), "Walk first.", RED_FLAGS.keys())
    clear_by_own_statement(enrolment=story.enrolment, by=story.runner, now=now, statement=statement)


def test_who_ends_the_access_does_not_clear_a_minute_later():
    story = paused()
    ends(story, story.at(2))
    with pytest.raises(Refused, match="Petra Physio looked after you here") as refused:
        says(story, story.at(2) + MINUTE)
    assert "15 March 2026" not in str(refused.value) and "16 March 2026" in str(refused.value)
    assert story.enrolment.refer == "emergency"


def test_nor_who_let_somebody_in_during_the_pause_and_ended_that():
    story = paused(looked_after=False)
    story.clinician = a_clinician()
    grant_consent(runner=story.runner, clinician=story.clinician, now=story.at(2))
    ends(story, story.at(3))
    with pytest.raises(Refused, match="looked after you"):
        says(story, story.at(3) + MINUTE)


def test_after_the_wait_she_is_not_locked_out():
    story = paused()
    ends(story, story.at(2))
    with pytest.raises(Refused):
        says(story, story.at(WAIT_DAYS, NOON))
    says(story, story.at(WAIT_DAYS + 1, NOON))
    assert not story.enrolment.is_paused


def test_an_access_that_ended_before_the_pause_makes_nobody_wait():
    the_library()
    story = Story(stage="S5_run3_walk2")
    story.seen_by()
    ends(story, story.at(1, NOON) + datetime.timedelta(hours=8, minutes=1))
    story.log(1, now=story.at(1, datetime.time(21)), **QUIET, red_flags=["CE_SADDLE"])
    story.close(1)
    says(story, story.at(2))
    assert not story.enrolment.is_paused


def test_a_closed_account_makes_nobody_wait():
    story = paused()
    User.objects.filter(pk=story.clinician.pk).update(is_active=False)
    now = story.at(2)
    assert wait_of(story.enrolment, now, looked_after(story.enrolment, now)) is None


def test_the_page_says_so_and_shows_no_form():
    the_library()
    petra = a_clinician()
    enrolment = an_enrolment(a_runner(), clinician=petra, days_ago=1)
    enrolment = live(enrolment, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))
    now = enrolment.closes_at - datetime.timedelta(hours=6)
    revoke_consent(runner=enrolment.runner, clinician=petra, now=now, by=enrolment.runner)
    assert self_clear_page(enrolment=enrolment, now=now).wait.names == "Petra Physio"
    page = signed_in(enrolment.runner).get(reverse("self_clear")).content.decode()
    assert "Give access again, or to another physiotherapist" in page
    assert 'name="assessed_by"' not in page and reverse("access") in page
