"""The JSON Schema of data.json, from the tables: for other programs, and for our own test."""

from programs.archive import FORMAT, VERSION
from programs.archive.check import LONGEST_TEXT
from programs.archive.columns import Column, Kind, Table
from programs.archive.tables import BY_NAME, SINGLE, TABLES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = {
    "id": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "number": {"type": "integer", "minimum": 1},
    "person": {
        "type": "integer",
        "minimum": 0,
        "description": "0 is the person herself, others are numbers of the table people.",
    },
    "text": {"type": "string", "maxLength": LONGEST_TEXT},
    "whole": {"type": "integer"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "pattern": "^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$"},
    "time": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{6})?$"},
    "instant": {
        "type": "string",
        "pattern": "^[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{6})?Z$",
        "description": "UTC.",
    },
}
NAMES = {Kind.WHOLE: "whole", Kind.FLAG: "flag", Kind.TIME: "time"}


def schema() -> dict:
    """The schema as JSON can hold it, always the same."""
    tables = {table.name: _table(table) for table in TABLES}
    head = {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    return {
        "$schema": DIALECT,
        "title": "Everything about one person",
        "description": "The file data.json of an archive.",
        "type": "object",
        "additionalProperties": False,
        "required": [*head, *tables],
        "properties": head | tables,
        "$defs": DEFINITIONS,
    }


def _table(table: Table) -> dict:
    row = {
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in table.columns],
        "properties": {column.name: _column(column) for column in table.columns},
    }
    if table.name == SINGLE:
        return {"description": table.about, **row}
    return {"description": table.about, "type": "array", "items": row}


def _column(column: Column) -> dict:
    if column.kind is Kind.PLAIN:
        return {"description": column.about, "type": column.shape}
    kind = BY_NAME[column.to].key.kind if column.kind is Kind.REFERENCE else column.kind
    value = {"enum": list(column.words)} if column.words else {"$ref": f"#/$defs/{NAMES.get(kind, kind)}"}
    about = f"{column.about} A row of {column.to}." if column.to else column.about
    if column.may_be_null:
        return {"description": about, "anyOf": [value, {"type": "null"}]}
    return {"description": about, **value}
