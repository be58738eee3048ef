"""What a runner's page weighs and asks of the database, with 5 and with 500 days of history.

On a database of its own (SQLite in a temporary folder), through Django's test
client, in the state of somebody signed in. First load: the page and every
style sheet, script and icon that it links, each gzipped as the server sends
it; drawings and other pictures are not counted. Repeat load: the page alone,
because everything else is kept by the browser under a name that changes with
its content. Exits with 1 where a promise is not held.
"""

import datetime
import gzip
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.prepared import prepare_sqlite, prepare_tables  # noqa: E402  (only after the path is known)

_folder = tempfile.TemporaryDirectory()
prepare_sqlite(_folder.name)
os.environ |= {"REHAB_VAR_DIR": _folder.name, "DATABASE_URL": "", "LOG_LEVEL": "ERROR", "DEBUG": "1"}
os.environ["DJANGO_SETTINGS_MODULE"] = "rehab.settings"

import django  # noqa: E402  (the environment comes first)

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from programs.engine.calendar import closing_instant, local_date  # noqa: E402
from programs.models import Decision, DiaryEntry, Enrolment, PlannedSession, ProgrammeVersion  # noqa: E402
from tests.support.people import signed_in  # noqa: E402

FIRST_LOAD, REPEAT_LOAD, MOST_QUERIES = 100_000, 25_000, 8
PAGES = ("today", "week", "check_in", "progress", "why", "programme", "exercises", "measures", "settings")
LINKED = re.compile(r'(?:href|src|data-phone)="([^"]*?\.(?:css|js|svg|png|webmanifest)[^"]*)"')
PICTURES = ("/exercises/", ".png")


def a_runner(days: int) -> User:
    """Entries every day, a session every other, a decision for each, written as rows."""
    runner = User.objects.create_user(f"runner{days}@example.org", "x", name=f"Runner {days}")
    today = local_date(timezone.now(), runner.zone)
    first = today - datetime.timedelta(days=days)
    version = ProgrammeVersion.objects.filter(template__key="lbp-acute-default").latest("number")
    enrolment = Enrolment.objects.create(
        runner=runner,
        version=version,
        family="low-back-pain",
        started_on=first,
        created_at=timezone.now(),
        stage="S3_run1_walk4",
        stage_entered_on=first,
        baseline_morning=1,
        intake_pain=6,
        decided_through=today - datetime.timedelta(days=1),
        closes_at=closing_instant(today, runner.zone, settings.REHAB_CLOSE_HOUR),
    )
    dates = [first + datetime.timedelta(days=n) for n in range(days)]
    DiaryEntry.objects.bulk_create([_entry(enrolment, date, n % 2 == 0) for n, date in enumerate(dates)])
    Decision.objects.bulk_create([_decision(enrolment, date) for date in dates])
    PlannedSession.objects.bulk_create(
        [PlannedSession(enrolment=enrolment, date=date, stage=enrolment.stage) for date in dates[::2]]
    )
    return runner


def _entry(enrolment: Enrolment, date: datetime.date, ran: bool) -> DiaryEntry:
    session = {"session": "done", "during": 2, "after": 1} if ran else {"session": "none"}
    of_day = {"enrolment": enrolment, "date": date, "stage_shown": enrolment.stage}
    by = {"recorded_at": enrolment.created_at, "recorded_by": enrolment.runner}
    return DiaryEntry(rest=2, morning=1, **session, **of_day, **by)


def _decision(enrolment: Enrolment, date: datetime.date) -> Decision:
    return Decision(
        enrolment=enrolment,
        date=date,
        trigger="day_close",
        decision="hold",
        rule="D8M_QUIET_DAYS",
        refer="none",
        stage_before=enrolment.stage,
        stage_after=enrolment.stage,
        stage_change=0,
        takes_effect_on=date + datetime.timedelta(days=1),
        has_rest_score=True,
        reason="Three quiet days in a row (0-2) are needed first.",
        criteria=[],
        inputs={},
        inputs_hash="0" * 64,
        version=enrolment.version,
        engine_version="1.0.0",
        time_zone="UTC",
        decided_at=enrolment.created_at,
        job="bench",
    )


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def linked_bytes(html: str) -> dict[str, int]:
    """Address -> gzipped bytes of what a page links, each once, without pictures."""
    found = {}
    for value in LINKED.findall(html):
        for address in value.split():
            path = address.partition("#")[0].removeprefix(settings.STATIC_URL)
            if address.startswith(settings.STATIC_URL) and not any(part in address for part in PICTURES):
                found[path] = weight((ROOT / "static" / path).read_bytes())
    return found


def measured(client: Client, address: str) -> tuple[int, str]:
    """Queries and HTML, once everything that a process keeps is there."""
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answers {answer.status_code}")
    return len(counted), answer.content.decode()


def main() -> int:
    settings.ALLOWED_HOSTS.append("testserver")
    prepare_tables()
    clients = {days: signed_in(a_runner(days)) for days in (5, 500)}
    missed = []
    print(f"{'page':12} {'queries':>9} {'HTML, kB':>15} {'first load, kB':>15} {'500 : 5 days':>13}")
    for name in PAGES:
        (few, short), (many, long) = (measured(client, reverse(name)) for client in clients.values())
        page = [weight(html.encode()) for html in (short, long)]
        first = max(page) + sum(linked_bytes(long).values())
        print(
            f"{name:12} {few:>4}/{many:<4} {page[0] / 1000:>7.1f}/{page[1] / 1000:<7.1f} "
            f"{first / 1000:>15.1f} {page[1] / page[0]:>13.2f}"
        )
        if few != many or many > MOST_QUERIES:
            missed.append(f"{name}: {few} and {many} queries, at most {MOST_QUERIES} and the same wanted")
        if first > FIRST_LOAD or max(page) > REPEAT_LOAD:
            missed.append(f"{name}: {first} bytes at first and {max(page)} again")
    print("\n".join(missed) or "At most 8 queries, 100 kB at first, 25 kB again: held on every page.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
