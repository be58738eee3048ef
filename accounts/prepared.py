"""Cursors whose statements PostgreSQL plans once for each connection, instead of at every asking.

The ORM writes values into the text of a statement, so that the server plans each
asking anew; for the dozen of a caseload that was a third of what the server did.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from django.db import connection
from django.db.backends.utils import CursorWrapper


class _Prepared:
    """A cursor of psycopg that sends values beside the statement."""

    def __init__(self, raw) -> None:
        self._raw, self.connection = raw, raw.connection
        self.fetchall, self.close = raw.fetchall, raw.close
        self._query = None

    def execute(self, sql: str, params: Sequence = ()) -> None:
        self._raw.execute(sql, params, prepare=True)
        # What Django writes down where queries are logged, as tests do that count them; psycopg
        # keeps nothing of a statement that it asks by the name under which it was prepared.
        self._query = SimpleNamespace(query=sql.encode(), params=params)


def prepared_cursor() -> CursorWrapper:
    """As ``connection.cursor()``; on PostgreSQL for a statement that stays prepared."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    prepared = _Prepared(connection.Database.Cursor(connection.connection))
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(prepared)


def with_constants(sql: str, params: Sequence, is_open: Callable[[object], bool]) -> tuple[str, tuple]:
    """The statement with what never changes written into it, and the parameters that are still open.

    On PostgreSQL alone: of a value that comes later the planner cannot see whether
    the index of a condition is meant for it. A percent sign stays doubled.
    """
    if connection.vendor != "postgresql" or "%%" in sql:
        return sql, tuple(params)
    first, *others = sql.split("%s")
    parts = [first]
    for param, text in zip(params, others, strict=True):
        parts += ["%s" if is_open(param) else _literal(param), text]
    return "".join(parts), tuple(filter(is_open, params))


def _literal(value: object) -> str:
    return connection.ops.compose_sql("%s", [value]).replace("%", "%%")
