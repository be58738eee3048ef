"""The format of the archive: its documentation is current, and its check says what its schema says."""

import copy
import json
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from programs.archive.check import DEEPEST, MOST_FAULTS, faults_of
from programs.archive.columns import Kind
from programs.archive.packing import as_text
from programs.archive.schema import schema
from programs.archive.tables import BY_NAME, SINGLE, TABLES
from scripts.archive_format import DOCUMENT, FROM_HERE, SCHEMA, columns_in_words
from tests.unit.archives import a_document, a_row

VALIDATOR = Draft202012Validator(schema())


def test_the_documentation_is_what_the_tables_say():
    """Run scripts/archive_format.py after a change."""
    assert SCHEMA.read_text() == as_text(schema())
    assert DOCUMENT.read_text().partition(FROM_HERE)[2] == columns_in_words()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


def test_a_sound_document_satisfies_both():
    assert faults_of(a_document()) == []
    assert VALIDATOR.is_valid(a_document())


def test_words_are_those_of_the_models():
    for table in TABLES:
        if not table.model:
            continue
        model = apps.get_model(table.model)
        for column in table.columns:
            # A mail on its way is not in the archive, so one of its words is missing there.
            if column.words and table.name != "account_mails":
                choices = {value for value, _ in model._meta.get_field(column.source).choices}
                # Nobody follows a draft.
                assert choices - {"draft"} == set(column.words), column


def every_column() -> list:
    return [(table.name, column.name) for table in TABLES for column in table.columns]


@pytest.mark.parametrize(("table", "column"), every_column())
def test_every_value_is_checked_by_both(table, column):
    """Of each kind a wrong one: both refuse it, and ours says where."""
    for wrong in wrong_values(BY_NAME[table], column):
        document = a_document()
        row = document[table] if table == SINGLE else document[table][0]
        row[column] = wrong
        faults = faults_of(document)
        place = f"{table}.{column}" if table == SINGLE else f"{table}[0].{column}"
        assert faults and faults[0].startswith(place), wrong
        if not isinstance(wrong, str) or "\0" not in wrong:
            assert not VALIDATOR.is_valid(document), wrong


def wrong_values(table, name: str) -> list:
    column = next(column for column in table.columns if column.name == name)
    wrong = [1.5, ["x"] if column.shape != "array" else {"x": 1}]
    if not column.may_be_null:
        wrong.append(None)
    if column.kind in (Kind.TEXT, Kind.DATE, Kind.TIME, Kind.INSTANT, Kind.ID):
        wrong += [1, True]
    if column.kind is Kind.TEXT and not column.words:
        wrong += ["x\0y", "x" * 20_001]
    if column.kind in (Kind.DATE, Kind.TIME, Kind.INSTANT, Kind.ID) or column.words:
        wrong += ["", "tomorrow", "2026-1-1"]
    if column.kind in (Kind.WHOLE, Kind.PERSON, Kind.NUMBER):
        wrong += ["1", True]
    if column.kind in (Kind.PERSON, Kind.NUMBER):
        wrong.append(-1)
    return wrong


@pytest.mark.parametrize(
    "instant",
    [
        "2026-03-02T20:00:00",
        "2026-03-02T20:00:00+00:00",
        "2026-03-02T21:00:00+01:00",
        "2026-03-02 20:00:00Z",
        "2026-03-02T20:00Z",
        "2026-03-02T20:00:00.000000Z",
        "1899-03-02T20:00:00Z",
        "2201-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-W10-1T20:00:00Z",
    ],
)
def test_an_instant_has_one_spelling(instant):
    document = a_document()
    document["person"]["joined_at"] = instant
    assert faults_of(document)[0].startswith("person.joined_at")


def test_rows_are_numbered_and_referred_to():
    document = a_document()
    document["decisions"][0]["number"] = 2
    assert faults_of(document) == ["decisions[0].number: rows are numbered 1, 2, 3 …"]
    document = a_document()
    document["decisions"][0]["override"] = 9
    document["overrides"][0]["made_by"] = 9
    assert faults_of(document) == [
        "overrides[0].made_by: nobody has the number 9.",
        "decisions[0].override: no row of overrides is 9.",
    ]
    document = a_document()
    document["enrolments"].append(document["enrolments"][0])
    assert "enrolments: two rows have the same public_id." in faults_of(document)


def test_what_is_missing_and_what_is_too_much_is_named():
    document = a_document()
    del document["messages"], document["person"]["name"]
    document["passwords"], document["overrides"][0]["id"] = [], 5
    assert faults_of(document) == [
        "messages: is missing.",
        "passwords: is not known.",
        "person.name: is missing.",
        "overrides[0].id: is not known.",
    ]


@pytest.mark.parametrize("document", [None, [], "x", 7, {}, {"format": "else"}])
def test_something_else_is_no_archive(document):
    assert faults_of(document) == ["format: this is not an archive of a person."]


def test_a_later_version_is_refused_with_what_is_read_here():
    assert faults_of(a_document() | {"version": 2}) == [
        "version: this edition of the site reads version 1 of the format."
    ]


@pytest.mark.parametrize("table", ["person", "decisions"])
@pytest.mark.parametrize("rows", [None, 5, "x"])
def test_a_table_that_is_none_is_refused(table, rows):
    assert faults_of(a_document() | {table: rows})[0].startswith(table)


def test_a_nest_without_end_is_refused_and_not_followed():
    document, nest = a_document(), []
    for _ in range(DEEPEST + 5):
        nest = [nest]
    document["intakes"][0]["reasons"] = nest
    assert faults_of(document) == ["intakes[0].reasons: is nested too deeply."]


def test_a_thousand_faults_are_twenty():
    document = a_document()
    document["planned_sessions"] = [a_row("planned_sessions") | {"date": "never"}] * 1000
    assert len(faults_of(document)) == MOST_FAULTS + 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(every_column()), value=JSON)
def test_whatever_ours_accepts_the_schema_accepts(place, value):
    table, column = place
    document = copy.deepcopy(a_document())
    row = document[table] if table == SINGLE else document[table][0]
    row[column] = value
    if not faults_of(document):
        assert VALIDATOR.is_valid(json.loads(json.dumps(document)))


def test_the_schema_lies_beside_the_documentation():
    assert Path(SCHEMA).parent == Path(DOCUMENT).parent
