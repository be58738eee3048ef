"""Two at once: workers, runners and clinicians at the same enrolment, on PostgreSQL.

SQLite has one writer at a time by design, so that nothing can race there; the
run of these tests on PostgreSQL is part of ``make test``.
"""

import datetime
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed
from programs.services.days import claim_due, close_due
from programs.services.delivery import deliver_due
from programs.services.overrides import set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.integration.story import QUIET, RUN, Story

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Run the acts in threads that start together; returns what they raised."""
    start = threading.Barrier(len(acts))
    raised: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def chain_is_whole(story: Story) -> bool:
    """Every decision begins where the one before it ended, and the enrolment stands at the end."""
    rows = list(Decision.objects.in_force().filter(enrolment=story.pk).order_by("pk"))
    links = all(
        later.stage_before == earlier.stage_after for earlier, later in zip(rows, rows[1:], strict=False)
    )
    return links and rows[-1].stage_after == story.enrolment.stage


def test_four_workers_on_the_same_days_write_each_decision_once():
    stories = [Story(n) for n in range(12)]
    for story in stories:
        for day in range(1, 6):
            story.log(day, **RUN)
    now = stories[0].at(6, datetime.time(4))
    raised = at_once(*[lambda: close_due(now=now, job="worker", batch_size=3)] * 4)
    assert raised == []
    assert Decision.objects.count() == 12 * 5
    assert all(chain_is_whole(story) for story in stories)
    assert not Enrolment.objects.due_for_close(now).exists()


def test_two_dispatchers_may_hand_out_the_same_range_and_nothing_is_doubled():
    stories = [Story(n) for n in range(6)]
    now = stories[0].enrolment.closes_at
    ranges = []

    def dispatch_and_close():
        for first, last in claim_due(now=now, batch_size=2):
            ranges.append((first, last))
            close_due(now=now, job="worker", first=first, last=last)

    assert at_once(dispatch_and_close, dispatch_and_close) == []
    assert Decision.objects.count() == 6
    assert ranges


def test_the_same_check_in_posted_many_times_is_one_entry():
    story = Story()
    raised = at_once(*[lambda: story.log(1, **QUIET)] * 8)
    assert raised == []
    assert DiaryEntry.objects.count() == 1


def test_a_red_flag_posted_twice_at_once_is_one_pause_and_one_mail():
    story = Story()
    raised = at_once(*[lambda: story.log(1, rest=2, red_flags=["CE_SADDLE"])] * 4)
    assert raised == []
    assert Decision.objects.count() == 1
    assert MessageOwed.objects.count() == 1
    assert story.enrolment.refer == "emergency"


def test_a_clinicians_act_and_the_day_close_at_once_lose_nothing():
    stories = [Story(n, stage="S3_run1_walk4") for n in range(10)]
    clinician = stories[0].seen_by()
    for story in stories:
        if story is not stories[0]:
            story.seen_by(clinician)
        for day in range(1, 4):
            story.log(day, **QUIET)
    now = stories[0].at(4, datetime.time(4))

    def act(story: Story):
        return lambda: set_stage(
            enrolment=story.enrolment, by=clinician, now=now, stage="S5_run3_walk2", reason="Seen in clinic"
        )

    raised = at_once(
        *[act(story) for story in stories], *[lambda: close_due(now=now, job="worker", batch_size=4)] * 2
    )
    assert raised == []
    assert Decision.objects.filter(trigger="day_close").count() == 30
    assert Decision.objects.filter(trigger="clinician").count() == 10
    assert {story.enrolment.stage for story in stories} == {"S5_run3_walk2"}
    assert all(chain_is_whole(story) for story in stories)
    assert list(verify_ledger(LedgerReport())) == []


def test_two_deliverers_send_a_message_once(mailoutbox):
    story = Story()
    story.live(1, [RUN, RUN, RUN, RUN])
    now = story.at(5, datetime.time(8))
    assert at_once(lambda: deliver_due(now=now), lambda: deliver_due(now=now)) == []
    assert len(mailoutbox) == 1
    assert MessageOwed.objects.get().attempts == 1
