"""House sizes: modules of at most 300 lines, functions of at most 40, views of about 20; tests are freer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import modules, relative, tree_of

LONGEST_MODULE = 300
LONGEST_TEST_MODULE = 500
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
#: Folders and files that may be longer -> why.
EXEMPT = {
    "accounts/migrations": "as makemigrations writes them",
    "programs/migrations": "as makemigrations writes them",
    "scripts/mutate_engine.py": "one tool, run by hand; its parts are of use to nothing else",
}


def sources(*folders: str) -> Iterator[Path]:
    return modules(*folders, but=tuple(EXEMPT))


def too_long(path: Path, limit: int) -> list[str]:
    lengths = (
        (node.end_lineno - node.lineno + 1, node)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [
        f"{relative(path)}:{node.lineno} {node.name}() has {length} lines"
        for length, node in lengths
        if length > limit
    ]


@pytest.mark.parametrize(
    ("folder", "limit"),
    [
        ("accounts", LONGEST_MODULE),
        ("programs", LONGEST_MODULE),
        ("rehab", LONGEST_MODULE),
        ("scripts", LONGEST_MODULE),
        ("tests", LONGEST_TEST_MODULE),
    ],
)
def test_modules_are_short(folder, limit):
    lengths = {path: len(path.read_text().splitlines()) for path in sources(folder)}
    assert not [f"{relative(path)}: {length} lines" for path, length in lengths.items() if length > limit]


@pytest.mark.parametrize("folder", ["accounts", "programs", "rehab", "scripts", "tests"])
def test_functions_are_short(folder):
    assert not [offender for path in sources(folder) for offender in too_long(path, LONGEST_FUNCTION)]


@pytest.mark.parametrize("app", ["accounts", "programs"])
def test_views_are_short(app):
    """One door, one form, one service, one selector."""
    paths = [path for path in sources(app) if "views" in (path.stem, path.parent.name)]
    assert not [offender for path in paths for offender in too_long(path, LONGEST_VIEW)]


@pytest.mark.parametrize("place", EXEMPT)
def test_what_is_exempt_is_there(place):
    assert list(modules(place))
