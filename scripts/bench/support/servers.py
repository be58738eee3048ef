"""A PostgreSQL of its own for a measurement, as durable as a real one, thrown away afterwards."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from scripts.prepared import running_server  # noqa: E402  (only after the path is known)
from scripts.with_postgres import Cluster  # noqa: E402

#: Nothing but what any site sets: memory, and room between checkpoints. Every commit is on the disk.
ORDINARY = ("shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=15min", "effective_cache_size=6GB")


@contextlib.contextmanager
def durable_server(settings: tuple[str, ...] = ORDINARY) -> Iterator[Cluster]:
    server = running_server(settings)
    try:
        yield server
    finally:
        server.kill()  # what it would still write is thrown away
        server.remove()


def environment(database_url: str, folder: str) -> dict[str, str]:
    """For a process of the product that uses this database, as in production."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "REHAB_VAR_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "rehab.settings",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-this-measurement-" * 3,
        "ALLOWED_HOSTS": "localhost",
    }
