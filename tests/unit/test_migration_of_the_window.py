"""The migration that writes every day of every diary anew: on a large site it may take its time."""

from importlib import import_module
from types import SimpleNamespace

MIGRATION = import_module("programs.migrations.0016_days_close_by_the_window")


def told(vendor: str) -> list[str]:
    statements: list[str] = []
    MIGRATION.there(
        None, SimpleNamespace(connection=SimpleNamespace(vendor=vendor), execute=statements.append)
    )
    return statements


def test_no_time_limit_of_a_page_ends_it():
    statements = told("postgresql")
    assert statements[0] == "SET LOCAL statement_timeout = 0"
    assert MIGRATION.Migration.atomic, "local to its transaction"
    assert any("GENERATED ALWAYS" in statement for statement in statements)


def test_sqlite_only_loses_indexes():
    assert {statement.split(" IF ")[0] for statement in told("sqlite")} == {"DROP INDEX"}
