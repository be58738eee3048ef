"""One wall clock for all processes of a run, that can be put forward, back, and out of step."""

import ctypes
import datetime
import mmap
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("wallshift.c")
MICROSECONDS = 1_000_000
SIZE = 8


def compiler() -> str | None:
    """Return a C compiler, without which no clock can be moved."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


class Clock:
    """The wall clock that started processes see: the machine's and an offset, in a file for each role.

    Roles are kept in step, but for one that is put out of step on purpose.
    """

    def __init__(self, folder: Path, start: datetime.datetime) -> None:
        self._folder = folder
        self._library = folder / "wallshift.so"
        subprocess.run(
            [compiler(), "-O2", "-shared", "-fPIC", "-o", self._library, SOURCE, "-ldl"], check=True
        )
        self._offset = start - datetime.datetime.now(datetime.UTC)
        self._cells: dict[str, ctypes.c_int64] = {}
        self._apart: dict[str, datetime.timedelta] = {}

    def environment(self, role: str) -> dict[str, str]:
        """Return what makes a process see this clock."""
        file = self._folder / f"clock-{role}"
        if role not in self._cells:
            file.write_bytes(bytes(SIZE))
            file.chmod(0o644)
            with file.open("r+b") as opened:
                self._cells[role] = ctypes.c_int64.from_buffer(mmap.mmap(opened.fileno(), SIZE))
            self._write()
        return {"LD_PRELOAD": str(self._library), "WALLSHIFT_FILE": str(file)}

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + self._offset

    def jump(self, **by: float) -> None:
        """Put the clocks of all forward, or back: ``jump(hours=-1)``."""
        self._offset += datetime.timedelta(**by)
        self._write()

    def put_apart(self, role: str, **by: float) -> None:
        """Put one role's clock out of step with the others; with nothing, back into step."""
        self._apart[role] = datetime.timedelta(**by)
        self._write()

    def _write(self) -> None:
        for role, cell in self._cells.items():
            shown = self._offset + self._apart.get(role, datetime.timedelta(0))
            cell.value = int(shown.total_seconds() * MICROSECONDS)


def before_both_changes(now: datetime.datetime) -> datetime.datetime:
    """The next end of March: clocks go forward in Europe, and a week later back in Australia."""
    year = now.year + (now.month > 2)
    last = datetime.date(year, 3, 31)
    sunday = last - datetime.timedelta(days=(last.weekday() + 1) % 7)
    return datetime.datetime.combine(
        sunday - datetime.timedelta(days=2), datetime.time(2, 55), tzinfo=datetime.UTC
    )
