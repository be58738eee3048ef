"""INV-21: an entry that contradicts itself is refused, never repaired."""

import pytest

from programs.engine.entry import NOTHING, Entry, InvalidEntry, Nprs
from programs.engine.values import Leg, Refer, SessionKind, Warmup, worse_refer
from tests.unit.engine.build import entry, session

DONE = SessionKind.DONE
NO_SESSION = (None, SessionKind.NONE, SessionKind.SKIPPED, SessionKind.SKIPPED_PAIN)


@pytest.mark.parametrize("score", range(11))
def test_whole_numbers_from_0_to_10_are_scores(score):
    assert Nprs(score) == score
    assert entry(rest=score, morning=score, **session(during=score, after=score)).rest == score


@pytest.mark.parametrize("score", [-1, 11, 2.5, 2.0, "2", True, False])
@pytest.mark.parametrize("name", ["morning", "rest", "during", "after"])
def test_anything_else_is_refused_and_names_its_place(name, score):
    with pytest.raises(InvalidEntry, match=f"^{name}: a score is a whole number 0-10, not ") as refused:
        Entry(session=DONE, **{name: score})
    assert refused.value.field == name


@pytest.mark.parametrize("score", [-1, 11, 1.0, True, None])
def test_a_score_that_is_none_cannot_exist(score):
    with pytest.raises(InvalidEntry, match="whole number 0-10") as refused:
        Nprs(score)
    assert refused.value.field == "score"


@pytest.mark.parametrize("kind", [SessionKind.DONE, SessionKind.PARTIAL, SessionKind.STOPPED_PAIN])
def test_what_was_felt_in_a_session_belongs_to_a_session(kind):
    made = Entry(session=kind, during=3, after=0, warmup=Warmup.RESOLVED, limp=True)
    assert made.has_session
    assert made.was_planned


@pytest.mark.parametrize("kind", NO_SESSION)
@pytest.mark.parametrize(
    ("name", "value"), [("during", 0), ("after", 0), ("warmup", Warmup.RESOLVED), ("limp", True)]
)
def test_without_a_session_it_is_refused(kind, name, value):
    with pytest.raises(InvalidEntry, match=f"^{name} is given but no session was done") as refused:
        Entry(session=kind, **{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize("kind", NO_SESSION)
def test_without_a_session_the_defaults_are_accepted(kind):
    made = Entry(session=kind, warmup=Warmup.NONE, limp=False)
    assert not made.has_session


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("session", "done"),
        ("session", "jog"),
        ("warmup", "resolved"),
        ("warmup", None),
        ("leg", "below_knee"),
        ("leg", None),
        ("limp", None),
        ("limp", 1),
        ("missing", 1),
        ("missing", None),
        ("planned", None),
        ("red_flags", ["CE_SADDLE"]),
        ("red_flags", "CE_SADDLE"),
        ("red_flags", None),
    ],
)
def test_a_word_of_the_wrong_kind_is_refused(name, value):
    with pytest.raises(InvalidEntry, match=f"^{name}: .* is not accepted") as refused:
        Entry(**{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize(
    "said",
    [
        {"morning": 0},
        {"rest": 0},
        {"session": DONE},
        {"session": SessionKind.SKIPPED},
        {"red_flags": ("CE_SADDLE",)},
    ],
)
def test_a_missing_day_holds_no_answers(said):
    with pytest.raises(InvalidEntry, match="a missing day cannot hold answers") as refused:
        Entry(missing=True, **said)
    assert refused.value.field == "missing"


def test_a_missing_day_may_hold_leg_pain_of_a_note_and_stays_missing():
    made = Entry(missing=True, session=None, leg=Leg.BELOW_KNEE)
    assert made.below_knee
    assert not made.logged


@pytest.mark.parametrize("kind", [None, SessionKind.NONE])
@pytest.mark.parametrize("planned", [True, False])
def test_a_missing_day_may_say_whether_a_session_was_planned(kind, planned):
    made = Entry(missing=True, session=kind, planned=planned)
    assert made.was_planned is planned
    assert not made.logged


@pytest.mark.parametrize(
    ("kind", "planned", "counts"),
    [
        ("none", False, False),
        ("none", True, False),
        ("skipped", True, False),
        ("skipped_pain", False, True),
        ("done", False, True),
        ("partial", False, True),
        ("stopped_pain", False, True),
        (None, True, True),
        (None, False, False),
    ],
)
def test_planned_session(kind, planned, counts):
    made = entry(rest=1, session=kind, planned=planned)
    assert made.was_planned is counts
    assert made.logged


def test_a_date_without_anything_is_a_missing_day_without_a_plan():
    assert not NOTHING.logged
    assert not NOTHING.was_planned
    assert NOTHING.rest is None


@pytest.mark.parametrize("first", Refer)
@pytest.mark.parametrize("second", Refer)
def test_the_more_pressing_of_two_levels(first, second):
    order = ["none", "routine", "urgent", "emergency"]
    assert worse_refer(first, second) == max((first, second), key=lambda level: order.index(level.value))
