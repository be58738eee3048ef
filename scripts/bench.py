"""`make bench`: the measurements of scripts/bench, their figures as lines of JSON and as one table.

    make bench                          all of them in their quick form, about five minutes on an idle machine
    make bench FULL=1                   all of them as long as they take: a million runners among them
    python scripts/bench.py sqlite      one of them
    python scripts/bench.py --json FILE where the lines go, var/bench.jsonl otherwise

Each file there is a program of its own. It measures two things in one run, in
turns, so that a busy machine slows both, and exits non-zero where a promise that
the documents make is not held. In the quick form those that compute in one
process run two at a time, for the promises of those are ratios too; all others
run alone. A line of JSON that a program prints is kept as it is, with the
program's name; any other line as what it said. Those that need PostgreSQL start
one of their own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "scripts" / "bench"
#: Program -> what it is told in the quick form, and in the full one; others are told nothing.
QUICK = {
    "caseload": ("--quick",),
    "day_close": ("--sizes", "5000"),
    "engine": ("10000",),
    "mail": ("--quick",),
    "pages_wrk": ("--quick",),
    "player": ("--minutes", "0.2"),
    "replay": ("1",),
}
FULL = {"day_close": ("--full",)}
#: One process that computes: two of them leave each other a core.
BESIDE_EACH_OTHER = {"engine", "impact", "pages", "player", "replay"}
NOTHING = ("", None, [], {})


@dataclass
class Run:
    """One program: what it printed, how it ended, how long it took by the clock."""

    name: str
    options: Sequence[str]
    status: int = 0
    seconds: float = 0.0
    figures: list[dict] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if isinstance(found, dict):
            self.figures.append(found)
        elif line.strip():
            self.said.append(line.rstrip())

    def lines(self) -> Iterator[dict]:
        yield from ({"program": self.name, **figure} for figure in self.figures)
        yield from ({"program": self.name, "said": line} for line in self.said)
        yield {
            "program": self.name,
            "options": list(self.options),
            "held": not self.status,
            "seconds": round(self.seconds, 1),
        }


def run(program: Path, options: Sequence[str], printing: threading.Lock) -> Run:
    """Run one program to its end; its lines are shown as they come, with its name."""
    one, began = Run(program.stem, options), time.monotonic()
    command = [sys.executable, program, *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            one.take(line)
            with printing:
                print(f"{one.name:10} {line}", end="", flush=True)
    one.status, one.seconds = process.returncode, time.monotonic() - began
    return one


def run_all(programs: Sequence[Path], full: bool) -> list[Run]:
    """In the quick form first what may run beside each other, then the others one by one."""
    told, printing = FULL if full else QUICK, threading.Lock()
    lanes = {"": 1} if full else {"beside": 2, "alone": 1}
    done = []
    for lane, width in lanes.items():
        chosen = [
            one for one in programs if not lane or (one.stem in BESIDE_EACH_OTHER) == (lane == "beside")
        ]
        with ThreadPoolExecutor(width) as pool:
            done += pool.map(lambda one: run(one, told.get(one.stem, ()), printing), chosen)
    return done


def table(done: Sequence[Run]) -> Iterator[str]:
    """A line for each figure, then one for each program."""
    for one in done:
        for figure in one.figures:
            yield f"{one.name:10} {'  '.join(_cells(figure))}"
        if not one.figures:
            yield from (f"{one.name:10} {line}" for line in one.said)
    yield ""
    for one in done:
        held = "NOT HELD" if one.status else "held"
        yield f"{one.name:10} {held:8} {one.seconds:6.0f} s  {' '.join(one.options)}".rstrip()


def _cells(figure: dict) -> Iterator[str]:
    """The name of a figure as it is, and of all else what it is."""
    for key, value in figure.items():
        if value in NOTHING:
            continue
        shown = f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        yield shown if key == "name" else f"{key} {shown}"


def main(words: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these programs of scripts/bench")
    parser.add_argument("--full", action="store_true", help="as long as it takes")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.jsonl", metavar="FILE")
    asked = parser.parse_args(words)
    programs = [one for one in sorted(folder.glob("*.py")) if not asked.names or one.stem in asked.names]
    if unknown := set(asked.names) - {one.stem for one in programs}:
        parser.error(
            f"no program {', '.join(sorted(unknown))}; there are "
            f"{', '.join(sorted(one.stem for one in folder.glob('*.py')))}"
        )
    began, load = time.monotonic(), os.getloadavg()[0]
    done = run_all(programs, asked.full)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text("".join(f"{json.dumps(line)}\n" for one in done for line in one.lines()))
    print("\n", *table(done), sep="\n")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"\n{time.monotonic() - began:.0f} s in all, {used.ru_utime + used.ru_stime:.0f} of them computed; "
        f"load {load:.1f} on {os.cpu_count()} cores when it began. Lines: {asked.json}"
    )
    return int(any(one.status for one in done))


if __name__ == "__main__":
    sys.exit(main())
