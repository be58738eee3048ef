"""What runs on one database only exists, is about pages, and is a small part of all."""

from pathlib import Path

import pytest

from tests.one_database import PAGES_ONLY

INTEGRATION = Path(__file__).resolve().parents[1] / "integration"
MODULES = sorted(one for one in PAGES_ONLY if "::" not in one)
#: What only the database can answer.
OF_THE_DATABASE = ("transaction=True", "IntegrityError", "DatabaseError", "num_queries", "connection.vendor")


@pytest.mark.parametrize("one", PAGES_ONLY)
def test_it_is_there(one):
    """A name that is none would take nothing out, and nobody would see that it is old."""
    module, _, test = one.partition("::")
    source = (INTEGRATION / module).read_text()
    assert not test or f"def {test}(" in source


@pytest.mark.parametrize("module", MODULES)
def test_a_module_about_pages_asks_nothing_of_the_database(module):
    source = (INTEGRATION / module).read_text()
    assert [words for words in OF_THE_DATABASE if words in source] == []


def test_most_modules_run_on_both():
    assert len(MODULES) < len(list(INTEGRATION.glob("test_*.py"))) / 4
    assert list(PAGES_ONLY) == sorted(PAGES_ONLY)
