"""Mails a second for 10,000 reminders due in the same minute, beside a bare loop, on PostgreSQL.

On a server of its own, thrown away afterwards, and into a mail server that is a
process of its own (scripts/smtp_sink.py). The bare loop words, builds and sends
the same mails with their contents read beforehand, over one connection of
smtplib, and marks nothing; their bytes are made by Django's classes, as a loop
without this product would have them (the same with ours is printed once, for who
wants to know). The workers are processes: claims, whether each mail is
wanted, contents, words, sending and marks are in their numbers. Then the same
through 20 ms a round trip, and how long 1,000 that are due at once wait.
Exits with 1 where a goal is missed. ``--quick`` takes a tenth.
"""

import atexit
import json
import os
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.prepared import prepare_tables, running_server, wait_for_turn  # noqa: E402  (after the path)

IS_WORKER = "worker" in sys.argv
if not IS_WORKER:
    _folder = tempfile.TemporaryDirectory()
    _server = running_server()
    atexit.register(_server.remove)
    os.environ |= {"REHAB_VAR_DIR": _folder.name, "DATABASE_URL": _server.url(), "LOG_LEVEL": "ERROR"}
    os.environ |= {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "rehab.settings", "EMAIL_USE_TLS": "0"}
    os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
    os.environ |= {"REHAB_ENV_FILE": os.devnull}

import django  # noqa: E402  (the environment comes first)

django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.services.mime import bytes_of  # noqa: E402
from programs.emails import email_for  # noqa: E402
from programs.mail_contents import contents_of  # noqa: E402
from programs.models import MessageOwed  # noqa: E402
from programs.services.delivery import deliver_due  # noqa: E402
from scripts.bench_mail_rows import fill, owe_again  # noqa: E402

QUICK = "--quick" in sys.argv
MESSAGES, AT_ONCE, FAR = (1_000, 500, 400) if QUICK else (10_000, 1_000, 3_000)
BARE = MESSAGES // 5
MANY = 32
CONNECTIONS = (1, MANY) if QUICK else (1, 4, MANY)
GOAL_RATIO, GOAL_FAR, GOAL_SECONDS = 0.5, 150, 60
#: Until somebody looks again at what is due (``rehab.celery``).
LOOK_SECONDS = 15
#: Memory may grow by so much from the first tenth of a run to its end.
FLAT_MB = 12


class Sink:
    """The mail server, at once and far away."""

    def __init__(self) -> None:
        script = ROOT / "scripts" / "smtp_sink.py"
        self._process = subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.near, self.far = map(int, self._process.stdout.readline().split())
        atexit.register(self._process.kill)

    def count(self) -> tuple[int, int]:
        """How many mails came since, and how many different ones; then forget them."""
        with smtplib.SMTP("127.0.0.1", self.near) as server:
            came, different = server.docmd("XCOUNT")[1].split()
            server.docmd("XRESET")
        return int(came), int(different)


