"""The faults of the embedded default, in short: `make faults` kills fifty times and fills a disk."""

from pathlib import Path

import pytest

from scripts.faults import embedded


@pytest.mark.fault
def test_a_process_killed_in_mid_write_loses_and_doubles_nothing(prepared: Path):
    database = prepared / "rehab.sqlite3"
    assert embedded.main(seed=1, seconds=90, kills=2, only="kills", migrated=database) == 0
