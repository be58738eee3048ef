"""Planted bugs never rot silently: each still fits its file. (`make planted` runs their tests.)"""

import ast
from pathlib import Path

import pytest

from scripts.planted.bug import Bug, DoesNotFit
from scripts.planted.bugs import ALL

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("bug", ALL, ids=lambda bug: bug.name)
def test_every_planted_bug_still_fits_and_changes_what_python_reads(bug):
    sound = (ROOT / bug.file).read_text()
    assert ast.dump(ast.parse(bug.planted(ROOT))) != ast.dump(ast.parse(sound))
    for file, _, name in (test.partition("::") for test in bug.tests):
        assert f"def {name}" in (ROOT / file).read_text()


def test_there_are_many_and_each_is_another():
    assert len({bug.name for bug in ALL}) == len(ALL) >= 20


@pytest.mark.parametrize("text", ["nothing of it", "old and old"])
def test_a_text_that_is_not_there_exactly_once_is_refused(text):
    with pytest.raises(DoesNotFit):
        Bug("a name", "a file", (("old", "new"),), ()).planted_in(text)


def test_the_document_names_every_planted_bug():
    page = (ROOT / "docs/testing.md").read_text()
    assert [bug.name for bug in ALL if f"| {bug.name} |" not in page] == []