def worker() -> None:
    """Send what is due when told to, and say how it went; warm, like the loop beside it."""
    sizes: list[tuple[int, float]] = []

    def look(now) -> None:
        sizes.append((len(sizes), rss_mb()))

    deliver_due(now=timezone.now(), contents=contents_of)
    for row in (rows := first_rows(2)):
        bytes_of(email_for(row, contents_of(rows, timezone.now())[row.pk]))
    print("ready", flush=True)
    sys.stdin.readline()
    began, cpu, sent = time.perf_counter(), time.process_time(), 0
    while (report := deliver_due(now=timezone.now(), contents=contents_of, between=look)).sent:
        sent += report.sent
    # The first batches also bring modules in.
    early = sizes[min(len(sizes) // 10 + 2, len(sizes) - 1)][1]
    print(
        json.dumps(
            {
                "sent": sent,
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time() - cpu,
                "early_mb": early,
                "late_mb": sizes[-1][1],
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def first_rows(count: int) -> list[MessageOwed]:
    rows = MessageOwed.objects.select_related("recipient", "enrolment__runner", "decision")
    return list(rows.order_by("pk")[:count])


def rss_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def deliver(sink: Sink, workers: int, count: int, port: int, connections: int | None = None) -> list[dict]:
    """Owe ``count`` mails and let so many processes send them, from one signal on."""
    environment = os.environ | {"EMAIL_PORT": str(port)}
    if connections:
        environment |= {"REHAB_MAIL_CONNECTIONS": str(connections)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [
        subprocess.Popen([sys.executable, __file__, "worker"], env=environment, cwd=ROOT, **pipes)
        for _ in range(workers)
    ]
    for process in started:
        process.stdout.readline()
    owe_again(count, timezone.now())
    sink.count()
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [json.loads(process.communicate()[0].splitlines()[-1]) for process in started]


def djangos_bytes(mail: EmailMultiAlternatives) -> bytes:
    return mail.message().as_bytes(linesep="\r\n")


def bare(port: int, write: Callable[[EmailMultiAlternatives], bytes] = djangos_bytes) -> tuple[float, float]:
    """Mails a second, and ms of CPU for each, of a loop that does nothing but word, build and send."""
    rows, contents = first_rows(BARE), {}
    for first in range(0, len(rows), 100):
        contents |= contents_of(rows[first : first + 100], timezone.now())
    began, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for row in rows:
            mail = email_for(row, contents[row.pk])
            server.sendmail("rehab@localhost", mail.recipients(), write(mail))
    cpu = (time.process_time() - cpu) / len(rows) * 1000
    return len(rows) / (time.perf_counter() - began), cpu


def waited() -> float:
    """Seconds from the instant at which a mail was wanted to its settling, at the 99th percentile."""
    pairs = MessageOwed.objects.filter(settled_at__gte=F("wanted_at")).values_list("wanted_at", "settled_at")
    waits = sorted((settled - wanted).total_seconds() for wanted, settled in pairs)
    return waits[int(len(waits) * 0.99)]


def main() -> int:
    prepare_tables()
    began = time.perf_counter()
    fill(MESSAGES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{MESSAGES} runners made in {time.perf_counter() - began:.0f} s", flush=True)
    wait_for_turn()
    sink = Sink()
    held = [alongside(sink), far_away(sink), at_once(sink)]
    return 0 if all(held) else 1


def alongside(sink: Sink) -> bool:
    """Each in turns with the loop; a machine that others use too gets a second go."""
    owe_again(MESSAGES, timezone.now())
    bare(sink.near)
    print(
        "bare loop with our own bytes  {:6.0f} mails/s   CPU {:.2f} ms a mail".format(
            *bare(sink.near, bytes_of)
        )
    )
    return all(any(beside_the_loop(sink, workers) for _ in range(2)) for workers in (1, 2))


def beside_the_loop(sink: Sink, workers: int) -> bool:
    before = bare(sink.near)
    results = deliver(sink, workers, MESSAGES, sink.near)
    came, different = sink.count()
    after = bare(sink.near)
    loop, loop_cpu = (sum(pair) / 2 for pair in zip(before, after, strict=True))
    rate = MESSAGES / max(result["seconds"] for result in results)
    cpu = sum(result["cpu"] for result in results) / MESSAGES * 1000
    growth = max(result["late_mb"] - result["early_mb"] for result in results)
    print(
        f"{workers} worker(s)  {rate:6.0f} mails/s   bare loop {loop:6.0f}/s   ratio {rate / loop:.2f}   "
        f"CPU {cpu:.2f} and {loop_cpu:.2f} ms a mail   "
        f"memory {results[0]['early_mb']:.0f} -> {results[0]['late_mb']:.0f} MB   "
        f"came {came}, different {different}",
        flush=True,
    )
    return rate / loop >= GOAL_RATIO and growth <= FLAT_MB and came == different == MESSAGES


def far_away(sink: Sink) -> bool:
    rates = {}
    for connections in CONNECTIONS:
        count = FAR if connections == MANY else FAR * connections // 30
        results = deliver(sink, 1, count, sink.far, connections)
        rates[connections] = count / results[0]["seconds"]
        assert sink.count() == (count, count)  # noqa: S101 - a measurement's own check
        print(
            f"20 ms a round trip, {connections:2d} connections  {rates[connections]:6.0f} mails/s", flush=True
        )
    return rates[MANY] >= GOAL_FAR


def at_once(sink: Sink) -> bool:
    deliver(sink, 1, AT_ONCE, sink.near)
    wait = waited()
    print(
        f"{AT_ONCE} due at once: 99 % sent within {wait:.1f} s, {LOOK_SECONDS} s more until somebody looks",
        flush=True,
    )
    return wait + LOOK_SECONDS < GOAL_SECONDS


if __name__ == "__main__":
    sys.exit(worker() if IS_WORKER else main())
