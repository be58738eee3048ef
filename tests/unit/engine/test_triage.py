"""The order of the caseload: golden tables of needs, their limits and their ties."""

import itertools
import random

import pytest

from programs.engine.entry import Entry
from programs.engine.triage import (
    NEVER_PUT_OFF,
    CaseFacts,
    Need,
    NeedCode,
    is_put_off,
    need_of,
    order_key,
    silent_days,
)
from programs.engine.values import Outcome, Refer, SessionKind

TODAY = 739_000
CALM = Entry(morning=1, rest=1)


def case(*, days_ago: dict[int, Entry] | None = None, **facts) -> CaseFacts:
    """A runner with baseline 1 who logged yesterday, unless told otherwise."""
    diary = {1: CALM} if days_ago is None else days_ago
    entries = {TODAY - ago: entry for ago, entry in diary.items()}
    return CaseFacts(**{"today": TODAY, "first_day": TODAY - 30, "entries": entries, "baseline": 1, **facts})


def run(**scores) -> Entry:
    return Entry(session=SessionKind.DONE, during=0, after=0, **scores)


EVERYTHING = {
    "refer": Refer.EMERGENCY,
    "paused_on": TODAY - 2,
    "advised_since": TODAY - 3,
    "stuck_on": TODAY - 4,
    "review_on": TODAY - 5,
    "ready_since": TODAY - 6,
    "outlook": Outcome.PAUSE_AND_REFER,
    "days_ago": {9: run(rest=5), 8: Entry(morning=6, rest=5)},
}
#: What is taken away, in turn, and the need that then comes first.
LADDER = [
    ({}, NeedCode.EMERGENCY, 2),
    ({"refer": Refer.URGENT}, NeedCode.URGENT, 2),
    ({"refer": Refer.ROUTINE}, NeedCode.PAUSED, 2),
    ({"refer": Refer.NONE}, NeedCode.WILL_PAUSE, 0),
    ({"outlook": Outcome.STEP_BACK}, NeedCode.ADVISED, 3),
    ({"advised_since": None}, NeedCode.WILL_STEP_BACK, 0),
    ({"outlook": Outcome.ADVANCE}, NeedCode.ABOVE_BASELINE, 9),
    ({"days_ago": {9: run(rest=1), 8: Entry(morning=6, rest=1)}}, NeedCode.WORSE_AFTER_SESSION, 8),
    ({"days_ago": {8: CALM}}, NeedCode.SET_ASIDE, 4),
    ({"stuck_on": None}, NeedCode.SILENT, 7),
    ({"days_ago": {1: CALM}}, NeedCode.REVIEW_DUE, 5),
    ({"review_on": None}, NeedCode.SIGN_OFF, 6),
    ({"ready_since": None}, NeedCode.READY, 0),
    ({"outlook": Outcome.HOLD}, NeedCode.FINE, 0),
]


def test_the_most_pressing_need_comes_first_whatever_else_is_true():
    facts = dict(EVERYTHING)
    for change, code, since in LADDER:
        facts |= change
        need = need_of(case(**facts))
        assert (need.code, need.since_days) == (code, since)


def test_the_ladder_names_every_need_in_its_order():
    assert [code for _, code, _ in LADDER] == list(NeedCode)


