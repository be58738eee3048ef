"""The impact preview of a draft: a thousand runners with 28 days, against deciding those days alone.

On a PostgreSQL of its own where one is installed, else on SQLite in a
temporary folder; every runner has a recorded decision, an entry for each day
and a session every other. Counted in the same run: the whole preview, from the
first query to the numbers, and the two walks in pure Python that are at its
heart. Exits with 1 where the preview takes five seconds or more.
"""

import contextlib
import copy
import datetime
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.prepared import prepare_sqlite, prepare_tables, running_server  # noqa: E402  (the path comes first)

_kept = contextlib.ExitStack()
_folder = _kept.enter_context(tempfile.TemporaryDirectory())
try:
    _server = running_server()
    _kept.callback(_server.remove)
    _database, _kind = _server.url(), "PostgreSQL"
except (FileNotFoundError, RuntimeError, OSError):
    _database, _kind = "", "SQLite"
    prepare_sqlite(_folder)
os.environ |= {"REHAB_VAR_DIR": _folder, "DATABASE_URL": _database, "LOG_LEVEL": "ERROR", "DEBUG": ""}
os.environ |= {"DJANGO_SETTINGS_MODULE": "rehab.settings", "SECRET_KEY": "a measurement" * 4}

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from programs.builder.impact import parting  # noqa: E402
from programs.engine.calendar import closing_instant  # noqa: E402
from programs.engine.document import programme_from_document  # noqa: E402
from programs.engine.records import state_to_json  # noqa: E402
from programs.engine.simulate import initial_state  # noqa: E402
from programs.models import Decision, DiaryEntry, Enrolment, PlannedSession, ProgrammeVersion  # noqa: E402
from programs.selectors.impact import Impact, impact_of  # noqa: E402
from programs.selectors.impact_rows import stretches_of  # noqa: E402
from programs.selectors.origin import basis_of  # noqa: E402

RUNNERS, DAYS, RUNS = 1000, 50, 5
MOST_SECONDS = 5.0
STAGE = "S3_run1_walk4"
NOW = timezone.now()
TODAY = NOW.date()
FIRST = TODAY - datetime.timedelta(days=DAYS)
WINDOW = TODAY - datetime.timedelta(days=28)


def fill(version: ProgrammeVersion) -> None:
    """A third runs quietly, a third has amber days, a third is hurt now and then."""
    runners = User.objects.bulk_create([User(email=f"r{n}@example.org") for n in range(RUNNERS)])
    enrolments = Enrolment.objects.bulk_create([enrolment_of(runner, version) for runner in runners])
    dates = [FIRST + datetime.timedelta(days=n) for n in range(DAYS)]
    for part in range(0, RUNNERS, 100):
        some = enrolments[part : part + 100]
        DiaryEntry.objects.bulk_create(entry_of(e, d, n) for e in some for n, d in enumerate(dates))
        PlannedSession.objects.bulk_create(
            PlannedSession(enrolment=e, date=d, stage=STAGE) for e in some for d in dates[::2]
        )
    Decision.objects.bulk_create(decision_of(e) for e in enrolments)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def enrolment_of(runner: User, version: ProgrammeVersion) -> Enrolment:
    return Enrolment(
        runner=runner,
        version=version,
        family="low-back-pain",
        started_on=FIRST,
        created_at=NOW,
        stage=STAGE,
        stage_entered_on=FIRST,
        baseline_morning=1,
        intake_pain=6,
        decided_through=TODAY - datetime.timedelta(days=1),
        closes_at=closing_instant(TODAY, runner.zone, 3),
    )


def entry_of(enrolment: Enrolment, date: datetime.date, number: int) -> DiaryEntry:
    kind = enrolment.pk % 3
    score = 1 if kind == 0 else 3 if number % 5 == 0 else 2
    hurt = kind == 2 and number % 17 == 0
    ran = {"session": "done", "during": 6 if hurt else score, "after": score}
    return DiaryEntry(
        enrolment=enrolment,
        date=date,
        morning=score,
        rest=1,
        stage_shown=STAGE,
        recorded_at=NOW,
        recorded_by=enrolment.runner,
        **(ran if number % 2 == 0 else {"session": "none"}),
    )


def decision_of(enrolment: Enrolment) -> Decision:
    programme = programme_from_document(enrolment.version.document, version=1)
    position = programme.positions[STAGE]
    state = initial_state(programme, position, WINDOW.toordinal(), programme_day=22, baseline=1, intake=6)
    return Decision(
        enrolment=enrolment,
        date=WINDOW,
        trigger="day_close",
        decision="hold",
        rule="D8J_MIN_DAYS",
        refer="none",
        stage_before=STAGE,
        stage_after=STAGE,
        stage_change=0,
        takes_effect_on=WINDOW,
        has_rest_score=True,
        reason="A measurement.",
        criteria=[],
        inputs={"state": state_to_json(state)},
        inputs_hash="0" * 64,
        version=enrolment.version,
        engine_version="1",
        time_zone="UTC",
        decided_at=NOW,
        job="bench",
    )


def a_draft(version: ProgrammeVersion, by: User) -> ProgrammeVersion:
    """Two days more on every stage of runs."""
    document = copy.deepcopy(version.document)
    for stage in document["stages"]:
        if stage["kind"] == "alternate":
            stage["criteria"]["min_days"]["value"] += 2
    return version.template.versions.create(
        number=version.number + 1, document=document, content_hash="draft", created_at=NOW, created_by=by
    )


def previewed(draft: ProgrammeVersion, by: User) -> Impact:
    return impact_of(draft=draft, basis=basis_of(draft=draft, viewer=by, now=NOW), viewer=by, now=NOW)


def seconds_of(work) -> tuple[float, object]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def main() -> int:
    prepare_tables()
    version = ProgrammeVersion.objects.select_related("template").get(template__key="lbp-acute-default")
    by = User.objects.create_user("physio@example.org", "x", role="clinician")
    fill(version)
    draft = a_draft(version, by)
    programme = programme_from_document(draft.document, version=draft.number)
    stretches = stretches_of(Enrolment.objects.active(), WINDOW, TODAY).values()
    whole, alone = [], []
    for _run in range(RUNS):
        with CaptureQueriesContext(connection) as queries:
            took, found = seconds_of(lambda: previewed(draft, by))
        whole.append(took)
        alone.append(seconds_of(lambda: [parting(stretch, programme) for stretch in stretches])[0])
    preview, deciding = statistics.median(whole), statistics.median(alone)
    print(f"on {_kind}: {found.compared} runners compared over 28 days, {found.different} decided otherwise")
    print(f"the whole preview  {preview:6.2f} s, {len(queries)} queries")
    print(f"deciding alone     {deciding:6.2f} s")
    held = preview < MOST_SECONDS and found.compared == RUNNERS
    print(f"ratio {preview / deciding:.1f}; under {MOST_SECONDS:.0f} s: {'yes' if held else 'NO'}")
    return 0 if held else 1


if __name__ == "__main__":
    with _kept:
        sys.exit(main())
