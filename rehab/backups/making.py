"""A backup of whichever database the site has."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection

from programs.engine import ENGINE_VERSION
from rehab.backups import postgresql, sqlite
from rehab.backups.container import Progress, nobody
from rehab.backups.manifest import Manifest


def back_up(target: Path, *, now: datetime, progress: Progress = nobody) -> Manifest:
    """Write everything that the database holds at this moment into a new file. Raises BackupError."""

    def manifest(**facts) -> Manifest:
        return Manifest(made_at=now, database=connection.vendor, engine=ENGINE_VERSION, **facts)

    return _of(connection.vendor)(target, manifest, progress)


def _of(vendor: str) -> Callable[..., Manifest]:
    return {"sqlite": sqlite.make, "postgresql": postgresql.make}[vendor]