@pytest.mark.parametrize(
    ("days_ago", "code", "since"),
    [
        # Baseline 1, flare from 3 on.
        ({0: Entry(rest=2)}, NeedCode.FINE, 0),
        ({0: Entry(rest=3)}, NeedCode.ABOVE_BASELINE, 0),
        ({0: Entry(morning=2)}, NeedCode.FINE, 0),
        ({0: Entry(morning=3)}, NeedCode.ABOVE_BASELINE, 0),
        ({1: run(), 0: Entry(morning=2)}, NeedCode.FINE, 0),
        ({1: run(), 0: Entry(morning=3)}, NeedCode.WORSE_AFTER_SESSION, 0),
        # A skipped session is not a session.
        ({1: Entry(session=SessionKind.SKIPPED), 0: Entry(morning=3)}, NeedCode.ABOVE_BASELINE, 0),
        # It stands since the first of the high scores in a row, over gaps.
        (
            {6: Entry(rest=1), 5: Entry(rest=4), 2: Entry(rest=3), 0: Entry(rest=5)},
            NeedCode.ABOVE_BASELINE,
            5,
        ),
        # Good data ends it ...
        ({3: Entry(rest=6), 0: Entry(rest=2)}, NeedCode.FINE, 0),
        ({3: run(), 2: Entry(morning=6), 0: Entry(morning=1)}, NeedCode.FINE, 0),
        # ... and age does not.
        ({28: Entry(rest=6)}, NeedCode.ABOVE_BASELINE, 28),
        ({29: run(), 28: Entry(morning=6)}, NeedCode.WORSE_AFTER_SESSION, 28),
        # A score that was not recorded says nothing.
        ({2: Entry(rest=6), 0: Entry(morning=1)}, NeedCode.ABOVE_BASELINE, 2),
        ({0: Entry()}, NeedCode.FINE, 0),
    ],
)
def test_scores_are_read_against_the_runners_own_baseline(days_ago, code, since):
    need = need_of(case(days_ago=days_ago))
    assert (need.code, need.since_days) == (code, since)


def test_the_numbers_say_which_score_on_which_day():
    need = need_of(case(days_ago={2: run(), 1: Entry(morning=5)}))
    assert need.numbers == {"morning": 5, "baseline": 1, "on": TODAY - 1}


def test_without_a_baseline_nothing_is_above_it():
    assert need_of(case(days_ago={0: Entry(rest=9)}, baseline=None)).code is NeedCode.FINE


@pytest.mark.parametrize(
    ("days_ago", "first_day", "days"),
    [
        ({0: CALM}, TODAY - 30, 0),
        ({1: CALM}, TODAY - 30, 0),
        ({3: CALM}, TODAY - 30, 2),
        ({4: CALM}, TODAY - 30, 3),
        ({4: CALM, 1: Entry(missing=True, session=None, planned=True)}, TODAY - 30, 3),
        ({401: CALM}, TODAY - 500, 400),
        ({}, TODAY, 0),
        ({}, TODAY - 3, 3),
        ({9: CALM, 0: Entry()}, TODAY - 30, 0),
    ],
)
def test_silence_is_counted_in_whole_days_up_to_yesterday(days_ago, first_day, days):
    facts = case(days_ago=days_ago, first_day=first_day)
    assert silent_days(facts) == days
    assert need_of(facts).code is (NeedCode.SILENT if days >= 3 else NeedCode.FINE)


@pytest.mark.parametrize(("days_ahead", "code"), [(0, NeedCode.REVIEW_DUE), (1, NeedCode.FINE)])
def test_a_review_is_due_on_its_day_and_not_before(days_ahead, code):
    assert need_of(case(review_on=TODAY + days_ahead)).code is code


@pytest.mark.parametrize("outlook", [None, *Outcome])
def test_nobody_is_on_course_who_steps_back_or_pauses_tonight(outlook):
    turns_worse = outlook in (Outcome.STEP_BACK, Outcome.PAUSE_AND_REFER)
    on_course = need_of(case(outlook=outlook)).code in (NeedCode.FINE, NeedCode.READY)
    assert on_course is not turns_worse


def test_ties_go_to_the_longest_standing_and_then_to_the_name():
    rows = [
        (Need(NeedCode.FINE), "Ada"),
        (Need(NeedCode.SILENT, 3), "bea"),
        (Need(NeedCode.SILENT, 5), "Zoe"),
        (Need(NeedCode.SILENT, 3), "Amy"),
        (Need(NeedCode.PAUSED, 0), "Yan"),
        (Need(NeedCode.URGENT, 1), "Xi"),
        (Need(NeedCode.SILENT, 3), "Cleo"),
    ]
    ordered = sorted(rows, key=lambda row: order_key(*row))
    assert [name for _, name in ordered] == ["Xi", "Yan", "Zoe", "Amy", "bea", "Cleo", "Ada"]


