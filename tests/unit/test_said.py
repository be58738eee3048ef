"""What the engine says is stored in English and said in the reader's language, with exactly its values."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import stored
from programs.engine import criteria, plan
from programs.engine.reasons import REFER_WORDS, TEXTS, plain_date
from programs.engine.redflags import RED_FLAGS
from programs.said import PATTERNS, PHRASES, SHAPES, WHEN, said, said_document

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Place -> what a rule may fill in there.
VALUES = {
    "name": st.sampled_from(["Dr Ada Ames", "李医生", "Petra"]),
    "why": st.sampled_from(["a holiday", "Knee hurts; see me.", "再等一周"]),
    "here": st.sampled_from(["Gentle walking", "Run 1, walk 4"]),
    "stage": st.sampled_from(["Gentle walking", "Run 1, walk 4", "A step that a clinic wrote"]),
    "flag": st.sampled_from([flag.label for flag in RED_FLAGS.values()]),
    "refer": st.sampled_from(list(REFER_WORDS.values())),
    "when": st.sampled_from(WHEN),
    "emergency_number": st.sampled_from(["999", "112", "+44999"]),
    "urgent_service": st.sampled_from(["NHS 111 or your GP", "the out-of-hours service 116 117 or your GP"]),
    "until": st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(lambda day: plain_date(day.toordinal())),
    "date": st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(lambda day: plain_date(day.toordinal())),
    "mean": st.sampled_from(["4", "4.3", "10"]),
    "goal": st.sampled_from(["", ": 30 minutes, 3 times a week"]),
    "delta": st.integers(2, 10).map(str),
    "newest": st.sampled_from(["3/10", "not recorded"]),
}
NUMBER = st.integers(0, 120).map(str)


def places(pattern: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", pattern))


@st.composite
def made(draw):
    """A pattern, what is filled in, and the text that is stored."""
    pattern = draw(st.sampled_from([pattern for pattern in PATTERNS if places(pattern)]))
    values = {name: draw(VALUES.get(name, NUMBER)) for name in sorted(places(pattern))}
    return pattern, values, pattern.format_map(values)


@settings(max_examples=400, deadline=None)
@given(made())
def test_a_stored_text_is_matched_with_exactly_its_values(found):
    pattern, values, text = found
    assert stored.match(text, PATTERNS, SHAPES) == (pattern, values)


@settings(max_examples=200, deadline=None)
@given(made())
def test_what_was_filled_in_is_still_there_in_another_language(found):
    pattern, values, text = found
    with translation.override("zh-hans"):
        words = said(text)
    assert CHINESE.search(words)
    kept = {name for name in places(pattern) if SHAPES.get(name) == "[0-9]+"} | {"name", "why"}
    assert all(values[name] in words for name in kept & places(pattern))


@pytest.mark.parametrize("code", TEXTS)
def test_every_rule_is_said_in_chinese(code):
    with translation.override("zh-hans"):
        assert CHINESE.search(stored.gettext(TEXTS[code]))


def test_english_stays_as_it_is_stored():
    text = TEXTS["D9C_S0_CAP"]
    with translation.override("en-gb"):
        assert said(text) == text


def test_what_a_clinic_wrote_stays_as_it_is():
    with translation.override("zh-hans"):
        assert said("Our own ladder, part 3") == "Our own ladder, part 3"
        assert said("") == ""


def test_a_document_keeps_its_keys_codes_and_numbers():
    document = {"key": "cat_cow", "direction": "neutral", "advice": "ok", "doses": {"A": {"reps": 6}}}
    with translation.override("zh-hans"):
        assert said_document(document) == document


def test_a_name_that_looks_like_a_place_is_only_a_name():
    with translation.override("zh-hans"):
        assert "{why}" in said(TEXTS["D7C_PHYSIO_CLEAR"].format(name="{why}", why="{name} {x}"))


def shape(text: str) -> str:
    return re.sub(r"\{.*?\}", "{}", text)


def sentences(module) -> set[str]:
    """Every text with a space in it that a module of the engine makes, with holes for its values."""
    tree = ast.parse(Path(module.__file__).read_text())
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.add("".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in parts | docstrings
        ):
            found.add(node.value)
    return {text for text in found if " " in text.strip()}


#: Begun in one place of the engine and ended in another.
IN_PARTS = {", {} of {} scores not recorded", "No pain below the knee {}", "in the last 3 days"}


@pytest.mark.parametrize("module", [plan, criteria])
def test_no_text_of_the_engine_is_left_out(module):
    known = {shape(text) for text in (*PATTERNS, *PHRASES)}
    assert sentences(module) - known - IN_PARTS == set()
