"""What `make load` calls a broken promise."""

import os

from scripts.load import memory
from scripts.load.report import Run, table
from scripts.load.traffic import Results

SOUND = {10: ("gunicorn", 100.0), 11: ("gunicorn", 101.0), 12: ("beat", 90.0)}


def a_run(**changes) -> Run:
    results = Results()
    for number in range(200):
        results.add("today", 0.010 + number / 10_000)
    values = {
        "capacity": 100.0,
        "rate": 50.0,
        "seconds": 60.0,
        "sent": 200,
        "results": results,
        "before": SOUND,
        "after": SOUND,
        "closed": 30,
        "wanted": 30,
        "differences": 0,
        "client_cores": 0.1,
        "flagged": 3,
        "lost_flags": [],
    }
    return Run(**values | changes)


def test_a_run_that_held_everything_is_whole():
    assert a_run().broken() == []
    assert "the client took 0.10 of a core" in table(a_run())


def test_a_process_that_grew_is_named_and_a_few_pages_are_no_growth():
    after = SOUND | {10: ("gunicorn", 104.0), 11: ("gunicorn", 120.0)}
    assert a_run(after=after).broken() == ["a process of gunicorn grew from 101 to 120 MB"]


def test_one_that_took_the_place_of_another_is_no_growth_and_a_role_that_is_gone_is_told():
    after = {10: SOUND[10], 20: ("gunicorn", 300.0)}
    assert a_run(after=after).broken() == ["no beat lives at the end"]


def test_a_client_that_is_slow_itself_is_told():
    assert a_run(client_cores=0.9).broken() == ["the client took 0.90 of a core: what it saw is not the site"]


def test_slow_answers_errors_open_days_and_differences_are_told():
    results = Results()
    results.add("today", 0.4)
    results.errors["today: 500"] = 2
    assert a_run(results=results, closed=29, differences=1).broken() == [
        "2 of today: 500",
        "p99 is 400 ms, not under 300",
        "29 of 30 days that were due were closed",
        "verify_ledger: 1 differences",
    ]


def test_a_red_flag_that_is_lost_is_told_and_a_run_without_any_proves_nothing():
    gone = "enrolment 7: the red flag LEG_WEAK_ONE of 2026-03-02: 0 open cases"
    assert a_run(lost_flags=[gone]).broken() == [gone]
    assert a_run(flagged=0).broken() == ["nobody gave a red flag"]


def test_times_since_the_last_look_are_told_once():
    results = Results()
    results.add("today", 0.2)
    results.add("week", 0.1)
    assert results.since_last() == [100.0, 200.0]
    assert results.since_last() == []
    assert results.all == [100.0, 200.0]


def test_the_memory_of_this_process_is_seen():
    role, size = memory.by_process(os.getpid())[os.getpid()]
    assert role
    assert size > 1
