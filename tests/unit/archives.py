"""Small sound archives, made by hand: one row in every table."""

import copy
import functools

from programs.archive import FORMAT, VERSION
from programs.archive.columns import Column, Kind
from programs.archive.tables import BY_NAME, SINGLE, TABLES

PLAIN = {"object": {}, "array": []}
SAMPLES = {
    Kind.ID: "00000000-0000-4000-8000-000000000001",
    Kind.NUMBER: 1,
    Kind.PERSON: 0,
    Kind.TEXT: "words",
    Kind.WHOLE: 1,
    Kind.FLAG: True,
    Kind.DATE: "2026-03-02",
    Kind.TIME: "18:00:00",
    Kind.INSTANT: "2026-03-02T20:00:00Z",
}


def sample(column: Column):
    if column.kind is Kind.PLAIN:
        return copy.deepcopy(PLAIN[column.shape])
    if column.kind is Kind.REFERENCE:
        return SAMPLES[BY_NAME[column.to].key.kind]
    return column.words[0] if column.words else SAMPLES[column.kind]


def a_row(table: str) -> dict:
    """A row of that table with a sound value in every column."""
    return {column.name: sample(column) for column in BY_NAME[table].columns}


@functools.cache
def _document() -> dict:
    rows = {table.name: a_row(table.name) for table in TABLES}
    return {"format": FORMAT, "version": VERSION} | {
        name: row if name == SINGLE else [row] for name, row in rows.items()
    }


def a_document() -> dict:
    """One row in every table, each sound by itself."""
    return copy.deepcopy(_document())
