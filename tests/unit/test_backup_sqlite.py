"""SQLite files that are copied while somebody writes, and put in each other's place whole or not at all."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from rehab.backups import container, sqlite
from rehab.backups.container import manifest_of
from rehab.backups.manifest import BackupError, Manifest

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fill(file: Path, *words: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE diary (word text)")
        database.execute("CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text)")
        database.execute("INSERT INTO django_migrations VALUES (1, 'programs', '0001_initial')")
        database.executemany("INSERT INTO diary VALUES (?)", [(word,) for word in words])
        database.commit()


def words_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [word for (word,) in database.execute("SELECT word FROM diary ORDER BY rowid")]


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """The database of the site."""
    found = tmp_path / "rehab.sqlite3"
    site = SimpleNamespace(settings_dict={"NAME": found}, close=lambda: None)
    monkeypatch.setattr(sqlite, "connection", site)
    fill(found, "one", "two")
    return found


def back_up(target: Path) -> Manifest:
    def manifest(**facts) -> Manifest:
        return Manifest(made_at=NOW, database="sqlite", engine="1.1.0", **facts)

    return sqlite.make(target, manifest, container.nobody)


def bring_back(backup: Path, prepare=lambda: None) -> Path | None:
    return sqlite.bring_back(backup, manifest_of(backup), now=NOW, prepare=prepare, progress=container.nobody)


def test_a_copy_is_of_one_moment_and_holds_up_nobody(file, tmp_path):
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO diary VALUES ('not yet')")
        made = back_up(tmp_path / "one.backup")
        writer.execute("COMMIT")
    assert made.counts == {"diary": 2, "django_migrations": 1}
    assert words_of(file) == ["one", "two", "not yet"]


def test_it_comes_back_whole_and_the_former_one_is_kept(file, tmp_path):
    back_up(tmp_path / "one.backup")
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM diary")
        database.commit()
    former = bring_back(tmp_path / "one.backup")
    assert words_of(file) == ["one", "two"]
    assert words_of(former) == []
    assert file.stat().st_mode & 0o077 == 0


def test_what_goes_wrong_on_the_way_changes_nothing(file, tmp_path):
    back_up(tmp_path / "one.backup")
    with closing(sqlite3.connect(file)) as database:
        database.execute("INSERT INTO diary VALUES ('since')")
        database.commit()

    def prepare() -> None:
        raise BackupError("The ledger differs.")

    with pytest.raises(BackupError, match="ledger"):
        bring_back(tmp_path / "one.backup", prepare)
    assert words_of(file) == ["one", "two", "since"]
    assert {path.name for path in tmp_path.iterdir()} <= {
        file.name,
        f"{file.name}-wal",
        f"{file.name}-shm",
        "one.backup",
    }


def test_a_database_that_somebody_has_open_is_not_replaced(file, tmp_path):
    back_up(tmp_path / "one.backup")
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT * FROM diary").fetchall()
        with pytest.raises(BackupError, match="stop the site"):
            bring_back(tmp_path / "one.backup")
        assert words_of(file) == ["one", "two"]
    sqlite.refuse_if_in_use()


def test_a_damaged_database_can_be_replaced(file, tmp_path):
    back_up(tmp_path / "one.backup")
    file.write_bytes(b"no database at all" * 500)
    former = bring_back(tmp_path / "one.backup")
    assert words_of(file) == ["one", "two"]
    assert former.read_bytes().startswith(b"no database")


def test_a_damaged_database_is_not_backed_up(file, tmp_path):
    content = bytearray(file.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    file.write_bytes(content)
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    with pytest.raises(BackupError, match="damaged|no database|copied"):
        back_up(tmp_path / "one.backup")
    assert not list(tmp_path.glob("*.backup")) and not list(tmp_path.glob(".*"))


def test_a_missing_database_is_no_empty_backup(file, tmp_path):
    file.unlink()
    with pytest.raises(BackupError, match="no database"):
        back_up(tmp_path / "one.backup")
