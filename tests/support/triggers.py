"""Lets the test runner empty append-only tables between tests.

The triggers refuse DELETE, also that of Django's flush on SQLite. They are
taken off for the flush and put back in the same breath; the tests themselves
never see a database without them.
"""

from django.db.backends.sqlite3.base import DatabaseOperations

from programs.migrations._triggers import sqlite_triggers


def allow_flush(monkeypatch) -> None:
    plain_flush = DatabaseOperations.sql_flush

    def flush(self, style, tables, **options):
        statements = plain_flush(self, style, tables, **options)
        if not statements:
            return statements
        taken_off = [f"DROP TRIGGER IF EXISTS {name};" for name in sqlite_triggers()]
        put_back = [f"{statement};" for statement in sqlite_triggers().values()]
        return [*taken_off, *statements, *put_back]

    monkeypatch.setattr(DatabaseOperations, "sql_flush", flush)
