"""Our source as trees, for the tests that read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("accounts", "programs", "rehab")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def modules(*places: str, but: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the modules of folders and files, without those that lie in ``but``."""
    for place in places:
        found = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
        for path in found:
            if not any(path.is_relative_to(ROOT / skipped) for skipped in but):
                yield path


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a tree imports; relative names begin with a dot."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from ((part.lineno, alias.name) for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            yield part.lineno, "." * part.level + (part.module or "")


def imported_names(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of every ``from … import name``."""
    for part in ast.walk(node):
        if isinstance(part, ast.ImportFrom):
            yield from ((part.lineno, f"{part.module}.{alias.name}") for alias in part.names)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def where(path: Path, line: int) -> str:
    return f"{relative(path)}:{line}"
