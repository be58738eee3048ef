"""What tests counted (``record_property``), summed up and printed at the end of a run."""

from collections import Counter


def summarise(terminalreporter) -> None:
    """One line for each thing that was counted by tests that passed; measures stand as they are."""
    totals: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        totals.update({name: n for name, n in report.user_properties if isinstance(n, int)})
        for name, measure in report.user_properties:
            if isinstance(measure, float):
                terminalreporter.write_line(f"{name}: {measure}")
    for name, total in sorted(totals.items()):
        terminalreporter.write_line(f"{name}: {total:,}")
