"""The runners of a run: who they are, and what they write each day; run inside Django."""

import copy
import datetime
import itertools

from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import Consent, Role, User
from accounts.services import create_account
from programs.engine.calendar import closing_instant, local_date
from programs.models import Enrolment, ProgrammeVersion
from programs.services.drafts import begin_draft
from programs.services.editions import publish
from programs.services.library import load_library
from programs.services.mail_choices import begin_choices
from scripts.faults.zones import OWN, REMINDED, SEEN, ZONES

DAY = datetime.timedelta(days=1)
NO_QUIET = datetime.time(12)
CLINICIANS = 3
CHUNK = 1000


def seed(runners: int, days_ago: int = 0) -> dict:
    """Enrol so many runners today, or some days ago; returns the ids by what they are for."""
    now = timezone.now() - days_ago * DAY
    load_library(now=now)
    shipped = ProgrammeVersion.objects.get(template__key="lbp-acute-default", status="published")
    clinicians = [
        create_account(
            email=f"physio{n}@clinic.example",
            name=f"Petra {n}",
            password=None,
            role=Role.CLINICIAN,
            verified=True,
        )
        for n in range(CLINICIANS)
    ]
    own = _own_programme(clinicians[0], shipped, now)
    people = User.objects.bulk_create([_person(n) for n in range(runners)], batch_size=CHUNK)
    rows = [_enrolment(person, own if n % OWN == 0 else shipped, now) for n, person in enumerate(people)]
    rows = Enrolment.objects.bulk_create(rows, batch_size=CHUNK)
    _let_in(people[::SEEN], clinicians, now)
    for person in people[::REMINDED]:
        begin_choices(person=person, reminder=datetime.time(19), now=now)
    return {"enrolments": [row.pk for row in rows], "own": own.pk}


def _own_programme(by: User, shipped: ProgrammeVersion, now: datetime.datetime) -> ProgrammeVersion:
    document = copy.deepcopy(shipped.document)
    document["title"] = "Our own return to running"
    draft = begin_draft(by=by, now=now, document=document)
    return publish(draft=draft, by=by, now=now, note="The first", known_hash=draft.content_hash)


def _person(number: int) -> User:
    zone = ZONES[number % len(ZONES)]
    quiet = {"quiet_from": NO_QUIET, "quiet_until": NO_QUIET}
    person = User(email=f"r{number}@rehab.example", name=f"Rosa {number}", time_zone=zone, **quiet)
    person.set_unusable_password()
    return person


def _enrolment(runner: User, version: ProgrammeVersion, now: datetime.datetime) -> Enrolment:
    today = local_date(now, runner.zone)
    stage = version.document["stages"][3]["key"]
    return Enrolment(
        runner=runner,
        version=version,
        family=version.template.family,
        started_on=today,
        created_at=now,
        stage=stage,
        stage_entered_on=today,
        baseline_morning=1,
        intake_pain=6,
        decided_through=today - DAY,
        closes_at=closing_instant(today, runner.zone, 3),
    )


def _let_in(runners: list[User], clinicians: list[User], now: datetime.datetime) -> None:
    pairs = zip(runners, itertools.cycle(clinicians), strict=False)
    Consent.objects.bulk_create([Consent(runner=r, clinician=c, granted_at=now) for r, c in pairs])


#: What a day brings follows from runner and date, so that a seed brings the same again: most days
#: comfortable, some with too much pain, one in seven without any word.
WRITE = """
INSERT INTO programs_diaryentry
    (enrolment_id, date, morning, rest, session, during, after, warmup, limp, leg, sites, red_flags,
     stage_shown, recorded_at, recorded_by_id)
SELECT id, today, m, m, CASE WHEN mod(dice, 2) = 0 THEN 'done' ELSE 'none' END,
       CASE WHEN mod(dice, 2) = 0 THEN m + 1 END, CASE WHEN mod(dice, 2) = 0 THEN m + 1 END,
       'none', false, 'none', '[]', '[]', stage, %(now)s, runner_id
FROM (SELECT e.id, e.stage, e.runner_id, e.started_on, e.decided_through, d.today,
             abs(hashtext(e.id || ' ' || d.today)) AS dice
      FROM programs_enrolment e JOIN accounts_user u ON u.id = e.runner_id,
           LATERAL (SELECT (%(now)s AT TIME ZONE u.time_zone)::date AS today) d
      WHERE e.status = 'active') runners,
     LATERAL (SELECT CASE WHEN mod(dice, 23) = 0 THEN 6 WHEN mod(dice, 5) = 0 THEN 2 ELSE 1 END AS m) pain
WHERE today >= started_on AND today > decided_through AND mod(dice, 7) <> 3
ON CONFLICT (enrolment_id, date) DO NOTHING
"""


def write_day() -> int:
    """Everybody who has not yet, writes today's entry, under the stage that her page shows at this moment."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {"now": timezone.now()})
            return cursor.rowcount
    except IntegrityError:
        # Somebody's account was deleted in this moment. The product locks one runner; this takes all at once.
        return write_day()


ACTS = {"seed": seed, "write-day": write_day}
