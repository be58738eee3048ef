"""Two writers of one SQLite file, with our options: the second waits, and neither is refused."""

import contextlib
import threading
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from rehab import databases

#: Longer than it takes to begin a transaction; far shorter than the patience of a writer.
A_MOMENT = 0.5


def connected_to(file: Path) -> BaseDatabaseWrapper:
    return ConnectionHandler({"default": databases.sqlite(file)})["default"]


def test_who_reads_and_then_writes_is_not_refused_because_another_wrote_meanwhile(tmp_path):
    """With SQLite's own way (DEFERRED) the second of two check-ins was lost: "database is locked"."""
    file, failed, both_have_read = tmp_path / "file.sqlite3", [], threading.Barrier(2)
    with connected_to(file).cursor() as cursor:
        cursor.execute("CREATE TABLE counted (number INTEGER)")
        cursor.execute("INSERT INTO counted VALUES (0)")

    def count() -> None:
        connection = connected_to(file)
        try:
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            number = connection.cursor().execute("SELECT number FROM counted").fetchone()[0]
            with contextlib.suppress(threading.BrokenBarrierError):
                both_have_read.wait(A_MOMENT)
            connection.cursor().execute("UPDATE counted SET number = %s", [number + 1])
            connection.commit()
        except Exception as error:  # noqa: BLE001 - handed to the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with connected_to(file).cursor() as cursor:
        assert (failed, cursor.execute("SELECT number FROM counted").fetchone()[0]) == ([], 2)
