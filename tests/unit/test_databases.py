"""The template of the test databases: whole, or every process would migrate its copy again, unnoticed."""

import sqlite3
from contextlib import closing

from django.db.migrations.loader import MigrationLoader

from tests.support.databases import a_migrated_copy


def test_a_copy_has_every_migration(tmp_path, tmp_path_factory):
    file = tmp_path / "copy.sqlite3"
    a_migrated_copy(tmp_path_factory, file)
    with closing(sqlite3.connect(file)) as copy:
        applied = copy.execute("SELECT app, name FROM django_migrations").fetchall()
    assert set(applied) == set(MigrationLoader(None).disk_migrations)
