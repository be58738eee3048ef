"""Three invented runners walk a draft."""

import copy

import pytest

from programs.builder.walk import LONGEST_WALK, RunnerKind, walk_of, walks_of
from programs.engine.document import programme_from_document
from programs.engine.values import Outcome
from programs.library.loader import PROGRAMME
from tests.builders import shipped

KEYS = sorted(shipped().of_kind(PROGRAMME))
TYPICAL, FLARE, SILENT = RunnerKind


def a_document(key: str = "lbp-acute-default") -> dict:
    return copy.deepcopy(shipped().content(PROGRAMME, key))


def walked(kind: RunnerKind, document: dict | None = None):
    return walk_of(programme_from_document(document or a_document(), version=1), 0, kind)


@pytest.mark.parametrize("key", KEYS)
def test_every_shipped_programme_is_walked_to_its_last_stage(key):
    programme = programme_from_document(a_document(key), version=1)
    typical, flare, silent = walks_of(programme, 0)
    assert typical.arrives
    assert flare.arrives
    assert silent.arrives
    assert typical.days < flare.days
    assert typical.days < silent.days


def test_a_good_way_is_as_long_as_the_programme_says():
    """Its summary: 46 days from the first walk at least, most need seven to nine weeks."""
    found = walked(TYPICAL)
    assert 46 <= found.days - found.days_on(0) <= 9 * 7
    assert all(spell.outcome is Outcome.ADVANCE for spell in found.spells)


def test_the_days_of_all_stages_are_the_days_of_the_walk():
    for kind in RunnerKind:
        found = walked(kind)
        assert sum(spell.days for spell in found.spells) == found.days
        assert [spell.first for spell in found.spells] == [
            1 + sum(before.days for before in found.spells[:at]) for at in range(len(found.spells))
        ]


def test_a_painful_session_is_a_step_back():
    found = walked(FLARE)
    backs = [spell for spell in found.spells if spell.outcome is Outcome.STEP_BACK]
    assert [spell.rule for spell in backs] == ["D5A_RED_PAIN"]


def test_whoever_is_silent_is_held_and_comes_back():
    found = walked(SILENT)
    assert found.arrives
    assert found.days >= walked(TYPICAL).days + 16


def test_a_pause_ends_the_walk():
    document = a_document()
    document["engine"]["strikes"]["value"] = 1
    found = walked(FLARE, document)
    assert (found.arrives, found.is_paused, found.stopped_by) == (False, True, "D4D_THREE_STRIKES")


def test_a_confirmation_costs_a_day_or_more_each():
    document = a_document()
    document["sign_off"] = True
    found = walked(TYPICAL, document)
    # Every stage but the easy days, which no confirmation holds.
    assert found.waits == len(document["stages"]) - 2
    assert found.arrives
    assert found.days >= walked(TYPICAL).days + found.waits


def test_where_it_gets_stuck():
    document = a_document()
    document["stages"][3]["criteria"]["q"]["value"] = 0
    document["stages"][3]["criteria"]["min_days"]["value"] = 56
    assert walked(TYPICAL, document).arrives
    programme = programme_from_document(document, version=1)
    # A need that can never be met: the check would refuse it, the walk still ends.
    stuck = [stage for stage in document["stages"] if stage["kind"] == "alternate"][0]
    stuck["criteria"]["need_sessions"]["value"] = 9
    found = walk_of(programme_from_document(document, version=1), 0, TYPICAL)
    assert (found.arrives, found.days, found.stopped_by) == (False, LONGEST_WALK, "D8L_SESSIONS")
    assert programme.stages[found.stopped_on].key == "S3_run1_walk4"


def test_it_may_begin_at_any_stage():
    programme = programme_from_document(a_document(), version=1)
    found = walk_of(programme, programme.floor, TYPICAL)
    assert found.spells[0].stage == programme.floor
    assert found.days == walked(TYPICAL).days - walked(TYPICAL).days_on(0)
