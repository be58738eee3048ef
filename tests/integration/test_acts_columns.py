"""An act writes what it changes of an enrolment and nothing else: the close of days writes beside it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.services.overrides import hold_until, set_stage
from tests.integration.story import RUN, Story

pytestmark = pytest.mark.django_db
#: What only the close of days may write.
OF_THE_CLOSE = {"decided_through", "closes_at", "claimed_until", "failures", "retry_at", "last_error"}
ENROLMENT = re.compile(r'^UPDATE "programs_enrolment" SET (.*?) WHERE')


def written(act) -> set[str]:
    """The columns of enrolments that a service updates."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    updates = [ENROLMENT.match(query["sql"]) for query in queries]
    return {name for found in updates if found for name in re.findall(r'"(\w+)" =', found[1])}


def test_an_act_leaves_the_columns_of_the_close_alone():
    story = Story()
    petra = story.seen_by()
    story.log(1, **RUN)
    given = {"enrolment": story.enrolment, "by": petra, "now": story.at(1), "reason": "She asked for it."}
    columns = written(lambda: hold_until(until=story.date(9), **given))
    columns |= written(lambda: set_stage(stage="S1_walking", **given))
    assert "stage" in columns
    assert columns.isdisjoint(OF_THE_CLOSE)
