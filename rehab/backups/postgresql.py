"""PostgreSQL: pg_dump of one snapshot, and everything of it back in one transaction."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from programs.mailing.reasons import BEFORE_RESTORE
from programs.services.holds import BEING_RESTORED, HOLD
from rehab.backups import tables
from rehab.backups.client_programs import Running, program, running
from rehab.backups.container import CHUNK, Payload, Progress, new_file, rows_of, writing
from rehab.backups.manifest import BackupError, Manifest

PAYLOAD = "rehab.dump"
#: Milliseconds that pg_dump waits for a migration which holds a table.
LOCK_WAIT = 60_000
WITHOUT_OWNERS = ("--no-owner", "--no-privileges", "--no-comments")
#: Written by client programs from 17 on whatever the server is; older servers do not know it.
TOO_NEW = b"SET transaction_timeout = 0;\n"
PREAMBLE = 4096
COMPLETE = """
DO $$ BEGIN IF (SELECT count(*) FROM public."{table}") <> {count}
THEN RAISE EXCEPTION 'not all rows of {table} have come back'; END IF; END $$;
"""
HELD_AT_ONCE = """
INSERT INTO public.programs_jobheartbeat (name, beat_at, note) VALUES ('{hold}', {at}, '{note}')
ON CONFLICT (name) DO UPDATE SET beat_at = {at}, note = '{note}';
UPDATE public.accounts_accountmail SET status = 'expired', settled_at = {at}, text = '', html = '',
outcome = '{outcome}', leased_until = NULL WHERE status = 'owed';
"""


def make(target: Path, manifest: Callable[..., Manifest], progress: Progress) -> Manifest:
    """Dump one snapshot of the database into a new file; the counts are of it too. Raises BackupError."""
    program("pg_dump")
    with (
        new_file(target) as beside,
        _snapshot() as (snapshot, total),
        writing(beside, PAYLOAD, compress=False, progress=progress, total=total) as (rows, finish),
    ):
        _dump(snapshot, rows)
        made = manifest(
            server=str(connection.pg_version),
            counts=tables.counts(),
            migrations=tables.migrations(),
            payload=PAYLOAD,
            bytes=rows.bytes,
            sha256=rows.sha256,
        )
        finish(made)
    return made


def _dump(snapshot: str, rows: Payload) -> None:
    options = ("--format=custom", f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}")
    with running("pg_dump", "--no-password", *options, stdout=subprocess.PIPE) as dump:
        while chunk := dump.process.stdout.read(CHUNK):
            rows.write(chunk)
        if dump.process.wait():
            raise dump.failure()


@contextmanager
def _snapshot() -> Iterator[tuple[str, int]]:
    """What the database holds at this moment, for pg_dump and for us; and about how many bytes that makes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # The dump may take longer than any page or job is allowed to.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), pg_database_size(current_database()) / 5")
        yield cursor.fetchone()


def refuse_if_in_use() -> None:
    """Raises BackupError where anybody else is connected, and where a program is missing that it takes."""
    for name in ("pg_restore", "psql"):
        program(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupError(
            f"The database is open elsewhere ({others} times): stop the site, its workers and beat first."
        )


def bring_back(
    file: Path, manifest: Manifest, *, now: datetime, prepare: Callable[[], None], progress: Progress
) -> None:
    """Replace all tables of ours by those of the backup in one transaction, then ``prepare``.

    With the rows comes the hold, so that a job which starts too early does nothing.
    Raises BackupError; before the end of that transaction nothing has changed.
    """
    before, after = "".join(_drops(manifest)), "".join(_checks(manifest)) + _hold(now)
    connection.close()
    with (
        running(
            "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", stdin=subprocess.PIPE
        ) as psql,
        running(
            "pg_restore", "--file=-", *WITHOUT_OWNERS, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as restore,
    ):
        try:
            _pour(file, manifest, restore, psql, f"BEGIN;\n{before}", f"{after}COMMIT;\n", progress)
        except BrokenPipeError:
            psql.process.wait()
            raise psql.failure() from None
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ANALYZE")
    prepare()


def _pour(
    file: Path, manifest: Manifest, restore: Running, psql: Running, first: str, last: str, progress: Progress
) -> None:
    """From the file through pg_restore to psql; ``last`` is said only where all that came before is whole."""
    faults: list[Exception] = []

    def feed() -> None:
        try:
            for chunk in rows_of(file, manifest, progress):
                restore.process.stdin.write(chunk)
            restore.process.stdin.close()
        except Exception as fault:  # noqa: BLE001 - raised again in the thread that waits
            faults.append(fault)
            restore.process.kill()

    feeder = threading.Thread(target=feed, name="feeder", daemon=True)
    feeder.start()
    out = psql.process.stdin
    out.write(first.encode())
    preamble = restore.process.stdout.read(PREAMBLE)
    out.write(preamble.replace(TOO_NEW, b"") if connection.pg_version < 170_000 else preamble)
    while chunk := restore.process.stdout.read(CHUNK):
        out.write(chunk)
    feeder.join()
    if restore.process.wait():
        raise next((fault for fault in faults if isinstance(fault, BackupError)), restore.failure())
    out.write(last.encode())
    out.close()
    if psql.process.wait():
        raise psql.failure()


def _drops(manifest: Manifest) -> Iterator[str]:
    """Our tables and functions, and whatever the backup brings; what others keep there stays."""
    quote = connection.ops.quote_name
    for table in sorted(tables.ours() | manifest.counts.keys()):
        yield f"DROP TABLE IF EXISTS public.{quote(table)} CASCADE;\n"
    for function in tables.functions():
        yield f"DROP FUNCTION {function} CASCADE;\n"


def _checks(manifest: Manifest) -> Iterator[str]:
    """Every table has as many rows as the backup says, or nothing is kept. Their names were looked at."""
    for table, count in manifest.counts.items():
        yield COMPLETE.format(table=table, count=count)


def _hold(now: datetime) -> str:
    return HELD_AT_ONCE.format(
        hold=HOLD, at=f"'{now.isoformat()}'", note=BEING_RESTORED, outcome=BEFORE_RESTORE
    )
