"""A list of erasures outside the database, so that a backup which brings somebody back can be told so.

``var/erasures.log``: one line for each, with the reference that her account had
and nothing else of her. It means nothing without a database in which she still
is. Written before and after the transaction: a line that only says ``begun``
is of an erasure that perhaps never came about.

A crash while a line is written may leave a part of it. Nothing is lost with
that: a first line is on the disk before anything goes, and of whoever has no
second line the first one is there. The next line begins a new one, and
whoever reads the list is told (``cut_off``).
"""

import datetime
import errno
import logging
import os
import string
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)
NAME = "erasures.log"
BEGUN, DONE = "begun", "done"
#: How a line looks, 9 for a digit and x for a hexadecimal one: what fits its beginning was cut off.
_SHAPES = tuple(
    f"9999-99-99T99:99:99{micros}+99:99 {word} xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
    for micros in ("", ".999999")
    for word in (BEGUN, DONE)
)


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
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if _ends_in_mid_line(descriptor):
            line = b"\n" + line
        # One write of one short line: several processes may do it at once.
        if os.write(descriptor, line) != len(line):
            raise OSError(errno.ENOSPC, "half a line was written", str(file))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_in_mid_line(descriptor: int) -> bool:
    """A crash left a part of a line, which would swallow the next one."""
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def read(file: Path) -> list[Logged]:
    """Everybody in the list, each once, but for lines that were cut off (``cut_off``).

    Raises ValueError with the line that is none.
    """
    found: dict[uuid.UUID, Logged] = {}
    for line in _whole_lines(file):
        is_done = line.is_done or (line.reference in found and found[line.reference].is_done)
        found[line.reference] = Logged(line.reference, line.at, is_done)
    return list(found.values())


def cut_off(file: Path) -> list[str]:
    """Of each line that was cut off when it was written: where it stands, and what is there of it."""
    lines = _lines(file)
    return [f"{file}, line {number}: “{line}”" for number, line in lines if line and _is_cut_off(line)]


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Number and text; where the power failed, a disk may have kept zeros in place of letters."""
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
        yield number, line.replace("\0", "").strip()


def _is_cut_off(line: str) -> bool:
    return any(len(line) < len(shape) and all(map(_fits, line, shape)) for shape in _SHAPES)


def _fits(letter: str, place: str) -> bool:
    if place == "x":
        return letter in string.hexdigits
    return letter in string.digits if place == "9" else letter == place


def _whole_lines(file: Path) -> Iterator[Logged]:
    for number, line in _lines(file):
        if not line or _is_cut_off(line):
            continue
        try:
            at, word, reference = line.split()
            if word not in (BEGUN, DONE):
                raise ValueError(word)
            yield Logged(uuid.UUID(reference), datetime.datetime.fromisoformat(at), word == DONE)
        except ValueError:
            raise ValueError(f"{file}, line {number} is no line of a list of erasures.") from None
