"""Statements that one page asks over and over: made once, then only filled in.

To make a statement out of a query takes this process longer than the database takes to
answer it; for the dozen of a caseload that was a third of the page. What is kept is the
text of the statement. No row is ever kept: each asking goes to the database.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

from accounts.prepared import prepared_cursor, with_constants


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
    """Any number of numbers as one value: a text, so that a statement is the same for few and for many."""

    def get_db_prep_value(self, value, connection, prepared=False):
        if connection.vendor != "postgresql":
            return json.dumps(list(value))
        return "{" + ",".join(map(str, map(int, value))) + "}"


@dataclass(frozen=True, slots=True)
class _Kept:
    sql: str
    params: tuple
    #: Column -> what makes Python of what the database gives.
    converters: dict[int, tuple]

    def filled(self, given: dict[str, object]) -> list:
        return [p.filled(given[p.name]) if isinstance(p, Given) else p for p in self.params]


class Statement:
    """``asked`` makes the query, of columns and not of objects; what changes stands in it as ``Given``."""

    def __init__(self, asked: Callable[[], QuerySet]) -> None:
        self._asked = asked
        self._kept: dict[str, _Kept] = {}

    def rows(self, **given: object) -> list[tuple]:
        return _rows(self._statement(), given)

    def _statement(self) -> _Kept:
        return self._kept.get(connection.vendor) or self._kept.setdefault(connection.vendor, self._made())

    def _made(self) -> _Kept:
        return _kept_of(self._asked().query.get_compiler(connection=connection))


class ObjectStatement:
    """The same where a page needs objects, with what ``select_related`` and ``annotate`` add to them.

    Every asking makes its objects anew, of rows that it has read.
    """

    def __init__(self, asked: Callable[[], QuerySet]) -> None:
        self._asked = asked
        self._made: dict[str, tuple[_Kept, Callable[[tuple], Model]]] = {}

    def all(self, **given: object) -> list[Model]:
        kept, make = self._statement()
        return [make(row) for row in _rows(kept, given)]

    def as_stored(self, **given: object) -> list[tuple]:
        """Rows as the driver gives them, to keep something by; ``made_of`` makes an object of one."""
        return _stored(self._statement()[0], given)

    def made_of(self, row: tuple) -> Model:
        kept, make = self._statement()
        return make(_converted(row, kept.converters) if kept.converters else row)

    def _statement(self) -> tuple[_Kept, Callable[[tuple], Model]]:
        made = self._made.get(connection.vendor)
        return made or self._made.setdefault(connection.vendor, _with_objects(self._asked()))

    def first(self, **given: object) -> Model | None:
        """Of a query that asks for one row at most."""
        found = self.all(**given)
        return found[0] if found else None


def _with_objects(asked: QuerySet) -> tuple[_Kept, Callable[[tuple], Model]]:
    """As Django makes objects of rows (``ModelIterable``); what it settles for every query, settled once.

    A column is put where its field keeps it: to set fifty rows field by field, as ``Model.__init__``
    does, took as long as to ask for them. No model of ours does anything else when it is made.
    """
    compiler = asked.query.get_compiler(connection=connection)
    kept, about = _kept_of(compiler), compiler.klass_info
    model, places = about["model"], about["select_fields"]
    first, after = places[0], places[-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[first:after]]
    related = get_related_populators(about, compiler.select, asked.db)
    added = tuple((compiler.annotation_col_map or {}).items())

    def make(row: tuple) -> Model:
        made = model.__new__(model)
        made._state = ModelState()
        made._state.adding, made._state.db = False, asked.db
        vars(made).update(zip(names, row[first:after], strict=True))
        vars(made).update((name, row[place]) for name, place in added)
        for populator in related:
            populator.populate(row, made)
        return made

    return kept, make


def _kept_of(compiler) -> _Kept:
    sql, params = with_constants(*compiler.as_sql(), is_open=lambda param: isinstance(param, Given))
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    return _Kept(sql, params, compiler.get_converters(columns))


def _stored(kept: _Kept, given: dict[str, object]) -> list[tuple]:
    with prepared_cursor() as cursor:
        cursor.execute(kept.sql, kept.filled(given))
        return cursor.fetchall()


def _rows(kept: _Kept, given: dict[str, object]) -> list[tuple]:
    rows = _stored(kept, given)
    return [_converted(row, kept.converters) for row in rows] if kept.converters else rows


def _converted(row: tuple, converters: dict[int, tuple]) -> tuple:
    values = list(row)
    for place, (steps, column) in converters.items():
        for step in steps:
            values[place] = step(values[place], column, connection)
    return tuple(values)
