"""Every reason for which a mail is not sent can be said in the language of whoever reads it."""

import re

import pytest

from programs.said import REASONS
from tests.architecture.source import ROOT

SKIPPED = re.compile(r"skip=\"([^\"]+)\"")
RETURNED = re.compile(r"return \"([a-z][^\"]+)\"")
SETTLED = re.compile(r"f?\"((?:its|could not)[^\":{]+)")
WHERE = (
    ("programs/mail_contents/*.py", SKIPPED),
    ("programs/services/flag_notices.py", RETURNED),
    ("programs/services/fates.py", SETTLED),
    ("accounts/services/delivery.py", SETTLED),
)


@pytest.mark.parametrize(("files", "pattern"), WHERE, ids=[files for files, _ in WHERE])
def test_a_reason_that_the_code_writes_stands_in_the_list(files, pattern):
    found = {reason for path in ROOT.glob(files) for reason in pattern.findall(path.read_text())}
    assert found
    assert found <= set(REASONS)


def test_none_stands_there_twice():
    assert len(set(REASONS)) == len(REASONS)
