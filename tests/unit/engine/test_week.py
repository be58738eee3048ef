"""Wishes take sessions out of the plan and never put one in; the week ahead is the plan, day by day."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.engine.entry import Entry
from programs.engine.plan import PlanKind, plan_for, week_ahead
from programs.engine.week import ANY_DAY, DaysFault, Wishes, fault_of_days, weekday_of
from tests.unit.engine.build import PROGRAMME, S0, S2, S3, S8, TODAY, ready, resting, session
from tests.unit.engine.strategies import snapshots
from tests.unit.engine.test_properties import examples

RUN, REST = PlanKind.SESSION, PlanKind.REST_DAY
NOT_TODAY = Wishes(frozenset({1, 2, 3, 4, 5, 6, 7}) - {weekday_of(TODAY)})
wishes = st.builds(
    Wishes,
    st.frozensets(st.integers(1, 7), max_size=4),
    st.dictionaries(st.integers(TODAY - 1, TODAY + 8), st.booleans(), max_size=5),
)


def kinds(snapshot, wish=ANY_DAY, days=7):
    return [plan.kind for plan in week_ahead(snapshot, wish, days)]


@pytest.mark.parametrize(
    ("wish", "wants"),
    [
        (ANY_DAY, True),
        (Wishes(frozenset({weekday_of(TODAY)})), True),
        (NOT_TODAY, False),
        (Wishes(NOT_TODAY.weekdays, {TODAY: True}), True),
        (Wishes(frozenset(), {TODAY: False}), False),
        (Wishes(frozenset(), {TODAY + 1: False}), True),
    ],
)
def test_a_choice_for_a_date_comes_before_the_usual_days(wish, wants):
    assert wish.wants(TODAY) is wants
    fresh = replace(ready(S3), entries={})
    plan = plan_for(fresh, wish)
    assert plan.kind is (RUN if wants else REST)
    assert wants or plan.why == "You chose other days to run. Today is a rest day."


def test_walks_do_not_wait_for_running_days():
    assert plan_for(ready(S2), NOT_TODAY).kind is RUN


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (set(), None),
        ({1, 3, 5}, None),
        ({1, 3, 5, 7}, DaysFault.TOO_CLOSE),
        ({2, 4, 7}, None),
        ({1, 2, 5}, DaysFault.TOO_CLOSE),
        ({1, 4, 7}, DaysFault.TOO_CLOSE),
        ({1, 3}, DaysFault.TOO_FEW),
        ({1, 2, 3, 4, 5}, DaysFault.TOO_MANY),
    ],
)
def test_weekdays_fit_the_stage_or_say_why_not(days, fault):
    stage = replace(PROGRAMME.stages[S8], per_week=4)
    assert fault_of_days(stage, frozenset(days), fewest=3) is fault


def test_four_days_fit_where_no_rest_day_is_needed_between():
    stage = replace(PROGRAMME.stages[S2], per_week=4, days_between=0)
    assert fault_of_days(stage, frozenset({1, 2, 3, 4}), fewest=3) is None


def test_the_week_ahead_keeps_a_rest_day_between_runs():
    assert kinds(replace(ready(S3), entries={})) == [RUN, REST, RUN, REST, RUN, REST, RUN]


def test_what_was_reported_of_today_is_not_guessed_again():
    fresh = ready(S3, {0: {"session": "skipped"}, -1: {"session": "none"}})
    assert kinds(fresh, days=2) == [RUN, RUN]
    planned = Entry(missing=True, session=None, planned=True)
    assert kinds(replace(fresh, entries={**fresh.entries, TODAY: planned}), days=2) == [RUN, REST]
    unsaid = ready(S3, {0: {"session": None}, -1: {"session": "none"}})
    assert kinds(unsaid, days=2) == [RUN, REST]
    done = ready(S3, {0: session(), -1: {"session": "none"}})
    assert kinds(done, days=2) == [RUN, REST]


def test_relative_rest_ends_in_the_week_ahead_too():
    assert kinds(resting(1), days=3)[-1] is RUN
    assert week_ahead(resting(1), days=3)[-1].stage > S0


def test_a_session_moved_to_tomorrow_moves_the_days_after_it():
    fresh = replace(ready(S3), entries={})
    wish = Wishes(frozenset(), {TODAY: False})
    assert kinds(fresh, wish, 4) == [REST, RUN, REST, RUN]


@examples()
@given(snapshots(), wishes)
def test_wishes_never_allow_more_than_the_plan(snapshot, wish):
    plain, wished = plan_for(snapshot), plan_for(snapshot, wish)
    assert wished == plain or (plain.has_session and not wished.has_session)


@examples()
@given(snapshots(), wishes)
def test_the_week_ahead_never_breaks_the_spacing_or_the_number_of_runs(snapshot, wish):
    stage = snapshot.programme.stages[snapshot.state.stage]
    days = [plan.has_session for plan in week_ahead(snapshot, wish, 14)]
    if stage.is_running:
        assert not any(first and second for first, second in zip(days[1:], days[2:], strict=False))
        assert all(sum(days[start : start + 7]) <= stage.per_week + 1 for start in range(1, 7))
