"""Lets the test runner empty append-only tables between tests.

The triggers refuse the flush as well: DELETE on SQLite, TRUNCATE on
PostgreSQL. They are taken off for the flush and put back in the same breath;
the tests themselves never see a database without them.
"""

import importlib

from django.db.backends.postgresql.base import DatabaseOperations as PostgresOperations
from django.db.backends.sqlite3.base import DatabaseOperations as SqliteOperations

from accounts.migrations import _triggers as of_accounts
from programs.migrations import _triggers as of_programs

again = importlib.import_module("programs.migrations.0005_append_only_again")
acts = importlib.import_module("programs.migrations.0007_append_only_acts")
TABLES = (
    *of_accounts.APPEND_ONLY_TABLES,
    *of_programs.APPEND_ONLY_TABLES,
    *again.NEW,
    *acts.NEW,
)


def sqlite_triggers() -> dict[str, str]:
    """As the migrations leave them: the later statement of a name wins."""
    of_people = tuple(table for table in TABLES if table != "programs_libraryitem")
    return of_programs.sqlite_triggers() | of_accounts.sqlite_append_only(of_people)


def allow_flush(monkeypatch) -> None:
    sqlite_flush, postgres_flush = SqliteOperations.sql_flush, PostgresOperations.sql_flush

    def flush_sqlite(self, style, tables, **options):
        statements = sqlite_flush(self, style, tables, **options)
        if not statements:
            return statements
        taken_off = [f"DROP TRIGGER IF EXISTS {name};" for name in sqlite_triggers()]
        put_back = [f"{statement};" for statement in sqlite_triggers().values()]
        return [*taken_off, *statements, *put_back]

    def flush_postgres(self, style, tables, **options):
        statements = postgres_flush(self, style, tables, **options)
        if not statements:
            return statements
        guarded = [table for table in TABLES if table in tables]
        taken_off = [f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in guarded]
        put_back = [f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in guarded]
        return [*taken_off, *statements, *put_back]

    monkeypatch.setattr(SqliteOperations, "sql_flush", flush_sqlite)
    monkeypatch.setattr(PostgresOperations, "sql_flush", flush_postgres)
