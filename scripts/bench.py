"""`make bench`: the measurements of scripts/bench, their figures as lines of JSON and as one table.

    make bench                          the quick form: under two minutes on an idle machine
    make bench FULL=1                   all of them as long as they take: a million runners among them
    python scripts/bench.py sqlite      one of them
    python scripts/bench.py --json FILE where the lines go, var/bench.jsonl otherwise

Each file there is a program of its own. It measures two things in one run, in
turns, so that a busy machine slows both, and exits non-zero where a promise that
the documents make is not held. Tables, library and static files are made once,
and copied. In the quick form programs get ready two at a time, those that only
compute or count run beside them, and then all others measure, each alone. What takes
long and is about neither days nor pages (LONG) is in the full form only, or by name.
A line of JSON that a program prints is kept as it is, with the program's name; any
other line as what it said. Those that need PostgreSQL start one of their own.
"""

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bench_runs import Program, Run  # noqa: E402  (only after the path is known)
from scripts.prepared import PREPARED  # noqa: E402

FOLDER = ROOT / "scripts" / "bench"
#: Program -> what it is told in the quick form, and in the full one; others are told nothing.
QUICK = {
    "caseload": ("--quick",),
    "day_close": ("--sizes", "10000"),
    "engine": ("10000",),
    "mail": ("--quick",),
    "pages_wrk": ("--quick",),
    "player": ("--minutes", "0.2"),
    "replay": ("1",),
    "sqlite": ("1",),
}
FULL = {"day_close": ("--full",)}
#: Only in the full form, unless they are asked for by name.
LONG = {"impact", "mail", "player"}
#: One process that computes or counts: two of them leave each other a core.
BESIDE_EACH_OTHER = {"engine", "impact", "pages", "player", "replay"}
#: They fill a database first, and say when they are ready to measure.
TAKES_TURNS = {"caseload", "day_close", "mail", "pages_wrk"}
NEEDS_TABLES = TAKES_TURNS | {"impact", "pages"}
NOTHING = ("", None, [], {})


@contextlib.contextmanager
def tables_for(programs: Sequence[Path]) -> Iterator[None]:
    """Made once, if any of them needs them; where that fails each tries for itself, and says why."""
    with tempfile.TemporaryDirectory(prefix="rehab-bench-") as folder:
        if NEEDS_TABLES.intersection(one.stem for one in programs):
            made = subprocess.run([sys.executable, ROOT / "scripts" / "prepared.py", folder], check=False)
            if not made.returncode:
                os.environ[PREPARED] = folder
        try:
            yield
        finally:
            os.environ.pop(PREPARED, None)


def run_all(programs: Sequence[Path], full: bool) -> list[Run]:
    """In the full form one by one; else beside each other whatever is no measurement of speed."""
    told = FULL if full else QUICK
    turns = set() if full else TAKES_TURNS
    begun = [Program(one, told.get(one.stem, ()), one.stem in turns) for one in programs]
    first = [] if full else [one for one in begun if one.run.name in BESIDE_EACH_OTHER | turns]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Program.start, first))
    for one in begun:
        one.measure() if one in first else one.start()
    return [one.run for one in begun]


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
        took = f"{one.seconds:6.0f} s {one.computed:6.0f} s computed"
        yield f"{one.name:10} {held:8} {took}  {' '.join(one.options)}".rstrip()


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
    left_out = set() if asked.full else LONG
    programs = [
        one
        for one in sorted(folder.glob("*.py"))
        if (one.stem in asked.names if asked.names else one.stem not in left_out)
    ]
    if unknown := set(asked.names) - {one.stem for one in programs}:
        parser.error(
            f"no program {', '.join(sorted(unknown))}; there are "
            f"{', '.join(sorted(one.stem for one in folder.glob('*.py')))}"
        )
    began, load = time.monotonic(), os.getloadavg()[0]
    with tables_for(programs):
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
