"""Questionnaires as data: what is shipped may be shipped, and what is wrong is said, all of it."""

import re

import pytest

from programs.forms.measures import LONGEST_ACTIVITY as LONGEST_IN_FORM
from programs.library.checks import library_messages
from programs.library.loader import QUESTIONNAIRE, SHIPPED, read_library, shipped_library
from programs.library.questionnaire import MOST_ACTIVITIES
from programs.measures.pain import IMPORTANT
from programs.models import NamedActivity
from programs.models.measures import MOST_ACTIVITIES as MOST_IN_TABLE
from programs.services.measures import LONGEST_ACTIVITY as LONGEST_IN_SERVICE

SHIPPED_LIBRARY = shipped_library()
#: Questionnaires whose terms allow it. Whoever adds one has read them: docs/questionnaire-format.md.
MAY_BE_SHIPPED = {"psfs"}
PAGE = (SHIPPED.parents[1] / "docs" / "questionnaire-format.md").read_text()
EXAMPLE = PAGE.split("## An example")[1].split("```yaml\n")[1].split("```")[0]


def faults(tmp_path, text: str, name: str = "own.yaml") -> list[str]:
    path = tmp_path / name
    path.write_text(text)
    return library_messages(read_library(path), beside=SHIPPED_LIBRARY)


def changed(old: str, new: str) -> str:
    assert EXAMPLE.count(old) >= 1, old
    return EXAMPLE.replace(old, new, 1)


def test_what_is_shipped_may_be_shipped_and_says_under_which_licence():
    shipped = SHIPPED_LIBRARY.of_kind(QUESTIONNAIRE)
    assert set(shipped) == MAY_BE_SHIPPED
    for key, document in shipped.items():
        licence = document.content["licence"]
        assert licence["may_be_shipped"] is True, key
        assert len(licence["text"]) > 40, key
        assert f"`{key}`" in PAGE


def test_none_of_unclear_licence_lies_about_under_another_name():
    folder = SHIPPED / "questionnaires"
    text = " ".join(path.read_text() for path in folder.iterdir()).casefold()
    for word in ("roland", "oswestry", "start back", "promis", "euroqol", "eq-5d"):
        assert word not in text
        assert re.search(word, PAGE, re.IGNORECASE), f"the page does not say why {word} is not shipped"


def test_the_example_in_the_documentation_is_sound(tmp_path):
    assert faults(tmp_path, EXAMPLE) == []


def test_a_lone_file_with_scoring_is_a_questionnaire(tmp_path):
    (tmp_path / "own.yaml").write_text(EXAMPLE)
    (document,) = read_library(tmp_path / "own.yaml").documents
    assert (document.kind, document.key) == (QUESTIONNAIRE, "stairs-and-socks")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  may_be_shipped: false\n",
            "",
            "licence.may_be_shipped is missing; it must be given.",
        ),
        ("recall: Today\n", "", "recall is missing; it must be given."),
        (
            "method: percent",
            "method: product",
            "scoring.method is 'product'; it must be one of: sum, mean, percent.",
        ),
        (
            "higher_is: worse",
            "higher_is: bad",
            "scoring.higher_is is 'bad'; it must be one of: better, worse.",
        ),
        (
            "min_answered: 2",
            "min_answered: 4",
            "scoring.min_answered is 4; it must be at most the number of items, 3.",
        ),
        (
            "method: percent, higher_is: worse, min_answered: 2, not_applicable: left_out",
            "method: sum, higher_is: worse, min_answered: 2, not_applicable: zero",
            "scoring.min_answered is 2; it must be 3: a sum needs every item, or missing is zero.",
        ),
        ("max: 10", "max: 0", "items.2.max is 0; it must be above min, which is 0."),
        ("key: sleep", "key: stairs", "items is 'stairs'; it must be used once only."),
        (
            "kind: choice",
            "kind: choose",
            "items.1.kind is 'choose'; it must be one of: number, choice, ticks.",
        ),
        (
            "{from: 40, text: some trouble}",
            "{from: 0, text: some trouble}",
            "bands is [0, 0]; it must be in order, each from a higher score on.",
        ),
        (
            "value: 20, grade: own_choice",
            "value: 20.125, grade: own_choice",
            "important_change.absolute.value is 20.125; "
            "it must be a number above 0 and up to 1000, with two decimals at most.",
        ),
        (
            "source: design",
            "source: NOWHERE",
            "important_change.absolute.source is 'NOWHERE'; it must be one of the keys listed under sources.",
        ),
        (
            "seen: copy",
            "seen: maybe",
            "licence.seen is 'maybe'; it must be one of: copy, permission, from_memory.",
        ),
        (
            'seen_on: "2026-11-22"',
            "seen_on: soon",
            "licence.seen_on is 'soon'; it must be a date such as 2026-01-31.",
        ),
        (
            "language: en-GB",
            "language: English",
            "language is 'English'; it must be a language such as en-GB.",
        ),
        ("{value: 1, text", "{value: 0, text", "items.1.options is '0'; it must be used once only."),
    ],
)
def test_a_fault_names_place_value_and_limit(tmp_path, old, new, message):
    assert faults(tmp_path, changed(old, new)) == [f"own.yaml: {message}"]


