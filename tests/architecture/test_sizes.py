"""House sizes: modules of at most 300 lines, functions of at most 40, views of about 20."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25


def sources() -> Iterator[Path]:
    for folder in ("accounts", "programs", "rehab"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def too_long(path: Path, limit: int) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}() has {node.end_lineno - node.lineno + 1} lines"
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > limit
    ]


def test_modules_are_short():
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    offenders = [f"{path.relative_to(ROOT)}: {n} lines" for path, n in lengths.items() if n > LONGEST_MODULE]
    assert not offenders


def test_functions_are_short():
    assert not [offender for path in sources() for offender in too_long(path, LONGEST_FUNCTION)]


@pytest.mark.parametrize("app", ["accounts", "programs"])
def test_views_are_short(app):
    """One door, one form, one service, one selector."""
    paths = [path for path in (ROOT / app).rglob("*.py") if "views" in (path.stem, path.parent.name)]
    assert not [offender for path in paths for offender in too_long(path, LONGEST_VIEW)]
