"""The forms of the builder: what nobody touched stays exactly as it is, and what was touched is read."""

import copy

import pytest
from django.http import QueryDict

from programs.builder.parts import NOTHING, found
from programs.forms.builder import AboutForm, RulesForm, SessionForm, StageForm
from programs.forms.builder_base import PartForm
from programs.forms.builder_rows import SPARE
from programs.library.loader import EXERCISE, PROGRAMME, SOURCE
from tests.builders import DEFAULT, shipped

EXERCISES = {key: one.content for key, one in shipped().of_kind(EXERCISE).items()}
SOURCES = [(key, key) for key in shipped().of_kind(SOURCE)]
PROGRAMMES = sorted(shipped().of_kind(PROGRAMME))


def document_of(key: str = DEFAULT) -> dict:
    return copy.deepcopy(shipped().content(PROGRAMME, key))


def about(document: dict, data=None) -> AboutForm:
    return AboutForm(data, document=document, every_source=SOURCES, sources=SOURCES)


def rules(document: dict, data=None) -> RulesForm:
    return RulesForm(data, document=document, sources=SOURCES)


def stage_form(stage: dict, data=None, document=None) -> StageForm:
    return StageForm(data, document=document or document_of(), stage=stage, sources=SOURCES)


def session_form(session: dict, data=None, can_run: bool = True) -> SessionForm:
    return SessionForm(data, session=session, exercises=EXERCISES, can_run=can_run, sources=SOURCES)


