"""What `make faults` asks of the database finds each kind of harm: one that finds nothing proves nothing."""

import datetime

import pytest
from django.db import connection

from programs.models import Enrolment, MessageOwed
from programs.services.days import close_due
from programs.services.messages import message_row
from scripts.faults import checks
from tests.integration.story import QUIET, Story

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="asks PostgreSQL: runs in its part of make test",
    ),
]
DAYS = 4
DAY = datetime.timedelta(days=1)


@pytest.fixture
def story(time_machine) -> Story:
    """A runner whose four days are closed as they should be."""
    story = Story()
    for day in range(1, DAYS + 1):
        story.log(day, **QUIET)
    now = story.at(DAYS + 1, datetime.time(4))
    time_machine.move_to(now, tick=False)
    close_due(now=now, job="test")
    return story


def found(story: Story, **asked) -> dict[str, list[str]]:
    nothing = {"since": 0, "poisoned": [], "saves": {}, "overrides": [], "erased": []}
    given = checks.check(**nothing | asked)
    return {kind: given[kind] for kind in ("lost", "doubled", "wrong") if given[kind]}


def spoil(story: Story, **columns) -> None:
    Enrolment.objects.filter(pk=story.pk).update(**columns)


def test_where_all_is_well_nothing_is_found(story):
    assert found(story) == {}
    assert not any(checks.state([]).values())


def test_a_day_without_a_decision(story):
    spoil(story, decided_through=story.date(DAYS + 1), closes_at=story.at(DAYS + 3, datetime.time(3)))
    assert any("4 decisions from" in what for what in found(story)["lost"])


def test_a_day_that_nobody_closed(story):
    spoil(story, closes_at=story.at(DAYS, datetime.time(3)))
    assert any("still not closed" in what for what in found(story)["lost"])
    assert checks.state([])["due"] == 1


def test_a_day_that_was_closed_before_it_was_over(story):
    spoil(story, decided_through=story.date(DAYS + 2))
    assert any("before it was over" in what for what in found(story)["wrong"])


def test_a_stage_that_the_ledger_does_not_lead_to(story):
    spoil(story, stage="S3_run1_walk4")
    assert any("now began at S3_run1_walk4" in what for what in found(story)["wrong"])
    assert found(story, poisoned=[story.pk]) == {}


def test_a_day_that_closes_at_a_wrong_hour(story):
    spoil(story, closes_at=story.enrolment.closes_at + datetime.timedelta(hours=1))
    assert any("not as Europe/London has it" in what for what in found(story)["wrong"])


def test_a_score_that_was_saved_and_is_not_there(story):
    there = {f"{story.pk} {story.date(2)}": QUIET["rest"]}
    assert found(story, saves=there) == {}
    gone = {f"{story.pk} {story.date(2)}": 7, f"{story.pk} {story.date(9)}": 1}
    assert len(found(story, saves=gone)["lost"]) == 2


def test_somebody_who_was_erased_and_is_there(story):
    assert any("was erased and is there" in what for what in found(story, erased=[story.pk])["wrong"])


def test_a_mail_that_is_owed_for_ever(story):
    long_ago = story.at(1)
    row = message_row(
        recipient=story.runner,
        enrolment=story.enrolment,
        kind="written",
        local_date=story.date(1),
        now=long_ago,
    )
    row.save()
    assert any("never settled" in what for what in found(story)["lost"])
    MessageOwed.objects.update(status="sent", settled_at=long_ago)
    assert found(story) == {}
