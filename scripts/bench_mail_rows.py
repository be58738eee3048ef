"""What scripts/bench/mail.py sends: runners with a week of diary, and a reminder owed to each."""

import datetime

from accounts.models import User
from programs.engine.calendar import closing_instant, local_date
from programs.models import DiaryEntry, Enrolment, MessageKind, MessageOwed, ProgrammeVersion
from programs.services.messages import message_row

DIARY_DAYS = 7
DAY = datetime.timedelta(days=1)
STAGE = "S3_run1_walk4"


def fill(runners: int) -> None:
    """Wherever the clock stands it is about noon for them, so that no quiet hour is in the way."""
    now = datetime.datetime.now(datetime.UTC)
    # Their names count the other way round: Etc/GMT-3 is three hours ahead.
    zone = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "UTC"
    version = ProgrammeVersion.objects.get(template__key="lbp-acute-default")
    people = [
        User(email=f"r{n}@example.org", name=f"Rosa Runner {n}", time_zone=zone) for n in range(runners)
    ]
    people = User.objects.bulk_create(people, batch_size=1000)
    rows = [_enrolment(runner, version, now) for runner in people]
    rows = Enrolment.objects.bulk_create(rows, batch_size=1000)
    for first in range(0, runners, 1000):
        part = rows[first : first + 1000]
        DiaryEntry.objects.bulk_create([entry for row in part for entry in _entries(row)], batch_size=2000)
    owed = [
        message_row(
            recipient=row.runner,
            enrolment=row,
            kind=MessageKind.REMINDER,
            local_date=local_date(now, row.runner.zone),
            now=now,
        )
        for row in rows
    ]
    MessageOwed.objects.bulk_create(owed, batch_size=1000)
    owe_again(0, now)


def _enrolment(runner: User, version: ProgrammeVersion, now: datetime.datetime) -> Enrolment:
    today = local_date(now, runner.zone)
    return Enrolment(
        runner=runner,
        version=version,
        family="low-back-pain",
        started_on=today - DIARY_DAYS * DAY,
        created_at=now - DIARY_DAYS * DAY,
        stage=STAGE,
        stage_entered_on=today - DIARY_DAYS * DAY,
        baseline_morning=1,
        intake_pain=6,
        decided_through=today - DAY,
        closes_at=closing_instant(today, runner.zone, 3),
    )


def _entries(enrolment: Enrolment) -> list[DiaryEntry]:
    """Every other day a comfortable run, a score on every day but today."""
    entries = []
    for offset in range(DIARY_DAYS):
        ran = {"session": "done", "during": 1, "after": 1} if offset % 2 == 0 else {"session": "none"}
        entries.append(
            DiaryEntry(
                enrolment=enrolment,
                date=enrolment.started_on + offset * DAY,
                morning=1,
                rest=1,
                stage_shown=STAGE,
                recorded_at=enrolment.created_at,
                recorded_by=enrolment.runner,
                **ran,
            )
        )
    return entries


def owe_again(count: int, now: datetime.datetime) -> None:
    """The first so many are owed from now on, the others settled long ago."""
    fresh = {"wanted_at": now, "due_at": now, "leased_until": None, "attempts": 0, "uncertain": 0}
    past = now - DAY
    MessageOwed.objects.update(**fresh, status="sent", settled_at=past)
    first = list(MessageOwed.objects.order_by("pk").values_list("pk", flat=True)[:count])
    MessageOwed.objects.filter(pk__in=first).update(status="owed", settled_at=None)
