"""Every reason for which a mail is not sent can be said in the language of whoever reads it."""

import re

import pytest

from programs.said import REASONS
from tests.architecture.source import ROOT

SKIPPED = re.compile(r"skip=\"([^\"]+)\"")
RETURNED = re.compile(r"return \"([a-z][^\"]+)\"")
SETTLED = re.compile(r"f?\"((?:its|could not)[^\":{]+)")
#: They take theirs from ``programs.mailing.reasons``.
WITHOUT = (("programs/mail_contents/*.py", SKIPPED), ("programs/services/flag_notices.py", RETURNED))
WHERE = (
    ("programs/services/fates.py", SETTLED),
    ("accounts/services/delivery.py", SETTLED),
)


@pytest.mark.parametrize(("files", "pattern"), WHERE, ids=[files for files, _ in WHERE])
def test_a_reason_that_the_code_writes_stands_in_the_list(files, pattern):
    found = {reason for path in ROOT.glob(files) for reason in pattern.findall(path.read_text())}
    assert found
    assert found <= set(REASONS)


@pytest.mark.parametrize(("files", "pattern"), WITHOUT, ids=[files for files, _ in WITHOUT])
def test_nobody_words_a_reason_of_her_own(files, pattern):
    paths = list(ROOT.glob(files))
    assert paths
    assert not [reason for path in paths for reason in pattern.findall(path.read_text())]


def test_none_stands_there_twice():
    assert len(set(REASONS)) == len(REASONS)
