"""Days close once each, in order, and never ahead of what the runner was shown."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed, PlannedSession
from programs.services import days
from programs.services.closing import deciding
from programs.services.days import claim_due, close_due
from programs.services.verification import LedgerReport, verify_ledger
from tests.integration.story import QUIET, RUN, START, Story

pytestmark = pytest.mark.django_db

WALK = {"morning": 1, "rest": 1, "session": "done", "during": 1, "after": 1}


def no_differences() -> bool:
    return list(verify_ledger(LedgerReport())) == []


def test_four_comfortable_walks_advance_to_core_work():
    story = Story()
    rules = story.live(1, [WALK, WALK, WALK, WALK])
    assert rules == ["D8J_MIN_DAYS", "D8J_MIN_DAYS", "D8J_MIN_DAYS", "D9A_ADVANCE"]
    assert story.enrolment.stage == "S2_core"
    assert story.enrolment.stage_entered_on == story.date(5)
    assert no_differences()


def test_a_day_closes_at_three_in_the_morning_of_the_runner_and_not_before():
    story = Story(zone="Pacific/Auckland")
    closes_at = story.enrolment.closes_at
    assert closes_at.astimezone(story.zone).replace(tzinfo=None) == datetime.datetime(2026, 3, 3, 3)
    assert not close_due(now=closes_at - datetime.timedelta(seconds=1), job="test")
    assert len(close_due(now=closes_at, job="test").decisions) == 1


def test_closing_twice_writes_one_decision():
    story = Story()
    story.close(1)
    assert not close_due(now=story.at(2, datetime.time(4)), job="again")
    assert Decision.objects.count() == 1


def test_a_missing_day_holds_and_says_so():
    story = Story()
    decision = story.close(1)
    assert (decision.decision, decision.rule) == ("hold", "D8A_NO_LOG")
    assert "2 March 2026" in decision.reason
    assert decision.has_rest_score is False


def test_every_decision_keeps_what_it_was_made_of():
    story = Story()
    story.log(1, **WALK)
    decision = story.close(1)
    assert decision.inputs["entries"]["2026-03-02"]["during"] == 1
    assert len(decision.inputs_hash) == 64
    assert decision.engine_version and decision.job == "test" and decision.decided_by is None
    assert {c["code"] for c in decision.criteria} >= {"stage_days", "sessions", "quiet_days", "logged_days"}


def test_days_of_an_outage_are_closed_in_order_and_advance_once_at_most():
    story = Story()
    for day in range(1, 13):
        story.log(day, **WALK)
    story.close(12)
    outcomes = list(Decision.objects.order_by("pk").values_list("date", "decision", "stage_after"))
    assert [date for date, _, _ in outcomes] == [story.date(day) for day in range(1, 13)]
    assert [decision for _, decision, _ in outcomes].count("advance") == 1
    assert story.enrolment.stage == "S2_core"
    assert story.enrolment.stage_entered_on == story.date(13), "shown for the first time when it was written"
    assert no_differences()


def test_sessions_of_the_stage_before_do_not_support_leaving_the_next_one():
    story = Story()
    for day in range(1, 13):
        story.log(day, **WALK)
    story.close(12)
    assert story.live(13, [QUIET] * 7)[-1] == "D8L_SESSIONS"


def test_a_step_back_in_an_outage_is_cooled_down_from_when_it_is_shown():
    story = Story(stage="S3_run1_walk4")
    story.log(1, **{**RUN, "during": 7})
    story.log(2, **QUIET)
    story.close(4)
    assert story.enrolment.stage == "S2_core"
    assert story.enrolment.cooldown_until == story.date(6)
    assert story.live(5, [QUIET, QUIET]) == ["D8B_COOLDOWN", "D8B_COOLDOWN"]


def test_a_planned_session_that_nobody_logged_breaks_the_chain():
    story = Story()
    assert story.live(1, [WALK, WALK, None, WALK, QUIET]) == [
        "D8J_MIN_DAYS",
        "D8J_MIN_DAYS",
        "D8A_NO_LOG",
        "D8L_SESSIONS",
        "D8L_SESSIONS",
    ]
    assert PlannedSession.objects.filter(date=story.date(3)).exists()


def test_an_enrolment_that_cannot_be_decided_is_set_aside_and_holds_nobody_back(caplog):
    poison, healthy = Story(1), Story(2)
    Enrolment.objects.filter(pk=poison.pk).update(stage="no_such_stage")
    now = healthy.at(2, datetime.time(4))
    report = close_due(now=now, job="test")
    assert list(report.set_aside) == [poison.pk]
    assert [row.enrolment_id for row in report.decisions] == [healthy.pk]
    assert poison.enrolment.failures == 1
    assert poison.enrolment.retry_at == now + datetime.timedelta(minutes=2)
    assert "no_such_stage" in poison.enrolment.last_error
    assert f"Enrolment {poison.pk} is set aside" in caplog.text
    assert "no_such_stage" not in caplog.text, "the words of an error may quote a day"


def test_what_was_set_aside_is_decided_when_it_is_mended():
    story = Story()
    Enrolment.objects.filter(pk=story.pk).update(stage="no_such_stage")
    story.close(1)
    Enrolment.objects.filter(pk=story.pk).update(stage="S1_walking")
    assert story.close(1, late_days=1) is not None
    assert (story.enrolment.failures, story.enrolment.retry_at, story.enrolment.last_error) == (0, None, "")


def test_the_delay_of_a_set_aside_enrolment_grows():
    story = Story()
    Enrolment.objects.filter(pk=story.pk).update(stage="no_such_stage")
    waits = []
    now = story.enrolment.closes_at
    for _ in range(3):
        close_due(now=now, job="test")
        waits.append(story.enrolment.retry_at - now)
        now = story.enrolment.retry_at
    assert [wait.total_seconds() / 60 for wait in waits] == [2, 4, 8]


def test_a_row_that_the_database_refuses_is_found_and_the_others_are_closed():
    taken, healthy = Story(1), Story(2)
    taken.close(1)
    # As after a restore of half a backup: decided, but the cursor says otherwise.
    Enrolment.objects.filter(pk=taken.pk).update(
        decided_through=START - datetime.timedelta(days=1), closes_at=healthy.enrolment.closes_at
    )
    report = close_due(now=healthy.at(2, datetime.time(4)), job="test")
    assert list(report.set_aside) == [taken.pk]
    assert [row.enrolment_id for row in report.decisions] == [healthy.pk]


def test_a_batch_takes_the_same_number_of_queries_for_two_as_for_twelve():
    def queries(count: int, first: int) -> int:
        stories = [Story(first + n) for n in range(count)]
        for story in stories:
            story.log(1, **WALK)
        with CaptureQueriesContext(connection) as captured:
            close_due(
                now=stories[0].at(2, datetime.time(4)), job="test", first=stories[0].pk, last=stories[-1].pk
            )
        return len(captured)

    Story(1000).close(1)  # fills the cache of parsed programmes
    assert queries(2, 1) == queries(12, 100) <= 20


def test_claimed_work_is_not_handed_out_again_until_the_lease_ends():
    stories = [Story(n) for n in range(3)]
    now = stories[0].enrolment.closes_at
    assert claim_due(now=now, batch_size=2) == [
        (stories[0].pk, stories[1].pk),
        (stories[2].pk, stories[2].pk),
    ]
    assert claim_due(now=now + days.LEASE - datetime.timedelta(seconds=1), batch_size=2) == []
    assert len(claim_due(now=now + days.LEASE, batch_size=2)) == 2


def test_an_ended_enrolment_is_never_closed():
    story = Story()
    Enrolment.objects.filter(pk=story.pk).update(status="withdrawn")
    assert not close_due(now=story.at(5), job="test")
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(
    "zone,start,hours",
    [("Europe/London", datetime.date(2026, 3, 29), 23), ("Europe/London", datetime.date(2026, 10, 25), 25)],
)
def test_days_of_23_and_25_hours_are_one_day_each(zone, start, hours):
    story = Story(zone=zone)
    day = (start - START).days + 1
    story.close(day + 2)
    dates = list(Decision.objects.order_by("date").values_list("date", flat=True))
    assert dates == [story.date(d) for d in range(1, day + 3)]
    midnights = story.at(day, datetime.time(0)), story.at(day + 1, datetime.time(0))
    assert (midnights[1] - midnights[0]).total_seconds() == hours * 3600


def test_an_advance_owes_one_mail_and_a_hold_none():
    story = Story()
    story.live(1, [WALK, WALK, WALK, WALK])
    assert list(MessageOwed.objects.values_list("kind", "local_date")) == [("advance", story.date(4))]


def test_nothing_is_read_from_days_after_the_decided_one():
    story = Story()
    for day in (1, 2, 3, 4):
        story.log(day, **WALK)
    story.log(4, **{**WALK, "during": 9})
    story.close(3)
    assert all("2026-03-05" not in row.inputs["entries"] for row in Decision.objects.all())
    assert DiaryEntry.objects.count() == 4


def test_two_stops_in_a_row_count_with_five_weeks_of_rest_between_them():
    story = Story(stage="S3_run1_walk4")
    stop = {**RUN, "session": "stopped_pain"}
    story.live(1, [stop])
    for day in range(2, 38):
        story.log(day, **QUIET)
    story.close(37)
    story.log(38, **stop)
    decision = story.close(38)
    assert decision.rule == "D5F_TWO_STOPS"
    assert decision.inputs["entries"]["2026-03-02"]["session"] == "stopped_pain"
    assert no_differences()


def test_a_gap_that_is_longer_than_the_window_is_counted_to_the_day():
    story = Story(stage="S4_run2_walk3")
    story.live(1, [RUN])
    story.close(40)
    story.log(41, **QUIET)
    decision = story.close(41)
    assert decision.rule == "D5G_LONG_GAP"
    assert "After 39 days" in decision.reason
    assert no_differences()


def test_a_row_that_cannot_be_written_is_found_and_the_others_are_closed(monkeypatch):
    """As PostgreSQL refuses a character that it cannot store."""
    broken, healthy = Story(1), Story(2)
    plain = days.ledger_row

    def unwritable(decided, enrolment, **fields):
        row = plain(decided, enrolment, **fields)
        if enrolment.pk == broken.pk:
            row.criteria = [object()]
        return row

    monkeypatch.setattr(days, "ledger_row", unwritable)
    line_of = deciding.line_of

    def not_json(row, *more):
        line = line_of(row, *more)
        return line.replace('{"cleared"', '{cleared"') if row.pk == broken.pk else line

    monkeypatch.setattr(deciding, "line_of", not_json)
    report = close_due(now=healthy.at(2, datetime.time(4)), job="test")
    assert list(report.set_aside) == [broken.pk]
    assert [row.enrolment_id for row in report.decisions] == [healthy.pk]


def test_the_ledger_is_verified_with_few_queries(django_assert_num_queries):
    story = Story()
    story.live(1, [WALK, WALK, WALK])
    programmes_are_known = list(verify_ledger(LedgerReport()))
    assert programmes_are_known == []
    with django_assert_num_queries(2):
        assert list(verify_ledger(LedgerReport())) == []
