"""What could not run here: skipped, but never quietly."""

import os

import pytest

MARK = "COULD NOT RUN: "


def could_not_run(what: str, how: str) -> None:
    """Skip, and have the summary say so; fail where everything is required.

    REHAB_TEST_REQUIRE_ALL=1 is for machines that must have everything.
    """
    reason = f"{MARK}{what} is missing. {how}"
    if os.environ.get("REHAB_TEST_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def summarise(reporter) -> None:
    """Write each missing thing once, with the number of tests that needed it."""
    counts: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple | list) else str(report.longrepr)
        if MARK in reason:
            what = reason.partition(MARK)[2]
            counts[what] = counts.get(what, 0) + 1
    if counts:
        reporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        for what, count in counts.items():
            reporter.write_line(f"{count} tests could not run: {what}", red=True)
