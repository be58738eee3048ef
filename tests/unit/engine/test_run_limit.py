"""The limit of a single run: a tenth more than the longest of 30 days, the stage's cap, the week."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.engine.run_limit import LimitedBy, RunRules, run_limit
from tests.unit.engine.test_properties import examples

TODAY = 740_000
RULES = RunRules(own_run=20, cap=30, run_growth=10, week_growth=10, runs_a_week=3)
LONGEST, STAGE, WEEK, NONE = LimitedBy.LONGEST_RUN, LimitedBy.STAGE, LimitedBy.WEEK, LimitedBy.NO_RECORD


def ago(**runs: int) -> dict[int, int]:
    """``ago(d2=20)``: twenty minutes two days ago."""
    return {TODAY - int(name[1:]): minutes for name, minutes in runs.items()}


@pytest.mark.parametrize(
    ("runs", "minutes", "by"),
    [
        ({}, 20, NONE),
        (ago(d31=28), 20, NONE),
        ({TODAY: 28}, 20, NONE),
        (ago(d30=20), 22, LONGEST),
        (ago(d2=20, d4=20, d9=20, d11=20, d13=20), 22, LONGEST),
        (ago(d2=22), 24, LONGEST),
        (ago(d2=24), 26, LONGEST),
        (ago(d2=26), 28, LONGEST),
        (ago(d2=28), 30, STAGE),
        (ago(d2=40), 20, WEEK),
        (ago(d8=40), 30, STAGE),
        (ago(d2=15), 16, LONGEST),
        (ago(d2=9), 9, LONGEST),
        # The week is full: 60 minutes in the last six days, the stage's own week is 60.
        (ago(d2=20, d4=20, d6=20), 0, WEEK),
        (ago(d2=20, d4=20, d6=20, d9=20, d11=20, d13=20), 6, WEEK),
        (ago(d2=22, d4=22, d9=20, d11=20, d13=20), 22, WEEK),
        (ago(d7=30), 30, STAGE),
    ],
)
def test_limit(runs, minutes, by):
    limit = run_limit(runs, TODAY, RULES)
    assert (limit.minutes, limit.by) == (minutes, by)


def test_it_names_the_newest_of_the_longest_runs():
    limit = run_limit(ago(d3=20, d9=20, d12=18), TODAY, RULES)
    assert (limit.longest, limit.longest_on) == (20, TODAY - 3)
    assert (limit.week_so_far, limit.week_limit) == (20, 60)


def test_a_stage_that_allows_less_than_its_own_run_wins():
    assert run_limit({}, TODAY, RunRules(20, 15, 10, 10, 3)).minutes == 15


@examples()
@given(st.dictionaries(st.integers(TODAY - 33, TODAY + 2), st.integers(0, 35), max_size=14))
def test_never_more_than_a_tenth_above_the_longest_and_never_above_the_cap(runs):
    limit = run_limit(runs, TODAY, RULES)
    known = [minutes for day, minutes in runs.items() if TODAY - 30 <= day < TODAY]
    assert 0 <= limit.minutes <= 30
    if known:
        assert limit.minutes <= max(known) * 1.1
        assert limit.minutes <= max(limit.week_limit - limit.week_so_far, 0)
    else:
        assert limit.minutes == 20
