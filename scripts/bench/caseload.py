"""The caseload of 200 runners with 90 days each, beside a bare page of Django, on PostgreSQL.

First in one process, through Django's test client: what a request computes there
and in the server of the database, and how many queries it asks. Then as gunicorn
serves it, with two workers, to wrk with four connections, signed in; also with 50
and with 500 days. Both in turns with a bare page, so that a busy machine slows
both: there, read the processor times. One line of JSON for each figure, and a
table. Exits with 1 where a promise is not held. ``--quick``: one short round.
"""

import argparse
import atexit
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.web import wrk  # noqa: E402  (only after the path is known)
from scripts.web.serving import FORWARDED, HOST, WORKERS, production  # noqa: E402
from scripts.with_postgres import Cluster  # noqa: E402

_folder = tempfile.TemporaryDirectory(prefix="rehab-caseload-")
_server = Cluster()
atexit.register(_server.remove)
_server.create()
_server.start()
os.environ |= production(_server.url(), _folder.name) | {"DJANGO_SETTINGS_MODULE": "rehab.settings"}

import django  # noqa: E402  (the environment comes first)

django.setup()

import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from rehab.processes import web  # noqa: E402
from scripts.web.figures import Asked, measured, missed, told  # noqa: E402
from scripts.web.histories import cookies_of  # noqa: E402
from scripts.web.lists import Filler  # noqa: E402
from tests.support.people import a_clinician, signed_in  # noqa: E402

RUNNERS, FIRST_PART = 200, 20
SHORT, USUAL, LONG = 50, 90, 500
CASELOAD = 60
PATH = "/caseload/"


def main() -> int:
    options = _options()
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    call_command("load_library", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    wrong = [*in_one_process(41 if not options.quick else 15)]
    if wrk.is_installed():
        wrong += as_it_is_served(options)
    else:
        print(wrk.MISSING)
    print("\n".join(wrong) or "Every promise held.")
    return bool(wrong)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--seconds", type=float, help="of each measurement with wrk")
    parser.add_argument("--rounds", type=int, help="of all of them, in turns")
    parser.add_argument("--json", type=Path, help="a file to append the figures to")
    return parser.parse_args()


# --- in one process ---------------------------------------------------------------------
def in_one_process(rounds: int) -> list[str]:
    """What a request takes here and in the database, new and when nothing has changed; what is wrong."""
    petra = a_clinician("petra@example.org")
    filler = Filler(petra, timezone.now(), USUAL)
    filler.fill(range(FIRST_PART))
    client = signed_in(petra)
    few = _queries(client)
    filler.fill(range(FIRST_PART, RUNNERS))
    _analyse()
    first, _ = _timed(client)
    many = _queries(client)
    ours = [_timed(client) for _ in range(rounds)]
    here, there = (statistics.median(column) for column in zip(*ours, strict=True))
    print(
        f"{RUNNERS} runners x {USUAL} days, {many} queries: {here:.1f} ms here, {there:.1f} ms in the server"
    )
    print(f"  and {first:.1f} ms here where this process had seen none of them")
    return [] if few == many else [f"{many} queries for {RUNNERS} runners, {few} for {FIRST_PART}"]


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _ask(client: Client) -> None:
    answer = client.get(PATH, secure=True, headers=FORWARDED, SERVER_NAME=HOST)
    if answer.status_code != 200:
        sys.exit(f"{PATH} answers {answer.status_code}")


def _queries(client: Client) -> int:
    _ask(client)
    with CaptureQueriesContext(connection) as counted:
        _ask(client)
    return len(counted)


def _timed(client: Client) -> tuple[float, float]:
    """Milliseconds that one request takes of this process, and of the one that serves its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    there, here = _spent(backend), time.process_time()
    _ask(client)
    here = time.process_time() - here
    return 1000 * here, 1000 * (_spent(backend) - there)


def _spent(process: psutil.Process) -> float:
    """Seconds of processor time; where the system tells it, to the nanosecond."""
    exact = Path(f"/proc/{process.pid}/schedstat")
    if exact.exists():
        return int(exact.read_text().split()[0]) / 1e9
    return sum(process.cpu_times()[:2])


# --- as gunicorn serves it --------------------------------------------------------------
def as_it_is_served(options: argparse.Namespace) -> list[str]:
    pages = [_list_of(days) for days in (SHORT, USUAL, LONG)]
    _analyse()
    connections.close_all()
    figures, faults = measured(
        pages,
        lambda port: web(f"127.0.0.1:{port}", WORKERS).argv,
        seconds=options.seconds or (3 if options.quick else 10),
        rounds=options.rounds or (1 if options.quick else 3),
    )
    told(figures, options.json)
    return faults + missed(figures, LONG, SHORT)


def _list_of(days: int) -> Asked:
    """The list of somebody whose runners all have so many days."""
    clinician = a_clinician(f"days{days}@example.org", f"Petra {days}")
    filler = Filler(clinician, timezone.now(), min(days, USUAL))
    filler.fill(range(RUNNERS))
    if days > USUAL:
        filler.lengthen(days - USUAL)
    return Asked("caseload", days, PATH, [cookies_of(clinician)], CASELOAD if days == USUAL else 0)


if __name__ == "__main__":
    sys.exit(main())
