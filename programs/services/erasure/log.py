"""A list of erasures outside the database, so that a backup which brings somebody back can be told so.

``var/erasures.log``: one line for each, with the reference that her account had
and nothing else of her. It means nothing without a database in which she still
is. Written before and after the transaction: a line that only says ``begun``
is of an erasure that perhaps never came about.
"""

import datetime
import errno
import logging
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)
NAME = "erasures.log"
BEGUN, DONE = "begun", "done"


@dataclass(frozen=True, slots=True)
class Logged:
    """One person in the list; ``is_done`` is False where only the beginning is known."""

    reference: uuid.UUID
    at: datetime.datetime
    is_done: bool


def file_of_the_site() -> Path:
    return Path(settings.VAR_DIR) / NAME


def note_begun(*, reference: uuid.UUID, now: datetime.datetime) -> None:
    """Before anything goes. Raises OSError: an erasure that nobody could repeat does not begin."""
    _append(reference, now, BEGUN)


def note_done(*, reference: uuid.UUID, now: datetime.datetime) -> None:
    """After the commit: she is gone, whatever becomes of this line."""
    try:
        _append(reference, now, DONE)
    except OSError:
        logger.exception("The list of erasures has no second line for %s; write it by hand", reference)


def _append(reference: uuid.UUID, now: datetime.datetime, word: str) -> None:
    file, line = file_of_the_site(), f"{now.isoformat()} {word} {reference}\n".encode()
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # One write of one short line: several processes may do it at once.
        if os.write(descriptor, line) != len(line):
            raise OSError(errno.ENOSPC, "half a line was written; complete or remove it", str(file))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(file: Path) -> list[Logged]:
    """Everybody in the list, each once. Raises ValueError with the line that is none."""
    found: dict[uuid.UUID, Logged] = {}
    for line in _lines(file):
        is_done = line.is_done or (line.reference in found and found[line.reference].is_done)
        found[line.reference] = Logged(line.reference, line.at, is_done)
    return list(found.values())


def _lines(file: Path) -> Iterator[Logged]:
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        parts = line.split()
        if not parts:
            continue
        try:
            at, word, reference = parts
            if word not in (BEGUN, DONE):
                raise ValueError(word)
            yield Logged(uuid.UUID(reference), datetime.datetime.fromisoformat(at), word == DONE)
        except ValueError:
            raise ValueError(f"{file}, line {number} is no line of a list of erasures.") from None
