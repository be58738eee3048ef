"""Files of backups that must be refused, before anything is touched; and how they are written."""

import json
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from rehab.backups import client_programs, container, tables
from rehab.backups.container import MANIFEST, check_rows, manifest_of, new_file, writing
from rehab.backups.manifest import BackupError, Manifest, refuse_another_kind

ROWS = b"0123456789" * 5_000


def a_manifest(rows, **changes) -> Manifest:
    facts = {
        "made_at": datetime(2026, 3, 2, 12, tzinfo=UTC),
        "database": "sqlite",
        "server": "3.40",
        "engine": "1.1.0",
        "migrations": (("programs", "0001_initial"),),
        "counts": {"accounts_user": 2},
        "payload": "rows",
        "bytes": rows.bytes,
        "sha256": rows.sha256,
    }
    return Manifest(**facts | changes)


def a_backup(folder: Path, **changes) -> Path:
    target = folder / "one.backup"
    with (
        new_file(target) as beside,
        writing(beside, "rows", compress=True, progress=container.nobody, total=0) as (rows, finish),
    ):
        rows.write(ROWS)
        finish(a_manifest(rows, **changes))
    return target


def test_a_backup_says_what_it_holds_and_nobody_else_can_read_it(tmp_path):
    file = a_backup(tmp_path)
    manifest = manifest_of(file)
    assert (manifest.bytes, manifest.counts) == (len(ROWS), {"accounts_user": 2})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    check_rows(file, manifest)
    assert [path.name for path in tmp_path.iterdir()] == ["one.backup"]


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    file = a_backup(tmp_path)
    before = file.read_bytes()
    with pytest.raises(BackupError, match="there already"):
        a_backup(tmp_path)
    with pytest.raises(BackupError, match="no folder"):
        a_backup(tmp_path / "absent")
    assert file.read_bytes() == before


def test_a_backup_that_breaks_off_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "one.backup") as beside:
        beside.write_bytes(b"half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path, kept):
    file = a_backup(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: kept if kept >= 1 else int(len(whole) * kept)])
    with pytest.raises(BackupError, match="cut off|no backup"):
        manifest_of(file)


def test_a_file_with_other_rows_than_it_says_is_refused(tmp_path):
    file = a_backup(tmp_path, sha256="0" * 64)
    with pytest.raises(BackupError, match="damaged"):
        check_rows(file, manifest_of(file))


def test_one_wrong_byte_is_found(tmp_path):
    file = a_backup(tmp_path)
    manifest = manifest_of(file)
    content = bytearray(file.read_bytes())
    content[60] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(BackupError):
        check_rows(file, manifest)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"format": "a photo album"}, "no backup of this software"),
        (["rehab backup"], "no backup of this software"),
        ({"format": "rehab backup", "format_version": 2}, "has format 2"),
        ({"format": "rehab backup", "format_version": 1}, "cannot be read"),
        ({"format": "rehab backup", "format_version": 1, "counts": {'x"; DROP': 1}}, "is no table"),
    ],
)
def test_a_file_of_other_software_is_refused(tmp_path, document, words):
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w") as other:
        other.writestr(MANIFEST, json.dumps(document))
    with pytest.raises(BackupError, match=words):
        manifest_of(file)


def test_a_database_file_is_no_backup(tmp_path):
    file = tmp_path / "rehab.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE one (two)")
    with pytest.raises(BackupError, match="no backup"):
        manifest_of(file)


def test_a_backup_of_a_newer_version_or_the_other_database_is_refused(tmp_path):
    known = tables.known_migrations()
    assert ("programs", "0001_initial") in known
    newer = a_backup(tmp_path, migrations=(("programs", "0001_initial"), ("programs", "9999_later")))
    with pytest.raises(BackupError, match=r"programs\.9999_later is not known here\. Upgrade first"):
        refuse_another_kind(manifest_of(newer), vendor="sqlite", known=known)
    with pytest.raises(BackupError, match="set up with postgresql"):
        refuse_another_kind(manifest_of(newer), vendor="postgresql", known=known)


# --- the client programs of PostgreSQL ------------------------------------------------------------------
@pytest.fixture
def a_server(monkeypatch):
    monkeypatch.setattr(type(connection), "pg_version", 150_004, raising=False)


def a_program(folder: Path, version: str, monkeypatch) -> None:
    file = folder / "pg_dump"
    file.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_missing_client_program_is_named_with_what_to_install(tmp_path, monkeypatch, a_server):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match=r"pg_dump is not installed.*postgresql-client-15"):
        client_programs.program("pg_dump")


def test_a_client_program_older_than_the_server_is_refused(tmp_path, monkeypatch, a_server):
    a_program(tmp_path, "13.9 (Debian 13.9-1)", monkeypatch)
    with pytest.raises(BackupError, match="of version 13, and the server of 15"):
        client_programs.program("pg_dump")
    a_program(tmp_path, "16.1", monkeypatch)
    assert client_programs.program("pg_dump") == str(tmp_path / "pg_dump")


def test_the_password_is_told_by_the_environment(monkeypatch):
    told = {"NAME": "rehab", "USER": "rehab", "PASSWORD": "se cret", "HOST": "db", "PORT": "5432"}
    options = {"OPTIONS": {"sslmode": "verify-full", "options": "-c lock_timeout=1"}}
    for name, value in (told | options).items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    environment = client_programs.environment()
    assert environment["PGPASSWORD"] == "se cret"
    assert (environment["PGHOST"], environment["PGSSLMODE"]) == ("db", "verify-full")
    assert "PGOPTIONS" not in environment, "pages' time limits would end a long dump"
