"""The program behind `make faults`, for a moment: it starts everything, breaks a little, and counts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.faults.__main__ import missing
from scripts.with_postgres import Cluster, system_binaries
from tests.stack.harness import ROOT

FEW = "F01,F05,F12"


@pytest.fixture
def schema(postgres_cluster: Cluster, migrated: str, tmp_path: Path) -> Path:
    """A dump of what the other tests have migrated already."""
    binaries = system_binaries()
    if why := missing():
        pytest.skip(why)
    if not binaries:
        pytest.skip("no PostgreSQL is installed")
    dump = tmp_path / "schema.sql"
    command = [binaries / "pg_dump", "-d", postgres_cluster.dsn(migrated), "-f", dump]
    subprocess.run(command, check=True)
    return dump


@pytest.mark.fault
@pytest.mark.timeout(240)
def test_a_few_faults_lose_and_double_nothing(schema: Path, tmp_path: Path):
    options = ("--seed", "7", "--seconds", "6", "--runners", "60", "--only", FEW, "--schema", schema)
    command = [sys.executable, "-m", "scripts.faults", *options]
    log = tmp_path / "said"
    with log.open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            status = process.wait(timeout=200)
        finally:
            # It ends what it has started.
            process.terminate()
            process.wait(timeout=30)
    said = log.read_text()
    assert status == 0, said
    assert "seed 7: nothing lost, nothing doubled" in said
    tried = {fault: int(count) for fault, count in re.findall(r"^(F\d\d) +(\d+) +0 +0 ", said, re.M)}
    assert tried.pop("F32") == 1
    assert tried, said
    assert set(tried) <= set(FEW.split(","))
