"""A test database that begins as a copy: migrating one takes ten seconds, and every process needs its own.

Where tests run in several processes, the first that needs a database has a template migrated, and all
copy it. A run makes it anew, and Django still migrates the copy, which finds nothing to do.
"""

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.sqlite3.creation import DatabaseCreation

from scripts.with_postgres import system_binaries

ROOT = Path(__file__).resolve().parents[2]
NAME = "test_template"
#: Variable with a folder that lives as long as a whole run; scripts/test.py sets it.
OF_ALL_PARTS = "REHAB_TEST_TEMPLATES"


def begin_with_a_copy(factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the test database of this process made from the template; alone, it is migrated as usual."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    if connection.vendor == "postgresql":
        _once(factory, _make_on_postgresql)
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME
    else:
        _fill_sqlite(factory, monkeypatch)


def a_migrated_copy(factory: pytest.TempPathFactory, file: Path) -> None:
    """Put a copy of the SQLite template there."""
    with closing(sqlite3.connect(file)) as target:
        _copy_into(target, factory)


def migrate_postgresql(url: str, folder: Path) -> None:
    """Migrate an empty database, or fill in what another part of the run has migrated, in a second."""
    shared, tools = os.environ.get(OF_ALL_PARTS), system_binaries()
    if not (shared and tools and (tools / "pg_dump").exists()):
        _migrate(folder, DATABASE_URL=url)
        return
    dump = Path(shared, "postgresql.sql")
    with dump.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not dump.exists():
            _migrate(folder, DATABASE_URL=url)
            beside = dump.with_suffix(".part")
            subprocess.run([tools / "pg_dump", "--no-owner", "-d", url, "-f", beside], check=True)
            beside.rename(dump)
            return
    options = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", dump)
    subprocess.run([tools / "psql", *options], stdout=subprocess.DEVNULL, check=True)


def _once(factory: pytest.TempPathFactory, make) -> Path:
    """The folder in which that was made, once for all processes of this run, and for all its parts."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    if make is _make_on_sqlite and os.environ.get(OF_ALL_PARTS):
        base = Path(os.environ[OF_ALL_PARTS])
    folder = base / f"template-{make.__name__}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


def _migrate(folder: Path, **database: str) -> None:
    """In a process of its own, as an operator does it, whatever database the tests have."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    # Not those of the tests: they would put the database where the tests have theirs.
    ours = {"DJANGO_SETTINGS_MODULE": "rehab.settings", "REHAB_ENV_FILE": os.devnull}
    ours |= {"REHAB_VAR_DIR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=usual | ours | database, check=True)


def _make_on_sqlite(folder: Path) -> None:
    _migrate(folder)


def _make_on_postgresql(folder: Path) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}"')
        cursor.execute(f'CREATE DATABASE "{NAME}"')
    address, mark, options = os.environ["DATABASE_URL"].partition("?")
    migrate_postgresql(f"{address.rpartition('/')[0]}/{NAME}{mark}{options}", folder)


def _copy_into(target: sqlite3.Connection, factory: pytest.TempPathFactory) -> None:
    with closing(sqlite3.connect(_once(factory, _make_on_sqlite) / "rehab.sqlite3")) as source:
        source.backup(target)


def _fill_sqlite(factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    create = DatabaseCreation._create_test_db

    def create_filled(self, *arguments, **options) -> str:
        name = create(self, *arguments, **options)
        # A database in memory lives as long as somebody is connected; Django's own connection stays.
        self.connection.settings_dict["NAME"] = name
        self.connection.connect()
        _copy_into(self.connection.connection, factory)
        # Asked of the database once, by whoever first writes JSON into a query: no test shall count it.
        assert self.connection.features.supports_json_field
        return name

    monkeypatch.setattr(DatabaseCreation, "_create_test_db", create_filled)
