"""Rows of an archive -> unsaved rows of this site, checked as far as one row can be."""

from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.db.models import Model

from accounts.models import User
from programs.archive.check import place_of, rows_of
from programs.archive.columns import Kind, Table
from programs.archive.faults import ArchiveRefused
from programs.archive.values import from_json


@dataclass
class Known:
    """What the names of an archive are here: people by number, rows by table and name."""

    people: dict[int, User] = field(default_factory=dict)
    rows: dict[str, dict[object, Model]] = field(default_factory=dict)

    def add(self, table: Table, written: dict, row: Model) -> None:
        if table.key:
            self.rows.setdefault(table.name, {})[written[table.key.name]] = row


def model_of(table: Table) -> type[Model]:
    return apps.get_model(table.model)


def built(table: Table, index: int, written: dict, known: Known, **more) -> Model:
    """One unsaved row. ``more`` are columns that the archive does not hold. Raises ArchiveRefused."""
    model = model_of(table)
    names = {field.name for field in model._meta.concrete_fields}
    values = {}
    for column in table.columns:
        raw = written[column.name]
        if column.kind is Kind.NUMBER or column.source not in names or column.source in more:
            continue
        if column.kind is Kind.PERSON:
            values[column.source] = None if raw is None else known.people[raw]
        elif column.kind is Kind.REFERENCE:
            values[column.source] = None if raw is None else known.rows[column.to][raw]
        else:
            values[column.source] = from_json(column.kind, raw)
    row = model(**values, **more)
    _check(table, index, row)
    return row


def _check(table: Table, index: int, row: Model) -> None:
    """Lengths, words and ranges, which SQLite would let pass; relations are known already."""
    names = {column.source: column for column in table.columns}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.is_relation or column.name not in names or value in column.empty_values:
            continue
        try:
            column.clean(value, row)
        except ValidationError as error:
            place = place_of(table, index, names[column.name])
            raise ArchiveRefused(f"{place}: {' '.join(error.messages)}") from None


def save_new(row: Model, place: str) -> None:
    """Write a row. What the database refuses ends the import, so nothing is asked of it after that."""
    try:
        row.save(force_insert=True)
    except (DataError, IntegrityError) as error:
        why = str(error).splitlines()[0]
        raise ArchiveRefused(f"{place}: the database refuses it: {why}") from None


def take_over(table: Table, document: dict, known: Known, **more) -> list[Model]:
    """Write all rows of a table, one by one and in order: what came later has the later key here too."""
    rows = []
    for index, written in enumerate(rows_of(document, table)):
        row = built(table, index, written, known, **more)
        save_new(row, place_of(table, index))
        known.add(table, written, row)
        rows.append(row)
    return rows
