"""Rows of a person -> the document of her archive. No key of the database leaves with it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model

from accounts.models import User
from accounts.selectors.records import shortened
from programs.archive import FORMAT, VERSION
from programs.archive.columns import Column, Kind, Table
from programs.archive.tables import SINGLE, TABLES
from programs.archive.values import Json, to_json
from programs.selectors.my_data.rows import Rows, rows_about

#: Table and column -> its value, where that is not a column of the row.
WORKED_OUT: dict[tuple[str, str], Callable[[Model, User], Json]] = {
    ("access_records", "origin"): lambda row, user: (
        row.origin if row.actor_id == user.pk else shortened(row.origin)
    ),
    ("clinics", "made_by_me"): lambda row, user: row.created_by_id == user.pk,
    ("programme_versions", "key"): lambda row, user: row.template.key,
}


@dataclass
class _Names:
    """What rows and people are called in this archive: key of the database -> name."""

    people: dict[int, int] = field(default_factory=dict)
    rows: dict[str, dict[int, Json]] = field(default_factory=dict)


def document_of(user: User) -> dict:
    """Everything about this person; a fixed number of queries.

    Rows that are written meanwhile may be in one table and missing in another:
    ``programs.services.export.at_rest`` holds them off.
    """
    rows = rows_about(user)
    others = _others(rows, user)
    names = _Names({user.pk: 0} | {person.pk: number for number, person in enumerate(others, start=1)})
    document: dict = {"format": FORMAT, "version": VERSION}
    for table in TABLES:
        # In this order: a table refers to itself and to those before it only.
        names.rows[table.name] = {}
        found = [
            _row(table, row, number, names, user) for number, row in enumerate(rows.get(table.name, []), 1)
        ]
        document[table.name] = found[0] if table.name == SINGLE else found
    document["people"] = [_person(person, names.people[person.pk]) for person in others]
    return document


def _others(rows: Rows, user: User) -> list[User]:
    """Everybody else who is named in these rows, in the order of their accounts."""
    named = {
        getattr(row, f"{column.source}_id")
        for table in TABLES
        for column in table.columns
        if column.kind is Kind.PERSON
        for row in rows.get(table.name, [])
    }
    return list(User.objects.filter(pk__in=named - {None, user.pk}).order_by("pk"))


def _person(person: User, number: int) -> dict:
    return {"number": number, "name": person.name or person.get_role_display(), "role": person.role}


def _row(table: Table, row: Model, number: int, names: _Names, user: User) -> dict:
    written = {column.name: _value(table, column, row, number, names, user) for column in table.columns}
    if table.key:
        names.rows[table.name][row.pk] = written[table.key.name]
    return written


def _value(table: Table, column: Column, row: Model, number: int, names: _Names, user: User) -> Json:
    worked_out = WORKED_OUT.get((table.name, column.name))
    if worked_out:
        return worked_out(row, user)
    if column.kind is Kind.NUMBER:
        return number
    if column.kind is Kind.PERSON:
        return names.people.get(getattr(row, f"{column.source}_id"))
    if column.kind is Kind.REFERENCE:
        return names.rows[column.to].get(getattr(row, f"{column.source}_id"))
    return to_json(column.kind, getattr(row, column.source))