def as_sent(form: PartForm, **changes: object) -> QueryDict:
    """What a browser sends for a form that nobody touched, and then what somebody did."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = changes.get(name.replace("-", "_"), form[name].value())
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None and value is not False:
            data[name] = str(value).replace("\n", "\r\n")
    return data


def edited(make, part: dict, **changes: object) -> dict:
    form = make(part, as_sent(make(part), **changes))
    assert form.is_valid(), form.errors
    return form.edited()


@pytest.mark.parametrize("key", PROGRAMMES)
def test_saving_every_form_unchanged_changes_nothing(key):
    document = document_of(key)
    assert edited(about, document) == document
    assert edited(rules, document) == {"engine": document["engine"]}
    for stage in document["stages"]:
        assert edited(stage_form, stage) == stage
        for session in stage["sessions"]:
            assert edited(session_form, session) == session


@pytest.mark.parametrize("key", PROGRAMMES)
def test_every_field_of_a_shipped_programme_can_be_edited(key):
    """Whatever a document holds has a field: nothing is kept that nobody can change."""
    document = document_of(key)
    for part, form in _forms(document):
        shown = {tuple(path) for path in form.paths.values()}
        shown |= {tuple(group.rows.path) for group in form.groups if group.rows}
        missing = [path for path in _paths(part) if not _is_shown(path, shown, form.elsewhere)]
        assert not missing


def _forms(document: dict):
    yield document, about(document)
    yield {"engine": document["engine"]}, rules(document)
    for stage in document["stages"]:
        yield stage, stage_form(stage)
        for session in stage["sessions"]:
            yield session, session_form(session)


def _paths(part: object, path: tuple = ()):
    if not isinstance(part, dict):
        yield path
        return
    for name, value in part.items():
        yield from _paths(value, (*path, name))


def _is_shown(path: tuple, shown: set, elsewhere: list[str]) -> bool:
    return path[0] in elsewhere or path in shown


def test_numbers_texts_and_lists_are_read():
    stage = document_of()["stages"][2]
    changes = {
        "title": " Brisk ",
        "criteria_q_value": "3",
        "criteria_q_note": "Ours.\nTwo lines.",
        "criteria_q_also": "EFE, ACL2; MSD",
        "normal": "One.\n\n  Two. ",
        "sessions_per_week_max": "6",
        "sign_off": "yes",
    }
    after = edited(stage_form, stage, **changes)
    expected = copy.deepcopy(stage)
    expected |= {"title": "Brisk", "normal": ["One.", "Two."], "sign_off": True}
    expected["criteria"]["q"] |= {"value": 3, "note": "Ours.\nTwo lines.", "also": ["EFE", "ACL2", "MSD"]}
    expected["sessions_per_week"]["max"] = 6
    assert after == expected


def test_what_is_emptied_is_taken_out():
    stage = document_of()["stages"][2]
    after = edited(stage_form, stage, criteria_q_also="", summary="", normal="")
    assert "summary" not in after and "normal" not in after
    assert after["criteria"]["q"] == {"value": 2, "grade": "own_choice", "source": "design"}
    last = document_of()["stages"][-1]
    after = edited(stage_form, last, limits_week_growth_percent_value="")
    assert "week_growth_percent" not in after["limits"]
    after = edited(rules, document_of(), engine_strikes_value="")
    assert "strikes" not in after["engine"] and "red_at" in after["engine"]


@pytest.mark.parametrize("written", ["two", "2.5", "1e3", "9999999", "٣"])
def test_a_number_that_is_none_comes_back_with_an_error(written):
    stage = document_of()["stages"][2]
    form = stage_form(stage, as_sent(stage_form(stage), criteria_q_value=written))
    assert not form.is_valid()
    assert form["criteria-q-value"].value() == written
    form.point_at([])
    assert [one.target for one in form.pointed] == ["id_criteria-q-value"]


def test_intervals_are_read_added_moved_and_left_out():
    session = document_of()["stages"][3]["sessions"][0]
    prefix = "run_walk_intervals"
    more = {f"{prefix}_1_run_seconds": "2:30", f"{prefix}_1_walk_seconds": "0:00", f"{prefix}_1_repeats": "1"}
    two = edited(session_form, session, **more)
    first, second = two["run_walk"]["intervals"]
    assert first == session["run_walk"]["intervals"][0]
    assert second == {"run_seconds": 150, "walk_seconds": 0, "repeats": 1}
    for order in ({f"{prefix}_0_order": "2"}, {f"{prefix}_1_order": "1"}):
        assert edited(session_form, two, **order)["run_walk"]["intervals"] == [second, first]
    left = edited(session_form, two, **{f"{prefix}_0_gone": "on"})
    assert left["run_walk"]["intervals"] == [second]
    none = edited(session_form, left, **{f"{prefix}_0_gone": "on"})
    assert "intervals" not in none["run_walk"]
    form = session_form(session, as_sent(session_form(session), **{f"{prefix}_0_run_seconds": "90"}))
    assert not form.is_valid()


def test_there_are_empty_rows_for_more():
    session = document_of()["stages"][3]["sessions"][0]
    form = session_form(session)
    rows = [group for group in form.shown_groups() if group.rows]
    assert [sum(row.is_spare for row in group.rows) for group in rows] == [SPARE, SPARE]


def test_a_choice_that_is_not_known_stays_until_another_is_made():
    session = document_of()["stages"][3]["sessions"][0]
    session["exercises"][0] = {"key": "of_another_clinic", "level": "Z"}
    assert edited(session_form, session) == session
    assert "of_another_clinic" in str(session_form(session)["exercises-0-key"])


def test_unknown_fields_go_when_the_page_is_saved_and_known_ones_stay():
    stage = document_of()["stages"][2]
    odd = {**copy.deepcopy(stage), "colour": "red"}
    odd["criteria"]["luck"] = 3
    assert edited(stage_form, odd) == stage


def test_another_kind_brings_what_it_asks_for_and_drops_what_it_does_not_know():
    stage = document_of()["stages"][2]
    run = edited(stage_form, stage, kind="alternate")
    assert run["limits"]["run_minutes_max"]["value"] == 5
    assert run["criteria"] == stage["criteria"]
    last = edited(stage_form, stage, kind="final")
    assert set(last["criteria"]) == {"q"}
    rest = edited(stage_form, stage, kind="rest")
    assert found(rest, ["criteria"]) is NOTHING and rest["sessions"] == stage["sessions"]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"title": 7, "kind": ["x"], "normal": "text", "criteria": "none", "sessions": {}},
        {"kind": "alternate", "criteria": {"q": 5, "min_days": {"value": "x", "also": [1, {}]}}, "limits": 1},
    ],
)
def test_a_stage_of_any_shape_is_shown_and_nothing_is_lost_unseen(odd):
    form = stage_form(odd)
    for group in form.shown_groups():
        assert all(str(field.bound) for field in (*group.fields, *group.cited))
    bound = stage_form(odd, as_sent(form))
    bound.is_valid()
    assert set(bound.edited()) <= set(odd)


@pytest.mark.parametrize("odd", [{}, {"run_walk": 3, "exercises": ["x", 7]}, {"run_walk": {"intervals": {}}}])
def test_a_session_of_any_shape_is_shown(odd):
    form = session_form(odd)
    for group in form.shown_groups():
        assert all(str(field.bound) for row in group.rows for field in row.fields)
    bound = session_form(odd, as_sent(form))
    bound.is_valid()
    bound.edited()


@pytest.mark.parametrize(
    ("field", "target"),
    [
        ("criteria-q-value", "id_criteria-q-value"),
        ("criteria-q", "id_criteria-q-value"),
        ("normal-2", "id_normal"),
        ("criteria", "id_criteria-need_sessions-value"),
        ("sessions", ""),
    ],
)
def test_a_fault_leads_to_its_field(field, target):
    form = stage_form(document_of()["stages"][2])
    form.point_at([Fault(field)])
    assert [one.target for one in form.pointed] == [target]


class Fault:
    label, words = "What", "wrong"

    def __init__(self, field: str) -> None:
        self.field = field