#: Need, days that it has stood, name, number of the enrolment: in the order of the page.
GOLDEN = [
    (NeedCode.EMERGENCY, 0, "Zoe", 1),
    (NeedCode.URGENT, 9, "Zoe", 2),
    (NeedCode.URGENT, 9, "Zoe", 3),
    (NeedCode.URGENT, 1, "Amy", 4),
    (NeedCode.PAUSED, 400, "Amy", 5),
    (NeedCode.WILL_PAUSE, 0, "Bea", 6),
    (NeedCode.ADVISED, 2, "Cleo", 7),
    (NeedCode.WILL_STEP_BACK, 0, "Amy", 8),
    (NeedCode.ABOVE_BASELINE, 31, "Zoe", 9),
    (NeedCode.ABOVE_BASELINE, 5, "amy", 10),
    (NeedCode.ABOVE_BASELINE, 5, "Bea", 11),
    (NeedCode.WORSE_AFTER_SESSION, 5, "Amy", 12),
    (NeedCode.SET_ASIDE, 1, "Amy", 13),
    (NeedCode.SILENT, 60, "Zoe", 14),
    (NeedCode.SILENT, 3, "Amy", 20),
    (NeedCode.SILENT, 3, "amy", 15),
    (NeedCode.REVIEW_DUE, 0, "Amy", 16),
    (NeedCode.SIGN_OFF, 12, "Amy", 17),
    (NeedCode.READY, 0, "Amy", 18),
    (NeedCode.FINE, 0, "Amy", 19),
]


@pytest.mark.parametrize("seed", range(20))
def test_the_golden_order_does_not_depend_on_the_order_of_the_rows(seed):
    rows = random.Random(seed).sample(GOLDEN, len(GOLDEN))
    ordered = sorted(rows, key=lambda row: order_key(Need(row[0], row[1]), row[2], row[3]))
    assert ordered == GOLDEN
    assert len(GOLDEN) == 20 and {row[0] for row in GOLDEN} == set(NeedCode)


# --- putting off ------------------------------------------------------------------------
@pytest.mark.parametrize(("now", "then"), list(itertools.product(NeedCode, NeedCode)))
def test_only_a_need_that_is_no_more_pressing_stays_put_off(now, then):
    stays = is_put_off(Need(now), then, TODAY, TODAY)
    red_flag = now in NEVER_PUT_OFF or then in NEVER_PUT_OFF
    assert stays is (not red_flag and list(NeedCode).index(now) >= list(NeedCode).index(then))


@pytest.mark.parametrize(("until", "stays"), [(TODAY - 1, False), (TODAY, True), (TODAY + 1, True)])
def test_putting_off_counts_through_its_last_day(until, stays):
    assert is_put_off(Need(NeedCode.SILENT, 4), NeedCode.SILENT, until, TODAY) is stays


# --- what a clinic sets -----------------------------------------------------------------
@pytest.mark.parametrize(("days", "silent_from", "silent"), [(1, 1, True), (4, 5, False), (5, 5, True)])
def test_from_how_many_days_a_runner_is_silent_is_given(days, silent_from, silent):
    need = need_of(case(days_ago={days + 1: CALM}, silent_from=silent_from))
    assert need.code is (NeedCode.SILENT if silent else NeedCode.FINE)


def test_who_waits_for_a_confirmation_stays_there_whatever_tonight_brings():
    for outlook in (None, Outcome.HOLD, Outcome.ADVANCE):
        need = need_of(case(ready_since=TODAY - 2, outlook=outlook))
        assert (need.code, need.since_days) == (NeedCode.SIGN_OFF, 2)


def test_a_pause_without_a_date_stands_since_today():
    assert need_of(case(refer=Refer.ROUTINE)).since_days == 0
