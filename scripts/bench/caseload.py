"""The caseload of 200 runners with 90 days each, beside a bare page of Django, on PostgreSQL.

On a server of its own, thrown away afterwards; through Django's test client,
so that every middleware, the session, the second factor and the access records
are in it. Both pages are asked for in turns, so that a busy machine slows both.
Printed: server time of a request at the median, the ratio, queries, bytes.
Exits with 1 where the caseload takes longer than it may, or asks more for 200
runners than for 20.
"""

import atexit
import datetime
import io
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.with_postgres import Cluster  # noqa: E402  (only after the path is known)

_folder = tempfile.TemporaryDirectory()
_server = Cluster()
_server.create()
_server.start()
atexit.register(_server.remove)
os.environ |= {"REHAB_VAR_DIR": _folder.name, "DATABASE_URL": _server.url(), "LOG_LEVEL": "ERROR"}
os.environ |= {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "rehab.settings"}

import django  # noqa: E402  (the environment comes first)

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

import rehab.urls  # noqa: E402
from accounts.models import Consent, User  # noqa: E402
from programs.engine.calendar import closing_instant, local_date  # noqa: E402
from programs.models import (  # noqa: E402
    Decision,
    DiaryEntry,
    Enrolment,
    Override,
    PainNote,
    PlannedSession,
    ProgrammeVersion,
    ReadMark,
    RedFlagCase,
    SharedMessage,
    Snooze,
)
from tests.support.people import a_clinician, signed_in  # noqa: E402

RUNNERS, DAYS = 200, 90
ROUNDS = 41
LONGEST_MS = 150
MOST_QUERIES = 12
FIRST_PART = 20


def bare(request: HttpRequest) -> HttpResponse:
    """As little as a page of Django can be, behind the same middleware."""
    return HttpResponse(f"<!doctype html><title>Bare</title><p>{request.user.name}</p>")


class Filler:
    """Rows as 90 days leave them: written at once, because services would take minutes."""

    def __init__(self, clinician: User, now: datetime.datetime) -> None:
        self.clinician, self.now = clinician, now
        self.today = local_date(now, clinician.zone)
        self.draw = random.Random(5)
        self.version = ProgrammeVersion.objects.filter(template__key="lbp-acute-default").latest("number")
        self.stages = [stage["key"] for stage in self.version.document["stages"]][1:7]

    def dates(self) -> list[datetime.date]:
        return [self.today - datetime.timedelta(days=back) for back in range(DAYS, -1, -1)]

    def fill(self, numbers: range) -> None:
        people = [User(email=f"r{n}@example.org", name=f"Runner Number{n}") for n in numbers]
        runners = User.objects.bulk_create(people)
        granted = self.now - datetime.timedelta(days=DAYS)
        Consent.objects.bulk_create(
            [Consent(runner=runner, clinician=self.clinician, granted_at=granted) for runner in runners]
        )
        enrolments = Enrolment.objects.bulk_create([self.enrolment(runner) for runner in runners])
        entries = DiaryEntry.objects.bulk_create(
            [entry for e in enrolments for entry in self.entries(e)], batch_size=2000
        )
        PlannedSession.objects.bulk_create(
            [
                PlannedSession(enrolment=e, date=day, stage=e.stage)
                for e in enrolments
                for day in self.dates()[::2]
            ],
            batch_size=2000,
        )
        Decision.objects.bulk_create([row for e in enrolments for row in self.decisions(e)], batch_size=1000)
        PainNote.objects.bulk_create([self.note(entry) for entry in entries[::40]])
        self.of_physiotherapists(enrolments)

    def enrolment(self, runner: User) -> Enrolment:
        paused = self.draw.random() < 0.05
        return Enrolment(
            runner=runner,
            version=self.version,
            family="low-back-pain",
            started_on=self.dates()[0],
            created_at=self.now - datetime.timedelta(days=DAYS),
            stage=self.draw.choice(self.stages),
            stage_entered_on=self.today - datetime.timedelta(days=self.draw.randrange(40)),
            baseline_morning=self.draw.choice((1, 2, 2, 3)),
            intake_pain=6,
            refer="urgent" if paused else "none",
            paused_at=self.now - datetime.timedelta(days=3) if paused else None,
            decided_through=self.today - datetime.timedelta(days=1),
            closes_at=closing_instant(self.today, runner.zone, 3),
        )

    def entries(self, enrolment: Enrolment) -> list[DiaryEntry]:
        """A score on most days, a session every other; every tenth runner has fallen silent."""
        silent_from = self.draw.randrange(3, 40) if self.draw.random() < 0.1 else 0
        rows = []
        for back, date in zip(range(DAYS, -1, -1), self.dates(), strict=True):
            if back < silent_from or self.draw.random() < 0.08:
                continue
            ran = {"session": "none"}
            if back % 2 == 0:
                ran = {
                    "session": "done",
                    "during": self.draw.choice((0, 1, 2)),
                    "after": self.draw.choice((0, 1, 2)),
                }
            scores = {"morning": self.draw.choice((0, 1, 1, 2, 3)), "rest": self.draw.choice((0, 1, 1, 2, 3))}
            at = {"recorded_at": enrolment.created_at, "recorded_by": enrolment.runner}
            rows.append(
                DiaryEntry(enrolment=enrolment, date=date, stage_shown=enrolment.stage, **scores, **ran, **at)
            )
        return rows

    def decisions(self, enrolment: Enrolment) -> list[Decision]:
        return [self.decision(enrolment, date) for date in self.dates()[:-1]]

    def outcome(self, enrolment: Enrolment, date: datetime.date) -> dict:
        """Most days hold; some move on, some step back, those of a pause name it."""
        if enrolment.paused_at and date >= enrolment.paused_at.date():
            return {"decision": "pause_and_refer", "rule": "D2_URGENT", "stage_change": 0, "refer": "urgent"}
        chance = self.draw.random()
        if chance < 0.05:
            return {"decision": "advance", "rule": "D9A_ADVANCE", "stage_change": 1, "refer": "none"}
        if chance < 0.07:
            return {"decision": "step_back", "rule": "D5A_RED_PAIN", "stage_change": -1, "refer": "none"}
        return {"decision": "hold", "rule": "D8M_QUIET_DAYS", "stage_change": 0, "refer": "none"}

    def decision(self, enrolment: Enrolment, date: datetime.date) -> Decision:
        window = [(date - datetime.timedelta(days=back)).isoformat() for back in range(21)]
        of_day = {
            "morning": 1,
            "rest": 1,
            "session": "done",
            "during": 1,
            "after": 1,
            "stage_shown": enrolment.stage,
        }
        read = dict.fromkeys(window, of_day)
        read[date.isoformat()] = {**of_day, "red_flags": ["FEVER_UNWELL"]}
        return Decision(
            enrolment=enrolment,
            date=date,
            trigger="day_close",
            stage_before=enrolment.stage,
            stage_after=enrolment.stage,
            takes_effect_on=date + datetime.timedelta(days=1),
            has_rest_score=True,
            reason="Three quiet days in a row (0-2) are needed first.",
            criteria=[{"name": "quiet", "state": "met", "numbers": {"days": 3}}] * 6,
            inputs={"entries": read, "state": {"stage": enrolment.stage}},
            inputs_hash="0" * 64,
            version=self.version,
            engine_version="1.0.0",
            time_zone="UTC",
            decided_at=datetime.datetime.combine(
                date + datetime.timedelta(days=1), datetime.time(3), tzinfo=datetime.UTC
            ),
            job="bench",
            **self.outcome(enrolment, date),
        )

    def note(self, entry: DiaryEntry) -> PainNote:
        at = {"noted_at": self.now, "recorded_at": self.now, "recorded_by": entry.recorded_by}
        return PainNote(entry=entry, key=uuid.uuid4(), occasion="rest", site="back", score=2, **at)

    def of_physiotherapists(self, enrolments: list[Enrolment]) -> None:
        """Holds, notes to self, messages and owners of red flags, each on some runners."""
        by = {"made_by": self.clinician, "made_at": self.now - datetime.timedelta(days=2)}
        day = {"date": self.today - datetime.timedelta(days=2), "reason": "Seen in clinic"}
        until = self.today + datetime.timedelta(days=5)
        hold = {"kind": "hold_until", "until": until, "review_on": until, **day, **by}
        Override.objects.bulk_create([Override(enrolment=e, **hold) for e in enrolments[::9]])
        Snooze.objects.bulk_create(
            [
                Snooze(enrolment=e, need="silent", until=until, note="Away until Friday", **by)
                for e in enrolments[::15]
            ]
        )
        SharedMessage.objects.bulk_create(
            [
                SharedMessage(enrolment=e, words="May I run?", written_at=self.now, written_by=e.runner)
                for e in enrolments[::4]
                for _ in range(5)
            ]
        )
        past = self.now - datetime.timedelta(days=9)
        ReadMark.objects.bulk_create(
            [ReadMark(enrolment=e, reader=self.clinician, read_through=past) for e in enrolments[::5]]
        )
        RedFlagCase.objects.bulk_create(
            [
                RedFlagCase(
                    enrolment=e,
                    level="urgent",
                    opened_at=e.paused_at,
                    owner=self.clinician,
                    owned_since=e.paused_at,
                )
                for e in enrolments
                if e.paused_at
            ]
        )


