"""What a close stores of the inputs of a decision on which somebody acted."""

import json

from programs.engine.packed_entries import entries_from
from programs.engine.records import digest, snapshot_to_json
from programs.services.closing import inputs
from tests.unit.engine.build import ready

SNAPSHOT = ready(stage_set=True)
IN_FULL = snapshot_to_json(SNAPSHOT)


def test_entries_are_stored_in_short_under_the_hash_of_what_they_say_in_full():
    text, hashed = inputs.inputs_with_acts(SNAPSHOT)
    stored = json.loads(text)
    assert isinstance(stored["entries"], str)
    assert {**stored, "entries": entries_from(stored["entries"])} == IN_FULL
    assert hashed == digest(IN_FULL)


def test_a_short_form_that_says_less_is_not_used(monkeypatch):
    """As it would be if an entry had something for which there is no letter yet."""
    monkeypatch.setattr(inputs, "packed", lambda entries: "20260316-1---n-n--~")
    text, _hashed = inputs.inputs_with_acts(SNAPSHOT)
    assert json.loads(text) == IN_FULL
