"""What a draft would have decided otherwise: the pure part, on invented diaries."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.builder.impact import Effect, PersonsAct, Stretch, numbers_of, parting
from programs.engine.document import programme_from_document
from programs.engine.entry import Entry
from programs.engine.simulate import Simulation, initial_state, simulate
from programs.engine.values import SessionKind
from programs.library.loader import PROGRAMME
from programs.selectors.impact import EFFECTS
from tests.builders import shipped

FIRST, LAST = 1000, 1027
DONE, NONE = SessionKind.DONE, SessionKind.NONE
QUIET = Entry(morning=1, rest=1, session=NONE)


def a_run(score: int = 1) -> Entry:
    return Entry(morning=1, rest=1, session=DONE, during=score, after=1)


def a_document() -> dict:
    return copy.deepcopy(shipped().content(PROGRAMME, "lbp-acute-default"))


NOW = programme_from_document(a_document(), version=1)


def a_draft(**of_run1):
    """The draft with other criteria for the stage "Run 1, walk 4"."""
    document = a_document()
    for name, value in of_run1.items():
        document["stages"][3]["criteria"][name]["value"] = value
    return programme_from_document(document, version=2)


def a_stretch(entries=None, *, stage: int = 3, **given) -> Stretch:
    every_other = {day: a_run() if day % 2 else QUIET for day in range(FIRST - 21, LAST + 1)}
    state = initial_state(NOW, stage, FIRST, baseline=1, intake=5)
    whole = {"first": FIRST, "last": LAST, "first_day": FIRST - 21, **given}
    return Stretch(NOW, state, entries=every_other | (entries or {}), **whole)


def test_the_same_programme_decides_the_same():
    assert parting(a_stretch(), NOW).effect is Effect.NONE
    assert parting(a_stretch(), programme_from_document(a_document(), version=2)).effect is Effect.NONE


def test_more_days_on_a_stage_move_her_on_later():
    found = parting(a_stretch(), a_draft(min_days=9))
    # The seventh day; before it both hold for the same reason.
    assert (found.effect, found.rule_now, found.rule_draft) == (Effect.LATER, "D9A_ADVANCE", "D8J_MIN_DAYS")
    assert (found.day, found.stage) == (FIRST + 6, "S3_run1_walk4")
    assert not found.is_less_careful
    assert "at least 9" in found.reason_draft


def test_fewer_days_move_her_on_earlier():
    found = parting(a_stretch(), a_draft(min_days=5, need_sessions=2))
    assert (found.effect, found.rule_now, found.rule_draft) == (Effect.EARLIER, "D8J_MIN_DAYS", "D9A_ADVANCE")
    assert found.is_less_careful


def test_a_lower_red_limit_steps_back_where_nothing_happens_now():
    document = a_document()
    document["engine"]["red_at"]["value"] = 5
    document["stages"][1]["criteria"]["q"]["value"] = 4
    draft = programme_from_document(document, version=2)
    found = parting(a_stretch({FIRST + 1: a_run(5)}), draft)
    assert (found.effect, found.day, found.rule_draft) == (Effect.STEP_BACK, FIRST + 1, "D5A_RED_PAIN")
    back = parting(replace(a_stretch({FIRST + 1: a_run(5)}), programme=draft), NOW)
    assert (back.effect, back.is_less_careful) == (Effect.NO_STEP_BACK, True)


def test_fewer_strikes_pause_where_she_steps_back_now():
    document = a_document()
    document["engine"]["strikes"]["value"] = 1
    draft = programme_from_document(document, version=2)
    stretch = a_stretch({FIRST + 1: a_run(8)})
    assert parting(stretch, draft).effect is Effect.PAUSED
    assert parting(replace(stretch, programme=draft), NOW).effect is Effect.NOT_PAUSED


def test_another_rule_with_the_same_outcome_is_only_another_reason():
    amber = {day: a_run(3) for day in range(FIRST - 21, LAST + 1) if day % 2}
    document = a_document()
    for stage in document["stages"][2:-1]:
        stage["criteria"]["min_days"]["value"] = 20
    found = parting(a_stretch(amber), programme_from_document(document, version=2))
    assert found.effect is Effect.REASON
    assert (found.rule_now, found.rule_draft) == ("D8L_SESSIONS", "D8J_MIN_DAYS")


def test_a_stage_that_the_draft_has_not_is_an_answer_of_its_own():
    document = a_document()
    del document["stages"][3]
    found = parting(a_stretch(), programme_from_document(document, version=2))
    assert (found.effect, found.day, found.stage) == (Effect.NO_STAGE, FIRST, "S3_run1_walk4")


def test_a_person_put_her_on_a_stage_that_the_draft_has_not():
    document = a_document()
    gone = document["stages"].pop(5)["key"]
    stretch = a_stretch(stage=1, acts={FIRST + 2: PersonsAct(stage=gone)})
    found = parting(stretch, programme_from_document(document, version=2))
    assert (found.effect, found.day, found.stage) == (Effect.NO_STAGE, FIRST + 2, gone)


def test_a_stage_put_in_before_hers_changes_nothing_for_her():
    document = a_document()
    document["stages"].insert(2, document["stages"][2] | {"key": "S2_more"})
    draft = programme_from_document(document, version=2)
    assert draft.positions["S3_run1_walk4"] == 4
    assert parting(a_stretch(), draft).effect is Effect.NONE


def test_a_stage_put_in_after_hers_is_where_she_would_go():
    document = a_document()
    document["stages"].insert(4, document["stages"][3] | {"key": "S3_more"})
    found = parting(a_stretch(), programme_from_document(document, version=2))
    assert found.effect is Effect.OTHER
    assert found.rule_now == found.rule_draft == "D9A_ADVANCE"


def test_acts_of_persons_are_events_in_both():
    held = {FIRST: PersonsAct(hold_until=LAST)}
    assert parting(a_stretch(acts=held), a_draft(min_days=5)).effect is Effect.NONE
    moved = {FIRST + 5: PersonsAct(stage="S4_run2_walk3")}
    assert parting(a_stretch(acts=moved), a_draft(min_days=9)).effect is Effect.NONE


def test_a_step_that_waits_for_a_person():
    document = a_document()
    document["sign_off"] = True
    draft = programme_from_document(document, version=2)
    found = parting(a_stretch(), draft)
    assert (found.effect, found.rule_draft) == (Effect.LATER, "D8P_SIGN_OFF")
    confirmed = a_stretch(signed_off=True, last=FIRST + 8)
    assert parting(confirmed, draft).effect is Effect.NONE
    acts = {FIRST + 6: PersonsAct(sign_off=True)}
    assert parting(a_stretch(acts=acts, last=FIRST + 8), draft).effect is Effect.NONE


def test_shorter_easy_days_show_once_they_are_over():
    document = a_document()
    document["engine"]["cooldown_days"]["value"] = 4
    draft = programme_from_document(document, version=2)
    found = parting(a_stretch({FIRST + 1: a_run(8)}), draft)
    # Both step back on the same day and part only where the easy days of one are over.
    assert found.effect is not Effect.NONE
    assert found.day > FIRST + 1


def test_numbers_come_in_the_order_of_care():
    stretches = [a_stretch(), a_stretch(stage=1), a_stretch()]
    counted = numbers_of(parting(one, a_draft(min_days=5)) for one in stretches)
    assert sum(counted.values()) == len(stretches)
    assert list(counted) == [effect for effect in Effect if effect in counted]


# --- nothing is left out by asking once -----------------------------------------------------
_ENTRIES = st.one_of(
    st.none(),
    st.builds(
        lambda kind, score, morning: Entry(
            morning=morning,
            rest=min(score, 5),
            session=kind,
            during=score if kind is DONE else None,
            after=score if kind is DONE else None,
        ),
        st.sampled_from([DONE, DONE, NONE]),
        st.sampled_from([0, 1, 1, 2, 3, 6, 7]),
        st.sampled_from([0, 1, 1, 2, 3, 6]),
    ),
)
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "min_days": st.integers(3, 9),
        "need_sessions": st.integers(2, 5),
        "q": st.integers(0, 4),
        "min_logged": st.integers(3, 7),
    },
)


def _whole(stretch: Stretch, programme) -> list[tuple]:
    key = stretch.programme.stages[stretch.state.stage].key
    start = replace(stretch.state, stage=programme.positions[key])
    walk = Simulation(programme, start, stretch.entries, FIRST, LAST, first_day=stretch.first_day)
    return [
        (d.day, d.decision.outcome, d.decision.refer, d.decision.stage_after_key, d.decision.rule)
        for d in simulate(walk)
    ]


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(_ENTRIES, min_size=49, max_size=49),
    stage=st.integers(1, 5),
    changes=_CHANGES,
    strikes=st.integers(1, 3),
)
def test_it_is_the_first_day_on_which_two_whole_walks_part(days, stage, changes, strikes):
    entries = {FIRST - 21 + at: entry for at, entry in enumerate(days) if entry is not None}
    draft = a_draft(**changes)
    draft = replace(draft, constants=replace(draft.constants, strikes=strikes))
    state = initial_state(NOW, stage, FIRST, baseline=1, intake=5)
    stretch = Stretch(NOW, state, FIRST, LAST, entries, FIRST - 21)
    pairs = list(zip(_whole(stretch, NOW), _whole(stretch, draft), strict=True))
    outcomes = [now[0] for now, then in pairs if now[1:4] != then[1:4]]
    found = parting(stretch, draft)
    if outcomes:
        assert found.day == outcomes[0]
        assert found.effect not in (Effect.NONE, Effect.REASON)
    else:
        reasons = [now[0] for now, then in pairs if now != then]
        assert (found.effect, found.day) == ((Effect.REASON, reasons[0]) if reasons else (Effect.NONE, None))


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_words(effect):
    assert EFFECTS[effect].label
