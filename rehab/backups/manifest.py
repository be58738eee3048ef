"""What a backup says of itself, so that a wrong one is refused before anything is touched."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime

FORMAT = "rehab backup"
#: Raised where an older reader could not bring a file back.
FORMAT_VERSION = 1
TABLE = re.compile(r"[a-z][a-z0-9_]*")


class BackupError(Exception):
    """Said to the operator as it stands."""


@dataclass(frozen=True)
class Manifest:
    """``server`` is the version of the database, ``counts`` table -> rows; ``sha256`` is of the rows."""

    made_at: datetime
    database: str
    server: str
    engine: str
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    payload: str
    bytes: int
    sha256: str

    def as_json(self) -> dict:
        return (
            {"format": FORMAT, "format_version": FORMAT_VERSION}
            | asdict(self)
            | {"made_at": self.made_at.isoformat()}
        )


def read_manifest(document: object) -> Manifest:
    """Raises BackupError where this is no manifest, or one of a newer version of this software."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BackupError("This is no backup of this software.")
    if document.get("format_version") != FORMAT_VERSION:
        raise BackupError(
            f"This backup has format {document.get('format_version')}, and this software reads "
            f"{FORMAT_VERSION}. Install the version that made it, or a later one."
        )
    try:
        return _manifest(document)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"What this backup says of itself cannot be read: {error!r}") from None


def _manifest(document: dict) -> Manifest:
    counts = {table: int(count) for table, count in document["counts"].items()}
    if strange := [table for table in counts if not TABLE.fullmatch(table)]:
        raise ValueError(f"{strange[0]!r} is no table")
    return Manifest(
        made_at=datetime.fromisoformat(document["made_at"]),
        database=str(document["database"]),
        server=str(document["server"]),
        engine=str(document["engine"]),
        migrations=tuple((str(app), str(name)) for app, name in document["migrations"]),
        counts=counts,
        payload=str(document["payload"]),
        bytes=int(document["bytes"]),
        sha256=str(document["sha256"]),
    )


def refuse_another_kind(manifest: Manifest, *, vendor: str, known: set[tuple[str, str]]) -> None:
    """Raises BackupError where it is of the other database, or has migrations that are not known here."""
    if manifest.database != vendor:
        raise BackupError(
            f"This is a backup of {manifest.database}, and the site is set up with {vendor}. "
            "Set or unset DATABASE_URL to match it."
        )
    if newer := [".".join(one) for one in manifest.migrations if one not in known]:
        raise BackupError(
            f"This backup is of a newer version of this software: {newer[0]} is not known here"
            f"{f', and {len(newer) - 1} more' if len(newer) > 1 else ''}. Upgrade first, then restore."
        )
