"""Closing the days of very many: how fast, how evenly, how small, and to the letter as one by one.

    .venv/bin/python scripts/bench/day_close.py            10,000 runners, about a minute
    .venv/bin/python scripts/bench/day_close.py --full     10,000, 100,000 and a million
    .venv/bin/python scripts/bench/day_close.py --sizes 10000,100000

On a PostgreSQL of its own with every commit on the disk, and 28 days of diary
behind every runner. In turns, so that a busy machine slows all alike: a naive
loop, one worker, two workers, and the limit, which is to stream the rows of a
fortnight and decide nothing. Runners are cut into shares; nobody is closed
twice. JSON lines on the output, a table on the error stream. Exits non-zero
where a promise is not held; figures by the second are promises of an idle
machine and are held to with --full only.
"""

import argparse
import datetime
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support.results import Results  # noqa: E402  (only after the path is known)
from support.servers import ROOT, durable_server, environment  # noqa: E402

from scripts.prepared import prepare_sqlite, wait_for_turn  # noqa: E402  (servers made that known)

CLOSER = Path(__file__).resolve().parent / "support" / "closer.py"
PER_SECOND, OVER_NAIVE, OF_STREAM, TWO_OVER_ONE = 15_000, 30, 0.18, 1.6
GROWTH, MEGABYTES, TICK_MS = 1.2, 200, 5
#: Rows that are held against those decided alone, in the quick form.
COMPARED = 200
#: Rounds of small and of large numbers: a share is to be a batch or more.
FEW_ROUNDS, ROUNDS, MANY = 2, 4, 50_000
SQLITE_RUNNERS = 1000
#: As in ``support/filling.py``, which only a process of the product can read.
LIVES = 1000


class Worker:
    """A process of ``support/closer.py``."""

    def __init__(self, env: dict[str, str]) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, CLOSER], env=env, cwd=ROOT, **pipes)

    def begin(self, *words: object) -> None:
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a worker ended; see its words above")
        return json.loads(line)

    def does(self, *words: object) -> dict:
        self.begin(*words)
        return self.answer()

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Shares:
    """Runners 1 … n, given out once each in pieces that follow each other."""

    def __init__(self, runners: int) -> None:
        self.runners, self.next = runners, 1

    def take(self, count: int) -> tuple[int, int]:
        first, self.next = self.next, min(self.next + count, self.runners + 1)
        return first, self.next - 1


def per_second(answers: list[dict]) -> float:
    return sum(one["done"] for one in answers) / sum(one["seconds"] for one in answers)


