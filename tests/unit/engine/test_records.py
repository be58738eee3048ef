"""INV-14: from the stored inputs the same decision comes out, to the letter."""

import json
from dataclasses import replace

import pytest

from programs.engine.decide import decide
from programs.engine.entry import Entry, InvalidEntry
from programs.engine.records import (
    digest,
    entry_from_json,
    entry_to_json,
    snapshot_from_json,
    snapshot_to_json,
    state_from_json,
    state_to_json,
)
from programs.engine.snapshot import Contacts
from tests.unit.engine.build import PROGRAMME, S3, TODAY, entry, flags, missing, ready, session

FULL = {"step_backs": (-40, -30), "easy_until": 1, "hold_until": 3, "refer": "urgent"}
ENTRIES = [
    (entry(), {"session": "none"}),
    (entry(morning=0, rest=0), {"session": "none", "morning": 0, "rest": 0}),
    (entry(session=None), {}),
    (entry(session=None, planned=True), {"planned": True}),
    (entry(**missing(planned=True)), {"missing": True, "planned": True}),
    (Entry(missing=True), {"session": "none", "missing": True}),
    (
        entry(rest=3, leg="below_knee", red_flags=("THORACIC", "NEW")),
        {"session": "none", "rest": 3, "leg": "below_knee", "red_flags": ["THORACIC", "NEW"]},
    ),
    (
        entry(**session("partial", 0, 7, warmup="resolved", limp=True, stage_shown="S2_core")),
        {
            "session": "partial",
            "during": 0,
            "after": 7,
            "warmup": "resolved",
            "limp": True,
            "stage_shown": "S2_core",
        },
    ),
]


def through_text(stored: dict) -> dict:
    """As a database gives it back: keys in another order."""
    return json.loads(json.dumps(stored, sort_keys=True))


@pytest.mark.parametrize(("made", "stored"), ENTRIES)
def test_an_entry_is_stored_as_plain_words_without_what_was_not_recorded(made, stored):
    assert entry_to_json(made) == stored
    assert entry_from_json(through_text(stored)) == made


@pytest.mark.parametrize(
    "stored", [{"session": "jog"}, {"leg": "knee"}, {"warmup": "cold"}, {"rest": 11}, {"during": 3}]
)
def test_stored_values_that_are_not_accepted_are_refused(stored):
    with pytest.raises(ValueError):
        entry_from_json(stored)


def test_a_refused_score_names_its_place():
    with pytest.raises(InvalidEntry) as refused:
        entry_from_json({"rest": 11})
    assert refused.value.field == "rest"


@pytest.mark.parametrize("snapshot", [ready(S3, **FULL), ready(baseline=None, intake=None)])
def test_a_state_comes_back_as_it_was(snapshot):
    assert state_from_json(through_text(state_to_json(snapshot.state))) == snapshot.state


def test_a_state_is_stored_with_dates_in_plain_words():
    assert state_to_json(ready(S3, **FULL).state) == {
        "stage": 3,
        "entered": "2026-02-20",
        "started": "2026-02-10",
        "baseline": 2,
        "intake": 6,
        "refer": "urgent",
        "step_backs": ["2026-01-21", "2026-01-31"],
        "cooldown_until": "2026-03-03",
        "hold": {"until": "2026-03-05", "name": "Ana Ruiz", "reason": "back from a cold"},
    }


def test_an_empty_state_stores_nothing_as_null():
    stored = state_to_json(ready(baseline=None).state)
    assert (stored["baseline"], stored["cooldown_until"], stored["hold"]) == (None, None, None)


SNAPSHOTS = [
    ready(),
    ready(S3, {0: session(during=6)}, **{**FULL, "refer": "none"}),
    ready(days={0: flags("NEW_CODE"), -1: missing(planned=True), -2: None}),
    ready(stage_set=True, cleared=True),
    replace(ready(), contacts=Contacts("112", "the out-of-hours doctor")),
]


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_a_snapshot_comes_back_and_is_decided_to_the_letter(snapshot):
    stored = through_text(snapshot_to_json(snapshot))
    again = snapshot_from_json(stored, PROGRAMME)
    assert again == snapshot
    assert snapshot_to_json(again) == stored
    first, second = decide(snapshot), decide(again)
    assert (first.row, first.refer, first.stage_after) == (second.row, second.refer, second.stage_after)
    assert (first.reason, first.criteria) == (second.reason, second.criteria)


def test_a_snapshot_names_its_programme_days_acts_and_contacts():
    stored = snapshot_to_json(ready(stage_set=True))
    assert stored["programme"] == {"key": "lbp-acute-default", "version": 1}
    assert (stored["day"], stored["first_day"]) == ("2026-03-02", "2026-01-01")
    assert stored["stage_set"] == {"name": "Ana Ruiz", "reason": "we agreed on this step"}
    assert stored["cleared"] is None
    assert stored["contacts"] == {"emergency_number": "999", "urgent_service": "NHS 111 or your GP"}
    assert list(stored["entries"])[-1] == "2026-03-02"
    assert list(stored["entries"]) == sorted(stored["entries"])


def test_later_entries_are_not_stored():
    snapshot = ready()
    later = replace(snapshot, entries={**snapshot.entries, TODAY + 1: entry(rest=9)})
    assert snapshot_to_json(later) == snapshot_to_json(snapshot)


def test_the_digest_does_not_depend_on_order():
    stored = snapshot_to_json(ready())
    turned = dict(reversed(stored.items()))
    turned["entries"] = dict(reversed(stored["entries"].items()))
    assert digest(turned) == digest(stored)


def test_every_input_changes_the_digest():
    stored = snapshot_to_json(ready())
    changed = [
        snapshot_to_json(snapshot)
        for snapshot in (
            ready(days={-50: {"rest": 2}}),
            ready(days={-50: {"rest": 0}}),
            ready(days={-50: {"rest": None}}),
            ready(days={-50: None}),
            ready(baseline=1),
            ready(intake=5),
            ready(hold_until=-20),
            ready(first=-59),
            replace(ready(), programme=replace(PROGRAMME, version=2)),
        )
    ]
    assert len({digest(one) for one in [stored, *changed]}) == 1 + len(changed)


def test_the_digest_is_the_same_in_years_to_come():
    """A change here breaks every stored hash: raise the engine version and say so."""
    stored = {"b": [1, None, "é“"], "a": {"z": 0, "y": True}}
    assert digest(stored) == "d06e9b707adbaa8572db9f826f4fc73703c44e40943944e1b3afeadd324fd8eb"


def test_a_confirmation_is_kept_with_the_inputs_and_nothing_is_kept_where_there_is_none():
    given, without = ready(signed_off=True), ready()
    assert snapshot_from_json(snapshot_to_json(given), PROGRAMME) == given
    assert "signed_off" not in snapshot_to_json(without)
