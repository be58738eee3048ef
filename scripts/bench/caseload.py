"""The caseload of 200 runners with 90 days each, beside a bare page of Django, on PostgreSQL.

First in one process, through Django's test client: how long a request takes at the
median, 150 ms at most, beside a bare page behind the same middleware; once as a process
has it that knows all rows, once as one that has met none of them; what it computes there
and in the server of the database, and how many queries it asks. Then as gunicorn
serves it, with two workers, to wrk with four connections, signed in; also with 50
and with 500 days. Both in turns with a bare page, so that a busy machine slows
both: there, read the processor times. One line of JSON for each figure, and a
table. Exits with 1 where a promise is not held. ``--quick``: one short round.
"""

import argparse
import atexit
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.prepared import running_server, wait_for_turn  # noqa: E402  (only after the path is known)
from scripts.web import wrk  # noqa: E402
from scripts.web.serving import FORWARDED, HOST, WORKERS, production  # noqa: E402

_folder = tempfile.TemporaryDirectory(prefix="rehab-caseload-")
_server = running_server()
atexit.register(_server.remove)
os.environ |= production(_server.url(), _folder.name) | {"DJANGO_SETTINGS_MODULE": "rehab.settings"}

import django  # noqa: E402  (the environment comes first)

django.setup()

import psutil  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

import rehab.urls  # noqa: E402
from accounts.kept import forget_all  # noqa: E402
from accounts.models import User  # noqa: E402
from rehab.processes import web  # noqa: E402
from scripts.web.beginning import asked_for, prepare  # noqa: E402
from scripts.web.figures import Asked, measured, missed, told  # noqa: E402
from scripts.web.histories import cookies_of  # noqa: E402
from scripts.web.lists import Filler  # noqa: E402
from tests.support.people import a_clinician, signed_in  # noqa: E402

RUNNERS, FIRST_PART = 200, 20
SHORT, USUAL, LONG = 50, 90, 500
CASELOAD = 60
PATH, BARE = "/caseload/", "/bare/"
#: Milliseconds at the median, of a request in one process.
LONGEST_MS = 150


def main() -> int:
    options = asked_for(__doc__)
    prepare()
    petra = a_clinician("petra@example.org", f"Petra {USUAL}")
    wrong, queries = filled(petra)
    clinicians = {SHORT: like(petra, SHORT), USUAL: petra, LONG: like(petra, LONG)}
    _analyse()
    wait_for_turn()
    wrong += in_one_process(petra, queries, 41 if not options.quick else 15)
    if wrk.is_installed():
        wrong += as_it_is_served(clinicians, options)
    else:
        print(wrk.MISSING)
    print("\n".join(wrong) or "Every promise held.")
    return bool(wrong)


# --- in one process ---------------------------------------------------------------------
@dataclass(frozen=True)
class Took:
    """Milliseconds: by the clock, of this process, and of the one that serves its connection."""

    clock: float
    here: float
    there: float


def bare(request: HttpRequest) -> HttpResponse:
    """As little as a page of Django can be, behind the same middleware."""
    return HttpResponse(f"<!doctype html><title>Bare</title><p>{request.user.name}</p>")


def filled(petra: User) -> tuple[list[str], int]:
    """Give her the list; what is wrong with how many queries it asks, and how many those are."""
    filler = Filler(petra, timezone.now(), USUAL)
    filler.fill(range(FIRST_PART))
    client = signed_in(petra)
    few = _queries(client)
    filler.fill(range(FIRST_PART, RUNNERS))
    _analyse()
    many = _queries(client)
    return [] if few == many else [f"{many} queries for {RUNNERS} runners, {few} for {FIRST_PART}"], many


def in_one_process(petra: User, queries: int, rounds: int) -> list[str]:
    """How long a request takes, with all that is kept and with nothing; returns what is wrong."""
    rehab.urls.urlpatterns.insert(0, path("bare/", bare))
    plain, kept, anew = _in_turns(signed_in(petra), rounds)
    print(f"{RUNNERS} runners x {USUAL} days, {queries} queries, at the median")
    for name, took in (("bare page of Django", plain), ("caseload", kept), ("caseload, nothing kept", anew)):
        ratio = f"{took.clock:7.1f} ms {took.clock / plain.clock:6.1f} x the bare page"
        print(f"  {name:<24}{ratio}; computed {took.here:.1f} here, {took.there:.1f} in the server")
    slow = [took.clock for took in (kept, anew) if took.clock >= LONGEST_MS]
    return [f"{clock:.1f} ms, promised {LONGEST_MS}" for clock in slow]


def _in_turns(client: Client, rounds: int) -> list[Took]:
    """The bare page, the list, and the list of a process that has met none of its rows."""
    found: list[list[Took]] = [[], [], []]
    for _ in range(rounds):
        found[0].append(_timed(client, BARE))
        found[1].append(_timed(client, PATH))
        forget_all()
        found[2].append(_timed(client, PATH))
    return [
        Took(
            *(statistics.median(getattr(one, name) for one in column) for name in ("clock", "here", "there"))
        )
        for column in found
    ]


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _ask(client: Client, address: str = PATH) -> None:
    answer = client.get(address, secure=True, headers=FORWARDED, SERVER_NAME=HOST)
    if answer.status_code != 200:
        sys.exit(f"{address} answers {answer.status_code}")


def _queries(client: Client) -> int:
    _ask(client)
    with CaptureQueriesContext(connection) as counted:
        _ask(client)
    return len(counted)


def _timed(client: Client, address: str) -> Took:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    there, here, began = _spent(backend), time.process_time(), time.perf_counter()
    _ask(client, address)
    clock, here = time.perf_counter() - began, time.process_time() - here
    return Took(1000 * clock, 1000 * here, 1000 * (_spent(backend) - there))


def _spent(process: psutil.Process) -> float:
    """Seconds of processor time; where the system tells it, to the nanosecond."""
    exact = Path(f"/proc/{process.pid}/schedstat")
    if exact.exists():
        return int(exact.read_text().split()[0]) / 1e9
    return sum(process.cpu_times()[:2])


# --- as gunicorn serves it --------------------------------------------------------------
def as_it_is_served(clinicians: dict[int, User], options: argparse.Namespace) -> list[str]:
    pages = [
        Asked("caseload", days, PATH, [cookies_of(whose)], CASELOAD if days == USUAL else 0)
        for days, whose in clinicians.items()
    ]
    connections.close_all()
    figures, faults = measured(
        pages,
        lambda port: web(f"127.0.0.1:{port}", WORKERS).argv,
        seconds=options.seconds,
        rounds=options.rounds,
    )
    told(figures, options.json)
    return faults + missed(figures, LONG, SHORT)


def like(petra: User, days: int) -> User:
    """Somebody whose runners are as hers, with so many days."""
    clinician = a_clinician(f"days{days}@example.org", f"Petra {days}")
    filler = Filler(clinician, timezone.now(), min(days, USUAL))
    filler.fill_like(petra)
    if days > USUAL:
        filler.lengthen(days - USUAL)
    return clinician


if __name__ == "__main__":
    sys.exit(main())
