"""`make planted`: put one bug after the other into a copy of the code, and see which test notices.

    python -m scripts.planted [--only TEXT] [--list] [--at-once 2] [--quick]

Nothing of the tree itself is changed. At last every test that noticed a bug runs without any:
one that fails anyway would catch everything. Exits with 1 where a bug is not caught, where its
tests did not run, where one fails anyway, or where a text is not found exactly once.
``--quick`` leaves the last step out.
"""

import argparse
import contextlib
import queue
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from scripts.planted.bug import Bug
from scripts.planted.bugs import ALL
from scripts.planted.trees import Tree, Verdict
from scripts.with_postgres import cluster


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def trees(count: int, with_postgresql: bool) -> Iterator[queue.Queue]:
    """Yield so many copies, with one server for all of them where PostgreSQL is needed.

    Databases are migrated once, in the first of them.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rehab-planted-")))
        server = stack.enter_context(cluster()) if with_postgresql else None
        addresses = [server.create_database(f"tree{number}") if server else "" for number in range(count)]
        first, *others = [Tree(folder / f"tree{number}", address) for number, address in enumerate(addresses)]
        first.prepare()
        free: queue.Queue = queue.Queue()
        for tree in (first, *others):
            tree.begin_as(first)
            free.put(tree)
        yield free


def in_turns(free: queue.Queue, tasks: list[Callable[[Tree], Verdict]], at_once: int) -> Iterator[Verdict]:
    """Run tasks, each in a copy that nobody else uses meanwhile; the first to end comes first."""

    def run(task: Callable[[Tree], Verdict]) -> Verdict:
        tree = free.get()
        try:
            return task(tree)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(at_once) as pool:
        try:
            for future in as_completed([pool.submit(run, task) for task in tasks]):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def sound_tasks(caught: list[Verdict]) -> list[Callable[[Tree], Verdict]]:
    """The tests that noticed, each once for each database, with no bug in place."""
    tasks = []
    for there in (False, True):
        tests = sorted({verdict.test for verdict in caught if verdict.bug.on_postgresql is there})
        if tests:
            tasks.append(lambda tree, tests=tuple(tests), there=there: tree.sound(tests, on_postgresql=there))
    return tasks


def verdicts_of(free: queue.Queue, bugs: list[Bug], options: argparse.Namespace) -> Iterator[Verdict]:
    """Of every bug, the dearest first; then of the tests without any."""
    caught = []
    tasks = [lambda tree, bug=bug: tree.tried(bug) for bug in sorted(bugs, key=lambda bug: -bug.cost)]
    for verdict in in_turns(free, tasks, options.at_once):
        yield verdict
        if verdict.is_good:
            caught.append(verdict)
    if not options.quick:
        yield from in_turns(free, sound_tasks(caught), options.at_once)


def report(verdict: Verdict) -> None:
    name = verdict.bug.name if verdict.bug else "the tests, without a bug"
    say(f"{verdict.status:11} {verdict.seconds:4.0f} s  {name}\n{'':20}{verdict.by}\n{'':20}{verdict.why}")
    if not verdict.is_good:
        say(verdict.output[-3000:])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.planted")
    parser.add_argument("--only", default="", help="bugs whose name or file holds this text")
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument("--at-once", type=int, default=2, help="copies that are tried beside each other")
    parser.add_argument("--quick", action="store_true", help="do not run the tests without a bug at last")
    options = parser.parse_args()
    bugs = [bug for bug in ALL if options.only in bug.name or options.only in bug.file]
    if options.list:
        say("\n".join(f"{bug.name} ({bug.file}): {' '.join(bug.tests)}" for bug in bugs))
        return 0
    began = time.monotonic()
    verdicts = []
    with trees(options.at_once, any(bug.on_postgresql for bug in bugs)) as free:
        for verdict in verdicts_of(free, bugs, options):
            report(verdict)
            verdicts.append(verdict)
    caught = sum(verdict.status == "caught" for verdict in verdicts)
    say(f"{caught} of {len(bugs)} planted bugs caught in {time.monotonic() - began:.0f} s")
    return 0 if all(verdict.is_good for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
