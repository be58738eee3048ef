"""A disk so small that it can be filled: a tmpfs where that may be mounted, else a limit on files."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

MEGABYTES = 24
CHUNK = 64 * 1024


@contextlib.contextmanager
def small_disk() -> Iterator[tuple[Path, str]]:
    """Yield an empty folder on a disk of its own, and how that was made.

    Who may not mount gets a folder in which the process's own limit on the size of
    files stands for the disk: SQLite is told "disk I/O error" or "file too big" instead.
    """
    folder = Path(tempfile.mkdtemp(prefix="rehab-small-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    is_mounted = made.returncode == 0
    try:
        yield folder, f"a tmpfs of {MEGABYTES} MB" if is_mounted else "a limit on the size of files"
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        else:
            subprocess.run(["rm", "-rf", str(folder)], check=False)
        with contextlib.suppress(OSError):
            folder.rmdir()


class Filling:
    """A file that takes all that is left; only on a disk of our own, never on the machine's."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "filling"
        self.is_possible = os.path.ismount(folder)

    def fill(self) -> int:
        """Write until nothing more goes in, also not a single page; return the bytes."""
        with self._file.open("ab", buffering=0) as out:
            for size in (CHUNK, 4096, 512, 1):
                with contextlib.suppress(OSError):
                    while out.write(b"\0" * size) == size:
                        pass
            return out.tell()

    def make_room(self) -> None:
        self._file.unlink(missing_ok=True)
