"""Concurrent pain scores on SQLite: our settings against Django's own defaults.

Four processes read a row and write it back in one transaction, as a check-in
does. Counted: transactions a second, and those refused with "database is
locked", each of which would have been a lost score.

    .venv/bin/python scripts/bench/sqlite.py [SECONDS]
"""

import multiprocessing
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

PROCESSES = 4
SECONDS = 2.0  # of each way, in each round
ROUNDS = 2
OURS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL")
WAYS = {"Django's defaults": ("BEGIN", 5.0, ()), "ours": ("BEGIN IMMEDIATE", 20.0, OURS)}


def write(path: Path, way: str, seconds: float, results: multiprocessing.Queue) -> None:
    begin, timeout, pragmas = WAYS[way]
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    for pragma in pragmas:
        connection.execute(pragma)
    done = refused = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            connection.execute(begin)
            (score,) = connection.execute("SELECT score FROM entry WHERE id = 1").fetchone()
            connection.execute("UPDATE entry SET score = ? WHERE id = 1", (score + 1,))
            connection.execute("COMMIT")
            done += 1
        except sqlite3.OperationalError:
            refused += 1
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    results.put((done, refused))


def measure(way: str, seconds: float) -> tuple[int, int]:
    """Return transactions done and refused by all processes together."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, score INTEGER)")
            connection.execute("INSERT INTO entry VALUES (1, 0)")
        results = multiprocessing.Queue()
        given = (path, way, seconds, results)
        writers = [multiprocessing.Process(target=write, args=given) for _ in range(PROCESSES)]
        for writer in writers:
            writer.start()
        counts = [results.get() for _ in writers]
        for writer in writers:
            writer.join()
    return sum(done for done, _ in counts), sum(refused for _, refused in counts)


def main(each: float) -> int:
    totals = {way: [0, 0] for way in WAYS}
    for _ in range(ROUNDS):
        for way, total in totals.items():
            done, refused = measure(way, each)
            total[0] += done
            total[1] += refused
    seconds = each * ROUNDS
    for way, (done, refused) in totals.items():
        print(f"{way:18} {done / seconds:8.0f} transactions/s, {refused} refused")
    default, ours = (totals[way] for way in WAYS)
    print(f"ratio {ours[0] / max(default[0], 1):.1f}; SQLite {sqlite3.sqlite_version}")
    return 1 if ours[1] else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
