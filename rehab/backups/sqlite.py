"""SQLite: a copy of a database that is in use, and a database file put in the place of another."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.backends.sqlite3._functions import register

from rehab.backups.container import CHUNK, Progress, new_file, rows_of, settle, writing
from rehab.backups.manifest import BackupError, Manifest

PAYLOAD = "rehab.sqlite3"
#: Pages of 4 kB that are copied between two looks at how far it is.
PAGES = 2_000
STOP_IT = "The database is open elsewhere: stop the site and its jobs first."


def make(target: Path, manifest: Callable[..., Manifest], progress: Progress) -> Manifest:
    """Copy the database while others write, check the copy, put it into a new file. Raises BackupError."""
    file = Path(connection.settings_dict["NAME"])
    if not file.is_file():
        raise BackupError(f"There is no database {file}.")
    with new_file(target) as beside, _scratch(target) as copy:
        _copy(file, copy, progress)
        counts, migrations = look_at(copy)
        size = copy.stat().st_size
        with writing(beside, PAYLOAD, compress=True, progress=progress, total=size) as (rows, finish):
            with copy.open("rb") as opened:
                while chunk := opened.read(CHUNK):
                    rows.write(chunk)
            made = manifest(
                server=sqlite3.sqlite_version,
                counts=counts,
                migrations=migrations,
                payload=PAYLOAD,
                bytes=rows.bytes,
                sha256=rows.sha256,
            )
            finish(made)
    return made


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A file beside the backup that nobody else can read, gone at the end of the block."""
    copy = target.with_name(f".{target.name}.{os.getpid()}.copy")
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copy(file: Path, copy: Path, progress: Progress) -> None:
    """Page by page, in one reading transaction: whoever writes meanwhile is not held up, and is not in it."""

    def watched(status: int, left: int, total: int) -> None:
        progress((total - left) * 4096, total * 4096)

    with (
        closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as source,
        closing(sqlite3.connect(copy)) as into,
    ):
        try:
            source.execute("BEGIN")
            # Only now does it read, and the copy is of this moment.
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(into, pages=PAGES, progress=watched, sleep=0)
        except sqlite3.Error as error:
            raise BackupError(f"The database cannot be copied: {error}.") from None
    _leave_one_file(copy)


def look_at(file: Path) -> tuple[dict[str, int], tuple[tuple[str, str], ...]]:
    """Check a database file; returns table -> rows and its migrations. Raises BackupError."""
    try:
        with closing(sqlite3.connect(file)) as database:
            # Its constraints speak of functions that Django brings.
            register(database)
            found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise BackupError(f"The copy of the database is damaged: {found}.")
            named = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
            tables = [name for (name,) in database.execute(named)]
            count = 'SELECT count(*) FROM "{}"'
            counts = {name: database.execute(count.format(name)).fetchone()[0] for name in tables}
            migrations = database.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    except sqlite3.Error as error:
        why = f"This is no database of this software: {error}. A new one is made by manage.py prepare."
        raise BackupError(why) from None
    return counts, tuple(migrations)


def refuse_if_in_use() -> None:
    """Raises BackupError: who takes a database out of its write-ahead mode must be alone with it."""
    connection.close()
    file = Path(connection.settings_dict["NAME"])
    if not file.is_file():
        return
    try:
        with closing(sqlite3.connect(file, timeout=0.5, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupError(STOP_IT) from None
        # Damaged: that is why somebody restores.
    except sqlite3.DatabaseError:
        return


def bring_back(
    file: Path, manifest: Manifest, *, now: datetime, prepare: Callable[[], None], progress: Progress
) -> Path | None:
    """Put the backup in the place of the database, when ``prepare`` has made it ready; whole or not at all.

    Returns the name under which the former database is kept. Raises BackupError.
    """
    target = Path(connection.settings_dict["NAME"])
    beside = target.with_name(f"{target.name}.restoring")
    try:
        _remove(beside)
        _unpack(file, manifest, beside, progress)
        with _connected_to(beside):
            prepare()
        _leave_one_file(beside)
        refuse_if_in_use()
        former = _keep_former(target, now)
        os.replace(beside, target)
        settle(target.parent)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        _remove(beside)
    return former


def _unpack(file: Path, manifest: Manifest, beside: Path, progress: Progress) -> None:
    with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        for chunk in rows_of(file, manifest, progress):
            out.write(chunk)
    counts, migrations = look_at(beside)
    if (counts, migrations) != (manifest.counts, manifest.migrations):
        raise BackupError(f"{file} does not hold the rows that it says.")


@contextmanager
def _connected_to(file: Path) -> Iterator[None]:
    """Have Django's connection lead there, until the end of the block."""
    connection.close()
    former, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], file
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former


def _leave_one_file(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE").fetchone()
    settle(file)


def _keep_former(target: Path, now: datetime) -> Path | None:
    """Under another name, beside; a write-ahead file that a damaged one left goes along."""
    if not target.exists() or not target.stat().st_size:
        return None
    former = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%S}")
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.rename(f"{target}{suffix}", f"{former}{suffix}")
    # A second name and no rename: at no moment is there no database.
    os.link(target, former)
    return former


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