def timed(client: Client, address: str) -> tuple[float, float, int]:
    """Milliseconds of one request, those that this process computed, and the bytes of its page."""
    start, computed = time.perf_counter(), time.process_time()
    answer = client.get(address)
    elapsed, computed = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - computed)
    if answer.status_code != 200:
        sys.exit(f"{address} answers {answer.status_code}")
    return elapsed, computed, len(answer.content)


def queries_of(client: Client) -> int:
    client.get("/caseload/")
    with CaptureQueriesContext(connection) as counted:
        client.get("/caseload/")
    return len(counted)


def main() -> int:
    rehab.urls.urlpatterns.insert(0, path("bare/", bare))
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    call_command("load_library", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    clinician = a_clinician()
    filler = Filler(clinician, timezone.now())
    filler.fill(range(FIRST_PART))
    client = signed_in(clinician)
    few = queries_of(client)
    filler.fill(range(FIRST_PART, RUNNERS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    many = queries_of(client)
    times: dict[str, list[tuple[float, float, int]]] = {"/caseload/": [], "/bare/": []}
    for _ in range(ROUNDS):
        for address, found in times.items():
            found.append(timed(client, address))
    size = max(weight for _, _, weight in times["/caseload/"])
    (ours, of_it), (plain, _) = (
        [statistics.median(column) for column in list(zip(*found, strict=True))[:2]]
        for found in times.values()
    )
    print(
        f"caseload, {RUNNERS} runners x {DAYS} days  {ours:7.1f} ms  ({size / 1000:.0f} kB, {many} queries)"
    )
    print(f"  computed by this process       {of_it:7.1f} ms; the rest: the database, a busy core")
    print(f"bare page of Django              {plain:7.1f} ms")
    print(f"ratio {ours / plain:.1f}; at most {LONGEST_MS} ms: {'yes' if ours < LONGEST_MS else 'NO'}")
    print(f"as many queries for {FIRST_PART} runners: {'yes' if few == many else f'NO, {few}'}")
    return int(ours >= LONGEST_MS or few != many)


if __name__ == "__main__":
    sys.exit(main())
