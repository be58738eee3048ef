"""The shipped texts: complete, with evidence and source, and without what must not be advised."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from programs.engine.document import programme_from_document, running_seconds, total_seconds
from programs.engine.document_values import GRADES
from programs.engine.programme import Constants
from programs.engine.redflags import RED_FLAGS
from programs.library.checks import library_messages
from programs.library.loader import (
    CARD,
    DIRECTION,
    EXERCISE,
    INTAKE_QUESTION,
    PROGRAMME,
    RED_FLAG,
    RULES,
    SOURCE,
    YELLOW_FLAG,
    Document,
    shipped_library,
)

LIBRARY = shipped_library()
PROGRAMMES = LIBRARY.of_kind(PROGRAMME)
EXERCISES = LIBRARY.of_kind(EXERCISE)
SOURCES = LIBRARY.of_kind(SOURCE)
OWN_TEXT = [document for document in LIBRARY.documents if document.kind != SOURCE]
#: Fields of a programme in which every value is a threshold or rests on evidence.
THRESHOLDS = ("engine", "criteria", "limits")
CITED = ("sessions_per_week", "days_between", "basis", "evidence", "pain_basis", "intro_basis", "minutes")

DIRECTION_TABLE = """
bird_dog                on        anyone           2  ok       caution
bridge                  on        anyone           2  ok       caution
plank                   on        anyone           2  ok       caution
side_plank              on        anyone           2  ok       ok
superman_little_swallow off       physiotherapist  3  caution  no
cat_cow                 on        anyone           1  caution  caution
child_pose              on        anyone           1  no       ok
cobra                   off       anyone           1  ok       no
downward_dog            off       anyone           3  caution  ok
triangle                off       anyone           3  caution  caution
hip_flexor_stretch      on        anyone           2  ok       caution
hamstring_stretch       on        anyone           2  caution  ok
calf_stretch            on        anyone           1  ok       ok
deadlift                off       physiotherapist  3  caution  caution
walking                 on        anyone           1  ok       caution
swimming                optional  anyone           2  ok       caution
cycling                 optional  anyone           2  caution  ok
jogging                 by_stage  anyone           3  ok       ok
"""
NOT_ADVISED = (
    r"(?i)\bbelts?\b",
    r"(?i)\bcorsets?\b",
    r"(?i)hard bed",
    r"(?i)hard mattress",
    r"(?i)\bcupping\b",
    r"(?i)moxibustion",
    r"(?i)blood-?letting",
    r"\bTENS\b",
    r"(?i)electrotherapy",
    r"(?i)acupuncture",
    r"(?i)\btraction\b",
    r"(?i)\bultrasound\b",
    r"(?i)kidney area",
    r"(?i)\binjections? (?:help|can help)",
    r"(?i)\bopioids?\b",
)


def texts(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            if name not in ("source", "also", "sources", "key", "code"):
                yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)
    elif isinstance(content, str):
        yield content


def on_evidence(content: object, way: str = "") -> Iterator[tuple[str, object]]:
    """Yield every place that must name an evidence grade and a source."""
    if isinstance(content, list):
        for number, value in enumerate(content):
            yield from on_evidence(value, f"{way}/{number}")
    if not isinstance(content, dict):
        return
    if "value" in content or "grade" in content or "source" in content:
        yield way, content
    for name, value in content.items():
        here = f"{way}/{name}"
        if name in THRESHOLDS:
            yield from ((f"{here}/{each}", threshold) for each, threshold in value.items())
        elif name in CITED:
            yield here, value
        elif name == "doses":
            yield from ((f"{here}/{level}", dose) for level, dose in value.items())
        else:
            yield from on_evidence(value, here)


def named(document: Document) -> str:
    return f"{document.kind}-{document.key}"


def test_the_library_is_sound():
    assert library_messages(LIBRARY) == []


@pytest.mark.parametrize("document", OWN_TEXT, ids=named)
def test_every_threshold_dose_and_statement_has_a_grade_and_a_known_source(document):
    for place, value in on_evidence(document.content):
        assert isinstance(value, dict), place
        assert value.get("grade") in GRADES, place
        assert {value.get("source"), *value.get("also", ())} <= SOURCES.keys(), place
        # An own choice never borrows the authority of a source, and the other way round.
        assert (value["grade"] == "own_choice") == (value["source"] == "design"), place


@pytest.mark.parametrize(
    "kind", [PROGRAMME, EXERCISE, CARD, RULES, RED_FLAG, INTAKE_QUESTION, YELLOW_FLAG, DIRECTION]
)
def test_no_item_is_without_evidence(kind):
    for document in LIBRARY.of_kind(kind).values():
        assert list(on_evidence(document.content)), document.key


def test_a_programme_cites_what_it_lists_and_lists_what_it_cites():
    for document in PROGRAMMES.values():
        cited = {
            key
            for _, value in on_evidence(document.content)
            for key in (value["source"], *value.get("also", ()))
        }
        assert cited == set(document.content["sources"]), document.key


def test_the_six_programmes():
    assert PROGRAMMES.keys() == {
        "lbp-acute-default",
        "lbp-chronic",
        "lbp-cautious-start",
        "ouh-2024",
        "osu-basic-2019",
        "couch-to-5k",
    }
    assert {document.content["family"] for document in PROGRAMMES.values()} == {"low-back-pain"}


@pytest.mark.parametrize("key", PROGRAMMES)
def test_all_programmes_use_the_default_constants_and_say_why(key):
    content = PROGRAMMES[key].content
    assert {name: given["value"] for name, given in content["engine"].items()} == asdict(Constants())
    assert programme_from_document(content, version=1).constants == Constants()


DEFAULT_LADDER = """
S0_relative_rest  rest       0 0 0
S1_walking        daily      3 4 3 4
S2_core           daily      3 7 5 2
S3_run1_walk4     alternate  3 7 5 2
S4_run2_walk3     alternate  3 7 5 2
S5_run3_walk2     alternate  3 7 5 2
S6_run4_walk1     alternate  3 7 5 2
S7_run20          alternate  3 7 5 2
S8_run20_30       final      0 0 0 2
"""


def test_the_default_ladder_is_the_contract():
    programme = programme_from_document(PROGRAMMES["lbp-acute-default"].content, version=1)
    for stage, line in zip(programme.stages, DEFAULT_LADDER.strip().splitlines(), strict=True):
        key, kind, *numbers = line.split()
        found = [stage.need_sessions, stage.min_days, stage.min_logged, stage.q]
        assert (stage.key, stage.kind.value) == (key, kind)
        assert [str(number) for number in found][: len(numbers)] == numbers


def test_the_shortest_way_to_the_last_stage_takes_46_days():
    stages = programme_from_document(PROGRAMMES["lbp-acute-default"].content, version=1).stages
    assert sum(stage.min_days for stage in stages) == 46


def test_relative_rest_is_known_as_bed_rest_and_says_two_days():
    for key in ("lbp-acute-default", "lbp-cautious-start"):
        rest = PROGRAMMES[key].content["stages"][0]
        assert "bed rest" in rest["title"]
        assert "two days at most" in rest["title"]
        assert "at most two days" in rest["summary"]


def test_the_chronic_ladder_has_no_rest_and_a_limit_of_four_throughout():
    content = PROGRAMMES["lbp-chronic"].content
    programme = programme_from_document(content, version=1)
    assert programme.floor == 0
    assert {stage.q for stage in programme.stages} == {4}
    assert content["start_stages"] == ["S1_walking", "S2_core"]


def minutes(key: str) -> dict[str, list[tuple[float, float]]]:
    """Stage key -> running minutes and minutes between warm-up and cool-down, of each run."""
    return {
        stage["key"]: [
            (running_seconds(session["run_walk"]) / 60, total_seconds(session["run_walk"]) / 60 - 10)
            for session in stage["sessions"]
            if "run_walk" in session
        ]
        for stage in PROGRAMMES[key].content["stages"]
    }


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "lbp-acute-default",
            [[], [], [], [(5, 25)], [(10, 25)], [(15, 25)], [(20, 25)], [(20, 20)], [(20, 20)]],
        ),
        (
            "ouh-2024",
            [[], [(15, 30)], [(20, 30)], [(24, 30)], [(27, 30)], [(29, 30)], [(30, 30)], [(30, 30)]],
        ),
        ("osu-basic-2019", [[], [(6, 30)], [(12, 30)], [(18, 30)], [(24, 30)], [(30, 30)]]),
        (
            "couch-to-5k",
            [
                [(8, 20)],
                [(9, 20)],
                [(9, 18)],
                [(16, 21.5)],
                [(15, 21), (16, 21), (20, 20)],
                [(18, 24), (20, 23), (25, 25)],
                [(25, 25)],
                [(28, 28)],
                [(30, 30)],
            ],
        ),
    ],
)
def test_running_and_total_minutes_of_the_ladders(key, expected):
    assert list(minutes(key).values()) == expected


def test_the_cautious_start_divides_the_first_running_step():
    found = minutes("lbp-cautious-start")
    assert [found[key] for key in ("S3a_run15s", "S3b_run30s", "S3c_run1min")] == [
        [(2.5, 22.5)],
        [(5, 25)],
        [(10, 30)],
    ]


@pytest.mark.parametrize("key", PROGRAMMES)
def test_every_run_begins_and_ends_with_five_minutes_of_walking(key):
    for stage in PROGRAMMES[key].content["stages"]:
        for session in stage["sessions"]:
            if "run_walk" in session:
                assert (session["run_walk"]["warm_up_min"], session["run_walk"]["cool_down_min"]) == (5, 5)


def test_runs_grow_by_a_tenth_at_most_in_the_last_stage():
    limits = PROGRAMMES["lbp-acute-default"].content["stages"][-1]["limits"]
    assert {name: limit["value"] for name, limit in limits.items()} == {
        "intensity_max": "easy",
        "run_minutes_max": 30,
        "single_run_growth_percent": 10,
        "week_growth_percent": 10,
    }


@pytest.mark.parametrize("key", PROGRAMMES)
def test_no_programme_prescribes_what_a_physiotherapist_must_enable(key):
    asked = {
        exercise["key"]
        for stage in PROGRAMMES[key].content["stages"]
        for session in stage["sessions"]
        for exercise in session.get("exercises", ())
    }
    assert all(EXERCISES[exercise].content["enabled_by"] == "anyone" for exercise in asked)


def test_the_eighteen_exercises_with_their_filters():
    found = {}
    for key, document in EXERCISES.items():
        content = document.content
        advice = [content[name]["advice"] for name in ("flexion_intolerant", "extension_intolerant")]
        found[key] = [content["default"], content["enabled_by"], str(content["from_stage"]), *advice]
    expected = {key: rest for key, *rest in map(str.split, DIRECTION_TABLE.strip().splitlines())}
    assert found == expected
    assert len(found) == 18


def test_what_is_refused_in_one_direction_has_a_substitute():
    for document in EXERCISES.values():
        content = document.content
        if "no" in (content["flexion_intolerant"]["advice"], content["extension_intolerant"]["advice"]):
            assert content["substitute"] in EXERCISES


def test_red_flags_agree_with_the_engine():
    shipped = {
        code: (document.content["level"], document.content["label"], document.content["daily"])
        for code, document in LIBRARY.of_kind(RED_FLAG).items()
    }
    assert shipped == {code: (flag.level.value, flag.label, flag.daily) for code, flag in RED_FLAGS.items()}
    assert len(shipped) == 19


def test_six_red_flags_are_asked_daily_and_one_may_be_skipped():
    flags = {code: document.content for code, document in LIBRARY.of_kind(RED_FLAG).items()}
    assert sum(flag["daily"] for flag in flags.values()) == 6
    assert [code for code, flag in flags.items() if flag.get("may_be_skipped")] == ["CE_SEXUAL"]


def test_the_cards():
    assert LIBRARY.of_kind(CARD).keys() == {
        "ice",
        "heat",
        "nsaid",
        "nsaid_running",
        "paracetamol",
        "sitting_standing",
        "shoes_surface",
    }


@pytest.mark.parametrize("document", OWN_TEXT, ids=named)
def test_nothing_is_advised_that_guidelines_reject(document):
    """Texts may not even name these: a reader remembers the word and not the warning."""
    found = [word for word in NOT_ADVISED for text in texts(document.content) if re.search(word, text)]
    assert found == []


@pytest.mark.parametrize("document", OWN_TEXT, ids=named)
def test_no_text_gives_an_amount_of_a_medicine(document):
    for text in texts(document.content):
        assert not re.search(
            r"\d\s*(?:mg|milligrams?|grams?|tablets?|pills?|capsules?)\b", text, re.IGNORECASE
        )


@pytest.mark.parametrize("document", OWN_TEXT, ids=named)
def test_texts_are_in_plain_british_english(document):
    for text in texts(document.content):
        assert not re.search(r"\bprograms?\b|\w+ized?\b(?<!size)(?<!sized)|\bcenter\b|\bcolor\b", text), text
        for sentence in re.split(r"[.:?!;]\s", text):
            assert len(sentence.split()) <= 34, sentence


def test_no_text_promises_a_treatment():
    claims = [
        text
        for document in OWN_TEXT
        for text in texts(document.content)
        if re.search(r"\b(?:treats?|cures?|heals?) (?:back|your|the)\b", text)
    ]
    assert claims == []
    for document in PROGRAMMES.values():
        notes = " ".join(document.content["notes"])
        assert "not a treatment" in notes
        assert "No clinician has approved" in notes
