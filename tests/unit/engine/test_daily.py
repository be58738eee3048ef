"""The daily value: notes make a day worse or leave it, and fill in nothing that could look better."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.engine.daily import FILLS_FROM, Note, daily_value, furthest
from programs.engine.decide import decide
from programs.engine.document import CONSTANT_BOUNDS
from programs.engine.entry import Entry, InvalidEntry
from programs.engine.values import (
    DONE_SOMETHING,
    FLOOR_HOLD,
    OUTCOME_RANK,
    REFER_RANK,
    Leg,
    Occasion,
    SessionKind,
    Site,
)
from tests.unit.engine.build import S2, entry, ready, session
from tests.unit.engine.strategies import snapshots, with_entry
from tests.unit.engine.test_properties import examples

REST, DURING, AFTER, FLARE = Occasion
ANY_SITE = Site.BACK


def noted(*said: tuple[Occasion, int], site: Site = ANY_SITE) -> list[Note]:
    return [Note(occasion, site, score) for occasion, score in said]


# --- at rest ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("check_in", "notes", "day"),
    [
        (2, [], 2),
        (2, [(FLARE, 8)], 5),
        (2, [(REST, 3)], 3),  # 2.5, rounded half up
        (2, [(FLARE, 8), (FLARE, 8)], 6),
        (2, [(FLARE, 8), (REST, 1)], 5),  # the mean of all is 4: a low note lowers nothing
        (2, [(FLARE, 8), (REST, 6), (REST, 0)], 5),
        (4, [(REST, 0), (REST, 1)], 4),
        (0, [(REST, 1)], 1),
        (0, [(FLARE, 10)], 5),
        (10, [(FLARE, 10)], 10),
        (3, [(DURING, 9), (AFTER, 9)], 3),
        (None, [(FLARE, 9), (REST, 0)], None),
    ],
)
def test_pain_at_rest(check_in, notes, day):
    assert daily_value(entry(rest=check_in, **session()), noted(*notes)).rest == day


@given(st.integers(0, 10), st.lists(st.integers(0, 10), max_size=4), st.integers(0, 10))
def test_pain_at_rest_is_at_least_the_check_in_and_the_mean_and_only_grows(score, notes, more):
    def day(scores):
        return daily_value(entry(rest=score), noted(*((REST, one) for one in scores))).rest

    assert max(score, (sum(notes) + score) / (len(notes) + 1) - 0.5) <= day(notes) <= max(score, *notes, 0)
    assert day([*notes, more]) >= day(notes)


# --- in and after a session --------------------------------------------------------------------------
@pytest.mark.parametrize("name,occasion", [("during", DURING), ("after", AFTER)])
@pytest.mark.parametrize(
    ("check_in", "notes", "day"),
    [
        (3, [], 3),
        (3, [2], 3),
        (3, [4, 7, 5], 7),
        (None, [FILLS_FROM - 1], None),
        (None, [FILLS_FROM], FILLS_FROM),
        (None, [2, 9], 9),
        (None, [], None),
    ],
)
def test_a_worst_score_is_the_worst_that_was_said(name, occasion, check_in, notes, day):
    said = entry(rest=1, **session(during=1, after=1) | {name: check_in})
    counted = daily_value(said, noted((REST, 1), *((occasion, score) for score in notes)))
    assert getattr(counted, name) == day
    other = "after" if name == "during" else "during"
    assert getattr(counted, other) == 1


def test_a_score_that_fills_can_complete_no_comfortable_session_in_any_programme():
    assert max(CONSTANT_BOUNDS["red_at"]) <= FILLS_FROM


def test_without_a_session_nothing_is_filled():
    assert daily_value(entry(rest=1, session=None), noted((AFTER, 9))).after is None


@pytest.mark.parametrize("kind", [kind for kind in SessionKind if kind not in DONE_SOMETHING])
@pytest.mark.parametrize("occasion", [DURING, AFTER])
def test_a_note_about_a_session_that_was_not_done_is_refused(kind, occasion):
    with pytest.raises(InvalidEntry, match="none was done") as refused:
        daily_value(Entry(rest=1, session=kind), noted((occasion, 3)))
    assert refused.value.field == "session"


# --- where ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sites", "leg"),
    [
        ([], Leg.NONE),
        ([Site.BACK, Site.BUTTOCK, Site.OTHER], Leg.NONE),
        ([Site.BACK, Site.ABOVE_KNEE], Leg.ABOVE_KNEE),
        ([Site.BELOW_KNEE, Site.ABOVE_KNEE], Leg.BELOW_KNEE),
    ],
)
def test_the_furthest_place(sites, leg):
    assert furthest(sites) is leg


@pytest.mark.parametrize(
    ("check_in", "site", "score", "day"),
    [
        ("none", Site.BELOW_KNEE, 1, Leg.BELOW_KNEE),
        ("none", Site.BELOW_KNEE, 0, Leg.NONE),
        ("none", Site.BACK, 9, Leg.NONE),
        ("above_knee", Site.BELOW_KNEE, 2, Leg.BELOW_KNEE),
        ("below_knee", Site.ABOVE_KNEE, 9, Leg.BELOW_KNEE),
    ],
)
def test_leg_pain_is_the_furthest_of_check_in_and_notes(check_in, site, score, day):
    assert daily_value(entry(rest=1, leg=check_in), noted((REST, score), site=site)).leg is day


def test_a_day_without_a_check_in_stays_missing_and_keeps_its_leg_pain():
    missing = Entry(missing=True, session=None, planned=True)
    counted = daily_value(missing, noted((AFTER, 9), (REST, 8), site=Site.BELOW_KNEE))
    assert counted == replace(missing, leg=Leg.BELOW_KNEE)
    assert not counted.logged


@pytest.mark.parametrize("score", [-1, 11, None, True, 2.5])
def test_a_note_holds_a_score_or_cannot_be_built(score):
    with pytest.raises(InvalidEntry):
        Note(REST, ANY_SITE, score)


# --- what it does to decisions --------------------------------------------------------------------------
def care(snapshot) -> tuple[int, int, bool]:
    decided = decide(snapshot)
    return OUTCOME_RANK[decided.outcome], REFER_RANK[decided.refer], decided.rule == FLOOR_HOLD


notes_near_limits = st.lists(
    st.builds(Note, st.sampled_from(Occasion), st.sampled_from(Site), st.sampled_from([0, 1, 2, 4, 6, 8])),
    min_size=1,
    max_size=4,
)


def _fitting(said: Entry, notes: list[Note]) -> list[Note]:
    """Notes that a page would take: none about a session that was not done."""
    silent = said.missing or said.session is None or said.session in DONE_SOMETHING
    return [note for note in notes if silent or note.occasion in (REST, FLARE)]


@examples()
@given(snapshots(), st.integers(-12, 0), notes_near_limits)
def test_adding_a_note_never_makes_a_decision_less_careful(snapshot, offset, notes):
    """INV-01, INV-03, INV-15: one after the other, on days with and without a check-in."""
    day = snapshot.day + offset
    said = snapshot.entries.get(day, Entry(missing=True, session=None))
    fitting = _fitting(said, notes)
    before = care(snapshot)
    for count in range(1, len(fitting) + 1):
        noted_so_far = with_entry(snapshot, day, daily_value(said, fitting[:count]))
        assert care(noted_so_far) >= before
        before = care(noted_so_far)


def test_a_low_note_does_not_complete_a_session_and_a_red_one_steps_back():
    open_score = ready(S2, {0: session(during=None)})
    said = open_score.entries[open_score.day]
    for score, rule in ((1, "D8O_SCORE_MISSING"), (FILLS_FROM, "D5A_RED_PAIN")):
        counted = daily_value(said, noted((DURING, score)))
        assert decide(with_entry(open_score, open_score.day, counted)).rule == rule