def measured(workers: list[Worker], shares: Shares, runners: int) -> dict[str, list[dict]]:
    """Rounds of everything, in turns."""
    first, second = workers
    taken: dict[str, list[dict]] = {"naive": [], "one": [], "two": [], "stream": []}
    for worker in workers:
        # Once around all lives: a worker that has run for a while knows what most people answer.
        worker.does("close", *shares.take(min(LIVES, runners // 5)))
    rounds = ROUNDS if runners >= MANY else FEW_ROUNDS
    share = max((runners - shares.next + 1 - 25 * rounds) // (3 * rounds), 100)
    for number in range(1, rounds + 1):
        say(f"{runners:,} runners: round {number} of {rounds}, {share:,} each")
        taken["naive"].append(first.does("naive", *shares.take(25)))
        bounds = shares.take(share)
        taken["stream"].append(first.does("stream", *bounds))
        taken["one"].append(first.does("close", *bounds))
        for worker in workers:
            worker.begin("close", *shares.take(share))
        both = first.answer(), second.answer()
        longest = max(one["seconds"] for one in both)
        taken["two"].append({"done": sum(one["done"] for one in both), "seconds": longest})
    return taken


def of_size(results: Results, runners: int, absolute: bool) -> None:
    with durable_server() as server, tempfile.TemporaryDirectory() as folder:
        env = environment(server.url(), folder)
        workers = [Worker(env), Worker(env)]
        try:
            _measure(results, workers, runners, absolute)
        finally:
            for worker in workers:
                worker.end()


def _measure(results: Results, workers: list[Worker], runners: int, absolute: bool) -> None:
    first = workers[0]
    say(f"{runners:,} runners: filling the database")
    results.add("fill", runners, first.does("fill", runners)["seconds"], "s")
    wait_for_turn()
    shares = Shares(runners)
    say(f"{runners:,} runners: comparing with those decided alone, claiming")
    # Every different life once, where there is time: a quarter of a minute for a thousand.
    compared = first.does("compare", *shares.take(LIVES if absolute else COMPARED))
    different = compared["different"]
    results.add(
        *("rows unlike those decided alone", runners, different, "rows"),
        promise=f"none of {compared['done']}",
        held=different == 0,
    )
    claimed = first.does("claim")
    results.add("claim", runners, claimed["done"] / claimed["seconds"], "a second")
    taken = measured(workers, shares, runners)
    _speeds(results, runners, {name: per_second(answers) for name, answers in taken.items()}, absolute)
    _work(results, runners, taken)
    say(f"{runners:,} runners: closing the rest")
    first.does("close", 1, runners)
    middle = first.does("tick")["middle"] * 1000
    results.add("tick with nothing due", runners, middle, "ms", promise=f"< {TICK_MS}", held=middle < TICK_MS)
    most = max(worker.does("peak")["megabytes"] for worker in workers[1:])
    results.add("peak of a worker", runners, most, "MB", promise=f"< {MEGABYTES}", held=most < MEGABYTES)


def _work(results: Results, runners: int, taken: dict[str, list[dict]]) -> None:
    """What one enrolment takes of the processor, worker and server together: the same on a busy machine."""
    for name, words in (("one", "processor for an enrolment"), ("stream", "processor for streaming one")):
        answers = taken[name]
        each = sum(one["cpu"] for one in answers) / sum(one["done"] for one in answers)
        results.add(words, runners, each * 1e6, "us")


def _speeds(results: Results, runners: int, speed: dict[str, float], absolute: bool) -> None:
    results.add("naive loop", runners, speed["naive"], "a second")
    results.add("streaming the fortnight", runners, speed["stream"], "a second")
    one = speed["one"]
    held = one >= PER_SECOND if absolute else None
    results.add("one worker", runners, one, "a second", promise=f">= {PER_SECOND:,}", held=held)
    for name, value, against, wanted in (
        ("one worker over the naive loop", one, speed["naive"], OVER_NAIVE),
        ("one worker of streaming", one, speed["stream"], OF_STREAM),
        ("two workers over one", speed["two"], one, TWO_OVER_ONE),
    ):
        ratio = value / against
        results.add(
            *(name, runners, value, "a second"),
            ratio=round(ratio, 3),
            promise=f">= {wanted}",
            held=ratio >= wanted,
        )


def growth(results: Results, sizes: list[int]) -> None:
    """The cost of one enrolment at every size, against the smallest."""
    costs = [1e6 / results.value("one worker", size) for size in sizes]
    for size, cost in zip(sizes, costs, strict=True):
        ratio = cost / costs[0]
        results.add(
            *("cost of an enrolment", size, cost, "us"),
            ratio=round(ratio, 3),
            promise=f"<= {GROWTH}",
            held=ratio <= GROWTH,
        )


def on_sqlite(results: Results) -> None:
    """Printed; nothing is promised of it."""
    with tempfile.TemporaryDirectory() as folder:
        prepare_sqlite(folder)
        worker = Worker(environment("", folder))
        try:
            worker.does("fill", SQLITE_RUNNERS)
            worker.does("close", 1, 200)
            closed = [worker.does("close", start, start + 199) for start in range(201, SQLITE_RUNNERS, 200)]
            middle = statistics.median(one["done"] / one["seconds"] for one in closed)
        finally:
            worker.end()
    results.add("one worker on SQLite", SQLITE_RUNNERS, middle, "a second")


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def say(words: str) -> None:
    """How far it is, beside the figures: a million takes half an hour."""
    print(f"{datetime.datetime.now():%H:%M:%S} {words}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="10,000, 100,000 and a million runners")
    parser.add_argument("--sizes", type=_numbers, metavar="N,N", help="these numbers of runners")
    asked = parser.parse_args()
    sizes = asked.sizes or ([10_000, 100_000, 1_000_000] if asked.full else [10_000])
    results = Results()
    for runners in sizes:
        of_size(results, runners, absolute=asked.full)
    growth(results, sizes)
    on_sqlite(results)
    results.table()
    return 1 if results.broken else 0


if __name__ == "__main__":
    sys.exit(main())