def test_without_a_licence_it_is_refused(tmp_path):
    text = EXAMPLE.split("licence:")[0]
    assert faults(tmp_path, text) == ["own.yaml: licence is missing; it must be given."]
    assert faults(tmp_path, f"{text}licence: {{text: '', may_be_shipped: false, seen: copy}}\n") == [
        "own.yaml: licence.text is ''; it must be text of 1 to 2000 characters."
    ]


def test_every_fault_is_told_at_once(tmp_path):
    text = changed("higher_is: worse", "higher_is: bad").replace("recall: Today\n", "")
    assert len(faults(tmp_path, text)) == 2


def test_items_or_activities_and_not_both(tmp_path):
    own = "own_activities: {most: 5, text: Mine, min: 0, max: 10, low: unable, high: able}\n"
    both = faults(tmp_path, EXAMPLE + own)
    assert len(both) == 1
    assert both[0].endswith("it must be given, or own_activities instead, and not both.")
    neither = re.sub(r"\nitems:\n(?:  .*\n)+", "\n", EXAMPLE)
    assert faults(tmp_path, neither) == [
        "own.yaml: items is missing; it must be given, or own_activities instead, and not both."
    ]
    sums = re.sub(r"\nitems:\n(?:  .*\n)+", "\n" + own, EXAMPLE).replace("method: percent", "method: sum")
    assert any("mean, because people name different numbers" in fault for fault in faults(tmp_path, sums))


def test_a_sum_may_not_leave_out_what_does_not_apply(tmp_path):
    text = changed("method: percent", "method: sum").replace("min_answered: 2", "min_answered: 3")
    assert faults(tmp_path, text) == [
        "own.yaml: scoring.not_applicable is 'left_out'; it must be zero, because a sum needs every item."
    ]
    assert faults(tmp_path, text.replace("not_applicable: left_out", "not_applicable: zero")) == []


@pytest.mark.parametrize("text", ["scoring: 1\nkey: x\n", "key: x\nscoring: {}\nitems: [1, {kind: [1]}]\n"])
def test_a_hopeless_file_is_refused_and_does_not_break(tmp_path, text):
    assert len(faults(tmp_path, text)) > 5


def test_limits_that_stand_in_two_places_are_the_same():
    assert MOST_ACTIVITIES == MOST_IN_TABLE
    assert LONGEST_IN_FORM == LONGEST_IN_SERVICE == NamedActivity._meta.get_field("words").max_length


def test_the_limits_of_pain_name_known_sources():
    for limit in IMPORTANT.values():
        cited = {limit["source"], *limit.get("also", ())}
        assert cited <= SHIPPED_LIBRARY.of_kind("source").keys()
        assert (limit["grade"] == "own_choice") == (limit["source"] == "design")
