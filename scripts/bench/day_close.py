"""Closing days of many runners: batches of 100 against one runner at a time.

On a database of its own (SQLite in a temporary folder), with a fortnight of
diary behind every runner. Counted: runner-days a second, from the query for
what is due to the last commit; and both ways must leave the same decisions.
"""

import datetime
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
_folder = tempfile.TemporaryDirectory()
os.environ |= {"REHAB_VAR_DIR": _folder.name, "DATABASE_URL": "", "LOG_LEVEL": "WARNING", "DEBUG": "1"}
os.environ["DJANGO_SETTINGS_MODULE"] = "rehab.settings"

import django  # noqa: E402  (the environment comes first)

django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from programs.engine.calendar import closing_instant  # noqa: E402
from programs.models import Decision, DiaryEntry, Enrolment, ProgrammeVersion  # noqa: E402
from programs.services.days import close_due  # noqa: E402

RUNNERS = 600
DIARY_DAYS = 14
TODAY = datetime.date(2026, 3, 16)
FIRST = TODAY - datetime.timedelta(days=DIARY_DAYS - 1)


def enrolment_of(runner: User, version: ProgrammeVersion) -> Enrolment:
    return Enrolment(
        runner=runner,
        version=version,
        family="low-back-pain",
        started_on=FIRST,
        created_at=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
        stage="S3_run1_walk4",
        stage_entered_on=FIRST,
        baseline_morning=1,
        intake_pain=6,
        decided_through=TODAY - datetime.timedelta(days=1),
        closes_at=closing_instant(TODAY, runner.zone, 3),
    )


def entries_of(enrolment: Enrolment) -> list[DiaryEntry]:
    """Every other day a comfortable run, a score on every day."""
    rows = []
    for offset in range(DIARY_DAYS):
        ran = {"session": "done", "during": 1, "after": 1} if offset % 2 == 0 else {"session": "none"}
        date = FIRST + datetime.timedelta(days=offset)
        rows.append(
            DiaryEntry(
                enrolment=enrolment,
                date=date,
                morning=1,
                rest=1,
                stage_shown="S3_run1_walk4",
                recorded_at=enrolment.created_at,
                recorded_by=enrolment.runner,
                **ran,
            )
        )
    return rows


def fill() -> list[Enrolment]:
    version = ProgrammeVersion.objects.get(template__key="lbp-acute-default")
    people = [User(email=f"r{n}@example.org", name=f"Runner {n}") for n in range(RUNNERS)]
    runners = User.objects.bulk_create(people)
    enrolments = Enrolment.objects.bulk_create([enrolment_of(runner, version) for runner in runners])
    DiaryEntry.objects.bulk_create([row for e in enrolments for row in entries_of(e)], batch_size=500)
    return enrolments


def measure(part: list[Enrolment], batch_size: int) -> float:
    """Runner-days a second for one half of the runners."""
    now = closing_instant(TODAY, part[0].runner.zone, 3)
    start = time.perf_counter()
    report = close_due(now=now, job="bench", first=part[0].pk, last=part[-1].pk, batch_size=batch_size)
    assert len(report.decisions) == len(part), "every runner is decided"  # noqa: S101 - a measurement's own check
    return len(part) / (time.perf_counter() - start)


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_library", stdout=open(os.devnull, "w"))  # noqa: SIM115
    enrolments = fill()
    half = RUNNERS // 2
    measure(enrolments[:1], 1)
    batched = measure(enrolments[1:half], 100)
    single = measure(enrolments[half:], 1)
    same = Decision.objects.values("decision", "rule", "reason").distinct().count() == 1
    print(f"in batches of 100  {batched:8.0f} runner-days/s")
    print(f"one at a time      {single:8.0f} runner-days/s")
    print(f"ratio {batched / single:.1f}; the same decisions: {'yes' if same else 'NO'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
