"""Pages as gunicorn serves them: Today, a check-in, progress, beside a bare page of Django.

A PostgreSQL of its own, production settings, gunicorn with two workers as the
product starts it, and wrk with four connections, signed in, in turns. Each page
is also asked for by somebody with 500 days of history instead of 50. Prints one
line of JSON for each figure, and a table. Processor time per request (of
gunicorn, without the database) tells more than the rate on a machine that does
other things. Exits with 1 where a promise is not held. ``--quick``: half a
minute, rates are rough, and nothing of 12 weeks. ``--json FILE`` appends the lines to a file. The caseload
has a program of its own, ``caseload.py``.
"""

import atexit
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.prepared import running_server, wait_for_turn  # noqa: E402  (only after the path is known)
from scripts.web import wrk  # noqa: E402
from scripts.web.serving import WORKERS, production  # noqa: E402

if not wrk.is_installed():
    sys.exit(wrk.MISSING)
_folder = tempfile.TemporaryDirectory(prefix="rehab-pages-")
_server = running_server()
atexit.register(_server.remove)
os.environ |= production(_server.url(), _folder.name) | {"DJANGO_SETTINGS_MODULE": "rehab.settings"}

import django  # noqa: E402  (the environment comes first)

django.setup()

from django.db import connection, connections  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from programs.models import Enrolment  # noqa: E402
from rehab.processes import web  # noqa: E402
from scripts.web.beginning import asked_for, prepare  # noqa: E402
from scripts.web.figures import Asked, measured, missed, told  # noqa: E402
from scripts.web.histories import cookies_of, copied, lived  # noqa: E402

SHORT, USUAL, LONG = 50, 90, 500
TODAY, CHECK_IN, PROGRESS = 100, 120, 60
#: Those who save at the same time: one at a time holds the lock of a programme.
WRITERS = 4
#: %N is another number each time, so that each form is an answer that changes something.
BODY = "csrfmiddlewaretoken={token}&rest=%N&morning=%N&session=done&during=%N&after=%N"


def main() -> int:
    options = asked_for(__doc__, only="pages whose name begins so")
    prepare()
    life = lived("rosa", LONG, now=timezone.now())
    pages = runners_pages(life, all_of_them=not options.quick)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connections.close_all()
    wait_for_turn()
    chosen = [page for page in pages if page.name.startswith(options.only or "")]
    figures, faults = measured(
        chosen,
        lambda port: web(f"127.0.0.1:{port}", WORKERS).argv,
        seconds=options.seconds,
        rounds=options.rounds,
    )
    told(figures, options.json)
    wrong = faults + missed(figures, LONG, SHORT)
    print("\n".join(wrong) or "Every promise held.")
    return bool(wrong)


def runners_pages(life: Enrolment, *, all_of_them: bool) -> list[Asked]:
    """Each page with a short and a long history; progress with 90 days too, at last that of 12 weeks."""
    people = {
        days: copied(life, [f"r{days}-{n}" for n in range(WRITERS)], days) for days in (SHORT, USUAL, LONG)
    }
    readers = {days: [cookies_of(rows[0].runner)] for days, rows in people.items()}
    pages = [Asked("today", days, reverse("today"), readers[days], TODAY) for days in (SHORT, LONG)]
    pages += [_check_in(people[days], days) for days in (SHORT, LONG)]
    progress = reverse("progress")
    pages += [Asked("progress", days, progress, cookies, PROGRESS) for days, cookies in readers.items()]
    twelve_weeks = Asked("progress, 12 w", USUAL, f"{progress}?range=12-weeks", readers[USUAL])
    return [*pages, twelve_weeks] if all_of_them else pages


def _check_in(enrolments: list[Enrolment], days: int) -> Asked:
    cookies = [cookies_of(enrolment.runner) for enrolment in enrolments]
    bodies = [BODY.format(token=cookie.partition("csrftoken=")[2].partition(";")[0]) for cookie in cookies]
    return Asked("check-in POST", days, reverse("check_in"), cookies, CHECK_IN, bodies)


if __name__ == "__main__":
    sys.exit(main())
