"""A planted bug: one or more places of one file, and the tests that must notice."""

from dataclasses import dataclass
from pathlib import Path


class DoesNotFit(Exception):
    """The text of a bug is not in its file, or more than once: the code has changed under it."""


def near(file: str, test: str) -> tuple[str, str]:
    """Arguments for pytest: the test that is expected to notice runs before the rest of its file."""
    return f"{file}::{test}", file


@dataclass(frozen=True)
class Bug:
    """``edits`` are pairs of the text that is there exactly once, and what takes its place.

    ``tests`` are arguments for pytest, the nearest first; ``on_postgresql`` where only several writers
    can show it. ``remakes`` the database: the bug is in a migration.
    """

    name: str
    file: str
    edits: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]
    on_postgresql: bool = False
    remakes: bool = False

    @property
    def cost(self) -> int:
        """The dearest are tried first, so that all copies are busy until the end."""
        starts_all = any(test.startswith("tests/stack") for test in self.tests)
        return 4 * starts_all + 2 * self.remakes + self.on_postgresql

    def planted_in(self, text: str) -> str:
        """Return the text with the bug. Raises DoesNotFit."""
        for old, new in self.edits:
            if text.count(old) != 1:
                raise DoesNotFit(f"{self.name}: {self.file} holds {text.count(old)} times:\n{old}")
            text = text.replace(old, new)
        return text

    def planted(self, root: Path) -> str:
        """Return the whole file below a root as it is with the bug, which must still be Python."""
        found = self.planted_in((root / self.file).read_text())
        compile(found, self.file, "exec")
        return found
