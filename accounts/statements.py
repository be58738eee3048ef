"""Statements that one page asks over and over: made once, then only filled in.

To make a statement out of a query takes this process longer than the database takes to
answer it; for the dozen of a caseload that was a third of the page. What is kept is the
text of the statement. No row is ever kept: each asking goes to the database.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Expression, Field, QuerySet


class Given(Expression):
    """A value that is not known yet, where a query takes one: ``date__gte=Given("since", DateField())``."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, value: object) -> object:
        return self.output_field.get_db_prep_value(value, connection)


class Numbers(Field):
    """Any number of numbers as one value."""

    def get_db_prep_value(self, value, connection, prepared=False):
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))


@dataclass(frozen=True, slots=True)
class _Kept:
    sql: str
    params: tuple
    #: Column -> what makes Python of what the database gives.
    converters: dict[int, tuple]


class Statement:
    """``asked`` makes the query, of columns and not of objects; what changes stands in it as ``Given``."""

    def __init__(self, asked: Callable[[], QuerySet]) -> None:
        self._asked = asked
        self._kept: dict[str, _Kept] = {}

    def rows(self, **given: object) -> list[tuple]:
        kept = self._kept.get(connection.vendor) or self._kept.setdefault(connection.vendor, self._made())
        params = [p.filled(given[p.name]) if isinstance(p, Given) else p for p in kept.params]
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, params)
            rows = cursor.fetchall()
        return [_converted(row, kept.converters) for row in rows] if kept.converters else rows

    def _made(self) -> _Kept:
        compiler = self._asked().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        return _Kept(sql, tuple(params), compiler.get_converters(columns))


def _converted(row: tuple, converters: dict[int, tuple]) -> tuple:
    values = list(row)
    for place, (steps, column) in converters.items():
        for step in steps:
            values[place] = step(values[place], column, connection)
    return tuple(values)
