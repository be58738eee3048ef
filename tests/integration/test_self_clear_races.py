"""Two at once: a runner's own statement, a second one, the day close and a new grant, on PostgreSQL.

SQLite has one writer at a time by design, so that nothing can race there; the
run of these tests on PostgreSQL is part of ``make test``.
"""

import datetime

import pytest
from django.db import connection

from accounts.services import grant_consent
from programs.engine.redflags import RED_FLAGS
from programs.models import Decision, Override
from programs.services.days import close_due
from programs.services.errors import Refused
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.services.verification import LedgerReport, verify_ledger
from tests.integration.story import NOON, Story
from tests.integration.test_races import at_once, chain_is_whole
from tests.support.people import a_clinician

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]


def paused(number: int = 1) -> Story:
    """Paused on day 1, which is closed."""
    story = Story(number, stage="S5_run3_walk2")
    story.log(1, rest=2, red_flags=["FEVER_UNWELL"])
    story.close(1)
    return story


def states(story: Story, day: int = 2, wall: datetime.time = NOON):
    statement = Statement("Dr Ada Ames, GP", story.date(day), "Walk first.", RED_FLAGS.keys())
    return lambda: clear_by_own_statement(
        enrolment=story.enrolment, by=story.runner, now=story.at(day, wall), statement=statement
    )


def is_sound(story: Story) -> bool:
    return chain_is_whole(story) and list(verify_ledger(LedgerReport())) == []


def test_the_same_statement_sent_many_times_counts_once():
    story = paused()
    raised = at_once(*[states(story)] * 4)
    assert [str(error) for error in raised] == ["This programme is not paused."] * 3
    assert Override.objects.count() == Decision.objects.filter(trigger="runner").count() == 1
    assert story.enrolment.stage == "S1_walking" and is_sound(story)


def test_a_statement_and_the_close_of_the_day_lose_nothing_of_each_other():
    stories = [paused(number) for number in range(6)]
    night = stories[0].at(3, datetime.time(4))
    said = [states(story, day=3, wall=datetime.time(4)) for story in stories]
    assert at_once(*said, *[lambda: close_due(now=night, job="worker", batch_size=2)] * 2) == []
    assert Decision.objects.filter(trigger="day_close").count() == 2 * len(stories)
    for story in stories:
        assert (story.enrolment.stage, story.enrolment.is_paused) == ("S1_walking", False)
        assert is_sound(story)


def test_a_physiotherapist_who_is_let_in_meanwhile_comes_first_or_after_it():
    for number in range(4):
        story, clinician = paused(number), a_clinician(f"physio{number}@example.org")
        now = story.at(2, NOON)
        raised = at_once(
            states(story),
            lambda story=story, clinician=clinician, now=now: grant_consent(
                runner=story.runner, clinician=clinician, now=now
            ),
        )
        assert all(isinstance(error, Refused) and "Ask " in str(error) for error in raised)
        assert story.enrolment.is_paused == bool(raised)
        assert is_sound(story)


def test_a_new_warning_sign_at_the_same_moment_is_never_lost():
    for number in range(4):
        story = paused(number)
        flag = lambda story=story: story.log(2, now=story.at(2, NOON), rest=2, red_flags=["CE_SADDLE"])  # noqa: E731
        raised = at_once(states(story), flag)
        assert all("warning sign" in str(error) for error in raised)
        assert story.enrolment.refer == "emergency"
        assert is_sound(story)
