"""What a ledger keeps in short is read back to the letter, and what does not fit has no short form."""

import dataclasses
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.engine import packed_criteria, packed_entries
from programs.engine.criteria import Criterion, Status
from programs.engine.entry import Entry, InvalidEntry
from programs.engine.records import entry_to_json
from programs.engine.values import Leg, SessionKind, Warmup

DAY = 739_000
score = st.none() | st.integers(0, 10)
stages = st.sampled_from((None, "", "S1_walking", "S3_run1_walk4", "own.stage-2"))


@st.composite
def entries(draw) -> Entry:
    values = {
        "morning": draw(score),
        "rest": draw(score),
        "session": draw(st.none() | st.sampled_from(SessionKind)),
        "during": draw(score),
        "after": draw(score),
        "warmup": draw(st.sampled_from(Warmup)),
        "limp": draw(st.booleans()),
        "leg": draw(st.sampled_from(Leg)),
        "red_flags": draw(st.sampled_from(((), ("CE_SADDLE",), ("CE_SADDLE", "FEVER_UNWELL")))),
        "missing": draw(st.booleans()),
        "planned": draw(st.booleans()),
        "stage_shown": draw(stages),
    }
    try:
        return Entry(**values)
    except InvalidEntry:
        return Entry(morning=values["morning"], leg=values["leg"], stage_shown=values["stage_shown"])


@given(st.lists(entries(), max_size=30))
def test_entries_are_read_back_as_they_were(made):
    days = list(enumerate(made, start=DAY))
    short = packed_entries.packed(days)
    stored = packed_entries.entries_from(short)
    assert list(stored.values()) == [entry_to_json(entry) for entry in made]


def test_entries_that_do_not_fit_have_no_short_form():
    assert packed_entries.packed([(DAY, Entry(stage_shown="a stage with spaces"))]) is None
    assert packed_entries.packed([(DAY, Entry(red_flags=("ONE FLAG",)))]) is None
    assert packed_entries.entries_from({"2026-03-16": {"rest": 0}}) == {"2026-03-16": {"rest": 0}}


@pytest.mark.parametrize("stored", ["20260316", "2026031612d11n-n--", "20260316xxd11n-n--@S1", "hello"])
def test_what_is_no_entry_is_not_read(stored):
    with pytest.raises((ValueError, KeyError)):
        packed_entries.entries_from(stored)


numbers = st.integers(0, 400)


@given(st.sampled_from(packed_criteria.PATTERNS), st.sampled_from(Status), st.data())
def test_criteria_are_read_back_as_they_were(pattern, status, data):
    code, *words, place = pattern
    text, value, limit = (
        "".join(str(data.draw(numbers)) if letter == "#" else letter for letter in part) for part in words
    )
    criterion = Criterion(code, status, text, value, limit, place)
    said = {name: getattr(criterion, name) for name in ("code", "text", "value", "limit", "place")}
    assert packed_criteria.unpacked(criterion.packed) == {**said, "status": status.value}


def test_a_criterion_in_other_words_has_no_short_form():
    known = packed_criteria.unpacked("16m")
    criterion = Criterion(**{**known, "status": Status.MET})
    assert criterion.packed == "16m"
    assert dataclasses.replace(criterion, text="No pause and no red flag at all").packed is None
    assert dataclasses.replace(criterion, place="elsewhere").packed is None


@pytest.mark.parametrize("stored", ["16x", "999m", "16m3", "2n3", "", "no_pause"])
def test_what_is_no_criterion_is_not_read(stored):
    with pytest.raises(ValueError, match=r"criterion|numbers"):
        packed_criteria.unpacked(stored)


def test_criteria_are_read_however_they_are_kept():
    in_full = [packed_criteria.unpacked("16m"), packed_criteria.unpacked("2n3.4.5")]
    assert packed_criteria.criteria_from("16m 2n3.4.5") == in_full
    assert packed_criteria.criteria_from(in_full) == in_full
    assert packed_criteria.criteria_from("") == []


def test_patterns_are_only_ever_added():
    """What was said with a pattern is said for ever: new words are a new pattern at the end."""
    first = packed_criteria.PATTERNS[:29]
    assert hashlib.sha256(repr(first).encode()).hexdigest()[:16] == "9a1a53985ce26c9e"
    assert len(set(packed_criteria.PATTERNS)) == len(packed_criteria.PATTERNS)
    assert first[0] == ("score_today", "Pain at rest is recorded today", "#/#", "recorded", "")
    assert first[8][2] == "not recorded, # of # scores not recorded"
    assert first[28] == ("signed_off", "A physiotherapist confirms the next step", "not yet", "confirmed", "")
