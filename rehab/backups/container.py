"""The file of a backup: a zip with the rows and a manifest; mode 0600, whole or not at all."""

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from rehab.backups.manifest import BackupError, Manifest, read_manifest

MANIFEST = "manifest.json"
CHUNK = 1 << 20
#: Bytes so far, and of how many about; 0 where nobody knows.
Progress = Callable[[int, int], None]
NO_BACKUP = "This is no backup, or one that was cut off: "
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError)


def nobody(done: int, total: int) -> None:
    """Progress that nobody watches."""


class Payload:
    """The rows on their way into the file: what they come to is counted as they pass."""

    def __init__(self, out: IO[bytes], progress: Progress, total: int) -> None:
        self._out, self._progress, self._total = out, progress, total
        self._digest = hashlib.sha256()
        self.bytes = 0

    def write(self, chunk: bytes) -> None:
        self._out.write(chunk)
        self._digest.update(chunk)
        self.bytes += len(chunk)
        self._progress(self.bytes, self._total)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@contextlib.contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Yield a name beside ``target`` to write to; it becomes ``target`` where the block ends well.

    Never in place of a file that is there. Raises BackupError.
    """
    if target.exists():
        raise BackupError(f"{target} is there already, and is never written over.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.")
    beside = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield beside
        settle(beside)
        try:
            # Unlike a rename, this fails where somebody else was faster.
            os.link(beside, target)
        except FileExistsError:
            raise BackupError(f"{target} is there already, and is never written over.") from None
        settle(target.parent)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        beside.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk and not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def writing(
    file: Path, payload: str, *, compress: bool, progress: Progress, total: int
) -> Iterator[tuple[Payload, Callable[[Manifest], None]]]:
    """Yield where the rows go, and what ends the file with a manifest."""
    how = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", how, allowZip64=True, compresslevel=3 if compress else None) as container:
        with container.open(payload, "w", force_zip64=True) as out:
            rows = Payload(out, progress, total)
            manifests: list[Manifest] = []
            yield rows, manifests.append
        for manifest in manifests:
            container.writestr(MANIFEST, json.dumps(manifest.as_json(), indent=1))


def manifest_of(file: Path) -> Manifest:
    """Raises BackupError with what is wrong with the file."""
    try:
        with zipfile.ZipFile(file) as container:
            return read_manifest(json.loads(container.read(MANIFEST)))
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror or error}.") from None
    except UNREADABLE as error:
        raise BackupError(f"{NO_BACKUP}{file} ({error}).") from None


def rows_of(file: Path, manifest: Manifest, progress: Progress = nobody) -> Iterator[bytes]:
    """Yield the rows' file in pieces; where they are not what was written, ends in a BackupError."""
    digest, done = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(file) as container, container.open(manifest.payload) as rows:
            while chunk := rows.read(CHUNK):
                digest.update(chunk)
                done += len(chunk)
                progress(done, manifest.bytes)
                yield chunk
    except UNREADABLE as error:
        raise BackupError(f"{NO_BACKUP}{file} ({error}).") from None
    if (done, digest.hexdigest()) != (manifest.bytes, manifest.sha256):
        raise BackupError(f"{file} is damaged: its rows are not those that were written.")


def check_rows(file: Path, manifest: Manifest, progress: Progress = nobody) -> None:
    """Read all of it once before anything is touched. Raises BackupError."""
    for _ in rows_of(file, manifest, progress):
        pass
