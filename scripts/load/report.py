"""What a run of the load found: the promises that were not held, lines of JSON, a table."""

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.load.traffic import Results, percentile

#: Milliseconds at the slowest hundredth; how much more memory a process may have at the end.
LONGEST_MS, MOST_GROWTH = 300, 1.10
#: Above that part of a core the client itself is slow, and times are its own.
MOST_OF_A_CORE = 0.7
#: A small process may grow by a few pages without a leak.
LEAST_GROWTH_MB = 5


@dataclass
class Run:
    """What was measured; memory by process, ``client_cores`` while the rate was held.

    ``flagged``: runners who gave a red flag, and what of these is lost.
    """

    capacity: float
    rate: float
    seconds: float
    sent: int
    results: Results
    before: dict[int, tuple[str, float]]
    after: dict[int, tuple[str, float]]
    closed: int
    wanted: int
    differences: int
    client_cores: float
    flagged: int
    lost_flags: list[str]

    def broken(self) -> list[str]:
        """Return every promise that was not held, in words."""
        times = self.results.all
        found = [f"{count} of {what}" for what, count in self.results.errors.items()]
        if percentile(times, 0.99) >= LONGEST_MS:
            found.append(f"p99 is {percentile(times, 0.99):.0f} ms, not under {LONGEST_MS}")
        if self.client_cores > MOST_OF_A_CORE:
            found.append(f"the client took {self.client_cores:.2f} of a core: what it saw is not the site")
        if self.closed != self.wanted:
            found.append(f"{self.closed} of {self.wanted} days that were due were closed")
        if self.differences:
            found.append(f"verify_ledger: {self.differences} differences")
        if not self.flagged:
            found.append("nobody gave a red flag")
        return found + self.lost_flags + list(self._growth())

    def _growth(self) -> Iterator[str]:
        for role, start, end in self.memory():
            if end > start * MOST_GROWTH and end - start > LEAST_GROWTH_MB:
                yield f"a process of {role} grew from {start:.0f} to {end:.0f} MB"
        living = {role for role, _ in self.after.values()}
        for role in sorted({role for role, _ in self.before.values()} - living):
            yield f"no {role} lives at the end"

    def memory(self) -> list[tuple[str, float, float]]:
        """Role, MB at the beginning and at the end of every process that was there all the time."""
        both = self.before.keys() & self.after.keys()
        return sorted((*self.before[pid], self.after[pid][1]) for pid in both)

    def lines(self) -> list[dict]:
        """Return the measurements, one dictionary for each line of JSON."""
        whole = {
            "what": "load",
            "capacity": round(self.capacity),
            "rate": round(self.rate),
            "seconds": self.seconds,
        }
        whole["client_cores"] = round(self.client_cores, 2)
        counts = {"requests": self.sent, "errors": sum(self.results.errors.values())}
        days = {"days_closed": self.closed, "days_due": self.wanted, "red_flags": self.flagged}
        kinds = [
            {"what": "page", "kind": kind, "requests": len(times), **_percentiles(sorted(times))}
            for kind, times in sorted(self.results.times.items())
        ]
        sizes = [
            {"what": "memory", "role": role, "start_mb": round(start), "end_mb": round(end)}
            for role, start, end in self.memory()
        ]
        return [whole | counts | days | _percentiles(self.results.all), *kinds, *sizes]


def _percentiles(times: list[float]) -> dict[str, float]:
    return {f"p{part}": round(percentile(times, part / 100), 1) for part in (50, 95, 99)}


def table(run: Run) -> str:
    """The same for people."""
    rows = [
        f"{run.sent} requests in {run.seconds:.0f} s at {run.rate:.0f} a second "
        f"(capacity {run.capacity:.0f}), {sum(run.results.errors.values())} errors, "
        f"{run.closed} of {run.wanted} due days closed, {run.flagged} runners gave a red flag",
        f"  {'':16}{'requests':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}",
    ]
    for kind, times in [*sorted(run.results.times.items()), ("all", run.results.all)]:
        shown = "".join(f"{value:9.0f}" for value in _percentiles(sorted(times)).values())
        rows.append(f"  {kind:16}{len(times):9}{shown}")
    rows.append(f"  {'memory, MB':16}{'start':>9}{'end':>9}")
    for role, start, end in run.memory():
        rows.append(f"  {role:16}{start:9.0f}{end:9.0f}")
    rows.append(f"  the client took {run.client_cores:.2f} of a core")
    return "\n".join(rows)
