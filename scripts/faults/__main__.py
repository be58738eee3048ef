"""Faults at random moments against real services on loopback: nothing may be lost or doubled.

    python -m scripts.faults [--seed N] [--seconds N] [--runners N] [--only F07,F12]

Ends with 1 where something was lost, doubled, stuck or wrong, and with 2 where it cannot run.
The same seed brings the same faults in the same order, at about the same moments.
"""

import argparse
import datetime
import random
import signal
import sys
import time
from pathlib import Path

from scripts.faults import clock
from scripts.faults.course import Course
from scripts.faults.journal import CATALOGUE, Journal, table
from scripts.faults.run import Run
from scripts.faults.site import Site, site
from tests.support.services import redis_binary


def missing() -> str:
    """What it takes and is not there."""
    if not clock.compiler():
        return "no C compiler: clocks cannot be moved"
    if not redis_binary():
        return "no Redis"
    return "" if sys.platform == "linux" else "not Linux"


def say(words: str) -> None:
    print(f"{datetime.datetime.now():%H:%M:%S} {words}", flush=True)


def prepare(there: Site, options: argparse.Namespace) -> Run:
    runners, seed = options.runners, options.seed
    there.migrate(options.schema)
    people = there.watcher.sure("seed", runners=runners)
    there.start_programs()
    run = Run(there, Journal(), people["enrolments"], people["own"], seed)
    run.journal.tried["F32"] = 1
    say(f"{runners} runners are enrolled, two workers and beat run; {there.clock.now():%d %B %Y}")
    return run


def report(run: Run, began: datetime.datetime) -> int:
    journal = run.journal
    print(table(journal))
    for refused, count in journal.refused.most_common():
        print(f"  {count} x {refused}")
    mails, longest = sum(run.site.mail.came().values()), journal.settled_after
    days = (run.site.clock.now() - began).days
    print(f"{journal.decisions} decisions of {len(run.enrolments)} runners in {days} days")
    flagged = len({flag["enrolment"] for flag in journal.flags})
    print(f"{len(journal.flags)} red flags of {flagged} runners")
    print(f"{mails} mails, {journal.repeats} of them repeats, none more than {journal.greatest} times")
    print(journal.crashes)
    print(f"settled after {longest:.0f} s at most, with {journal.simulated_settling:.0f} s more on the clock")
    for finding in journal.findings:
        print(f"FOUND {finding}")
    print(f"seed {run.seed}: {'nothing lost, nothing doubled' if journal.is_clean else 'FAILED'}")
    return 0 if journal.is_clean else 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=random.randrange(100_000))
    parser.add_argument("--seconds", type=float, default=540)
    parser.add_argument("--runners", type=int, default=2400)
    parser.add_argument("--only", default="", help=f"some of {', '.join(CATALOGUE)}, with commas")
    parser.add_argument("--schema", type=Path, help="a dump of a migrated database: saves to migrate one")
    parser.add_argument("--logs", action="store_true", help="leave the logs of all processes")
    options = parser.parse_args(arguments)
    if why := missing():
        print(f"NOT RUN: {why}")
        return 2
    # Everything that was started is ended then as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say(f"seed {options.seed}")
    began = time.monotonic()
    with site(datetime.datetime.now(datetime.UTC), keep_logs=options.logs) as there:
        if options.logs:
            say(f"logs in {there.folder}")
        first = there.clock.now()
        run = prepare(there, options)
        only = set(options.only.split(",")) if options.only else set()
        Course(run, only, options.seconds, began, say).go()
        return report(run, first)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
