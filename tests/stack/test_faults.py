"""The program behind `make faults`, for a moment: it starts everything, breaks a little, and counts."""

import re
import subprocess
import sys

import pytest

from scripts.faults.__main__ import missing
from scripts.with_postgres import system_binaries
from tests.stack.harness import ROOT

FEW = "F01,F05,F12"


@pytest.mark.fault
def test_a_few_faults_lose_and_double_nothing():
    """A few runners and seconds; what it takes most of its time for is to migrate."""
    if why := missing():
        pytest.skip(why)
    if not system_binaries():
        pytest.skip("no PostgreSQL is installed")
    options = ("--seed", "7", "--seconds", "12", "--runners", "60", "--only", FEW)
    command = [sys.executable, "-m", "scripts.faults", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seed 7: nothing lost, nothing doubled" in done.stdout
    tried = {fault: int(count) for fault, count in re.findall(r"^(F\d\d) +(\d+) +0 +0 ", done.stdout, re.M)}
    assert tried.pop("F32") == 1
    assert tried, done.stdout
    assert set(tried) <= set(FEW.split(","))
