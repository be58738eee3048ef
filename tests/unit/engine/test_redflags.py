"""The red-flag table of ``docs/engine.md`` section 3, written out a second time by hand."""

import pytest

from programs.engine.redflags import RED_FLAGS, first_at, is_code, label_of, level_of
from programs.engine.values import Refer
from tests.unit.engine.build import decided, flags, ready

LEVELS = {
    "CE_SADDLE": "emergency",
    "CE_BLADDER": "emergency",
    "CE_BOWEL": "emergency",
    "CE_SEXUAL": "emergency",
    "CE_BILATERAL_LEG": "emergency",
    "LEG_WEAK_BOTH": "emergency",
    "LEG_WEAK_ONE": "urgent",
    "CHEST_PAIN": "emergency",
    "MAJOR_TRAUMA": "emergency",
    "FRACTURE_RISK": "urgent",
    "FEVER_UNWELL": "urgent",
    "INFECTION_RISK": "urgent",
    "CANCER_HISTORY": "urgent",
    "WEIGHT_LOSS": "urgent",
    "NIGHT_CONSTANT": "urgent",
    "LUMP_DEFORMITY": "urgent",
    "THORACIC": "urgent",
    "COUGH_WORSE": "urgent",
    "BSI_SUSPECT": "urgent",
}
STARRED = {"CE_SADDLE", "CE_BLADDER", "CE_BOWEL", "CE_BILATERAL_LEG", "LEG_WEAK_ONE", "FEVER_UNWELL"}


def test_codes_and_levels():
    assert {code: flag.level.value for code, flag in RED_FLAGS.items()} == LEVELS


def test_the_six_asked_every_day():
    assert {code for code, flag in RED_FLAGS.items() if flag.daily} == STARRED


@pytest.mark.parametrize("code", LEVELS)
def test_each_code_pauses_at_its_level_and_has_words(code):
    rule = {"emergency": "D1_EMERGENCY", "urgent": "D2_URGENT"}[LEVELS[code]]
    snapshot = ready(days={0: flags(code)})
    assert decided(snapshot) == (rule, "pause_and_refer", LEVELS[code], 0)
    assert label_of(code) == RED_FLAGS[code].label
    assert RED_FLAGS[code].label[0].islower()
    assert "_" not in label_of(code)


def test_an_unknown_code_is_urgent_and_names_itself():
    assert level_of("NEVER_SEEN") is Refer.URGENT
    assert label_of("NEVER_SEEN") == "NEVER_SEEN"


@pytest.mark.parametrize(("text", "is_one"), [("NEVER_SEEN", True), ("X1", True), ("x", False), ("", False)])
def test_a_code_is_known_by_its_form(text, is_one):
    assert is_code(text) is is_one
    assert is_code(f"{text} <b>") is False


def test_first_code_of_a_level():
    codes = ("THORACIC", "CE_BOWEL", "WEIGHT_LOSS", "CE_SADDLE")
    assert first_at(codes, Refer.EMERGENCY) == "CE_BOWEL"
    assert first_at(codes, Refer.URGENT) == "THORACIC"
    assert first_at(codes, Refer.ROUTINE) is None
    assert first_at((), Refer.URGENT) is None
