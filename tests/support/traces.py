"""Looking for somebody in every place where the site keeps anything."""

import base64
import pickle  # noqa: S403 - reads what the test's own cache has written
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import CacheEntry


def traces(*canaries: str, files: Path | None = None) -> list[str]:
    """Every place that holds one of the words, whatever their case; none where she is gone."""
    words = [word.lower() for word in canaries]
    found = []
    for place, text in _everything(files):
        found += [f"{place}: {word}" for word in words if word in text.lower()]
    return found


def _everything(files: Path | None) -> Iterator[tuple[str, str]]:
    yield from _tables()
    for session in Session.objects.all():
        yield f"session {session.pk}", str(session.get_decoded())
    for entry in CacheEntry.objects.all():
        yield f"cache {entry.pk}", str(pickle.loads(base64.b64decode(entry.value)))  # noqa: S301
    for file in sorted((files or Path(settings.EMAIL_FILE_PATH)).rglob("*")):
        if file.is_file():
            yield str(file.name), file.read_bytes().decode(errors="replace")


def _tables() -> Iterator[tuple[str, str]]:
    """Every column of every table, also of those that no model of ours knows."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", _text(value)) for name, value in zip(names, row, strict=True))


def _text(value) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
