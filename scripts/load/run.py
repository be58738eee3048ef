"""The load itself, inside Django; ``python -m scripts.load`` starts it in its own environment."""

import argparse
import asyncio
import io
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  (only after Django is set up)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from programs.models import Decision, Enrolment  # noqa: E402
from programs.services.verification import LedgerReport, verify_ledger  # noqa: E402
from scripts.faults.flags import lost  # noqa: E402
from scripts.load import crowd, memory  # noqa: E402
from scripts.load.report import Run, table  # noqa: E402
from scripts.load.traffic import Client, closed_loop, open_loop, percentile  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
#: Before it counts, every process shall have read its templates and programmes.
FIRST_SECONDS, CAPACITY_SECONDS, CONNECTIONS = 10, 20, 8
WARM_UP, TELL_EVERY = 0.1, 10
CATCH_UP_SECONDS = 90


def say(text: str) -> None:
    print(text, flush=True)


def prepare(runners: int, draw: random.Random) -> crowd.Mix:
    say(f"Preparing {runners} runners with {crowd.HISTORY} days each ...")
    call_command("migrate", verbosity=0)
    call_command("load_library", verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    enrolments = crowd.seed(runners, draw)
    clinicians = crowd.clinicians_of([enrolment.runner for enrolment in enrolments])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people = {enrolment.pk: crowd.person_of(enrolment.runner) for enrolment in enrolments}
    return crowd.Mix(people, [crowd.person_of(user) for user in clinicians], draw)


def start(log: Path) -> subprocess.Popen:
    """Start the product and wait until a job has run through the queue."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while "  Stop " not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the site does not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)
    time.sleep(8)  # its workers and web processes load
    return process


def load(options: argparse.Namespace, following: crowd.Mix, pid: int) -> Run:
    say(f"Closed loop of {CONNECTIONS} connections for {CAPACITY_SECONDS} s: the capacity ...")
    first, limit = (Client(settings.PORT, "rehab.example") for _ in range(2))
    asyncio.run(closed_loop(first, following, seconds=FIRST_SECONDS, connections=CONNECTIONS))
    capacity = asyncio.run(closed_loop(limit, following, seconds=CAPACITY_SECONDS, connections=CONNECTIONS))
    rate = options.rate or capacity / 2
    say(f"Capacity {capacity:.0f} a second. Open loop at {rate:.0f} a second for {options.seconds:.0f} s ...")
    client = Client(settings.PORT, "rehab.example")
    client.results.errors = first.results.errors + limit.results.errors
    newest = Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    crowd.spread(options.seconds)
    sizes: list[dict] = []
    began, worked = time.monotonic(), time.process_time()

    def tell(under_way: int) -> None:
        gone = time.monotonic() - began
        if not sizes and gone >= options.seconds * WARM_UP:
            sizes.append(memory.by_process(pid))
        # Only those since the last line: to sort all of a long run would hold up requests that are due.
        times = client.results.since_last()
        say(
            f"  {gone:4.0f} s  {len(times)} answers, {under_way} under way, "
            f"{sum(client.results.errors.values())} errors, p99 {percentile(times, 0.99):.0f} ms"
        )

    sent = asyncio.run(
        open_loop(client, following, seconds=options.seconds, rate=rate, every=TELL_EVERY, tell=tell)
    )
    cores = (time.process_time() - worked) / (time.monotonic() - began)
    after = memory.by_process(pid)
    _catch_up()
    rows = Decision.objects.filter(pk__gt=newest)
    differences = sum(1 for _ in verify_ledger(LedgerReport(), rows))
    closed, wanted = rows.filter(trigger="day_close").count(), crowd.BEHIND * options.runners
    before = sizes[0] if sizes else after
    measured = capacity, rate, options.seconds, sent, client.results, before, after
    return Run(*measured, closed, wanted, differences, cores, len(following.flagged), lost(following.flags()))


def _catch_up() -> None:
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while Enrolment.objects.due_for_close(timezone.now()).exists() and time.monotonic() < deadline:
        time.sleep(1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.load")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--runners", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, help="requests a second (default: half of the capacity)")
    parser.add_argument("--lines", type=Path, help="append the measurements to this file, as JSON lines")
    options = parser.parse_args()
    following = prepare(options.runners, random.Random(options.seed))  # noqa: S311  (no secret)
    log = Path(settings.VAR_DIR) / "site.log"
    process = start(log)
    try:
        run = load(options, following, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)
    lines = "\n".join(json.dumps(line) for line in run.lines())
    say(lines)
    say(table(run))
    if options.lines:
        with options.lines.open("a") as out:
            out.write(lines + "\n")
    broken = run.broken()
    for line in broken:
        say(f"NOT HELD: {line}")
    if run.results.errors:
        say(log.read_text(errors="replace")[-3000:])
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
