"""Who uses the throw-away site: runners with a history that the product wrote, and their physiotherapists.

Only inside Django that is set up.
"""

import datetime
import random
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Consent, User
from accounts.services import create_account
from programs.models import DiaryEntry, Enrolment, ProgrammeVersion
from programs.services.days import close_due
from programs.services.enrolments import IntakeAnswers, enrol
from programs.snapshots import programmes_of
from scripts.faults.flags import Flag
from scripts.load.traffic import CSRF_SECRET, Ask, Person
from tests.support.people import a_clinician, signed_in

DAY = datetime.timedelta(days=1)
HISTORY, BEHIND = 28, 3
PER_CLINICIAN = 200
#: Shares of a hundred requests; a fifth writes. One in so many runners gives red flags, over and over:
#: she is paused from then on, and most shall not be.
RED_FLAGS, ALARMED, RED_FLAG = 0.5, 20, "LEG_WEAK_ONE"
PAGES = {"today": 32, "progress": 16, "check-in form": 10, "week": 8, "why": 8, "caseload": 6}
WRITES = 20
PATHS = {
    "today": "/today/",
    "progress": "/progress/",
    "check-in form": "/check-in/",
    "week": "/week/",
    "why": "/why/",
    "caseload": "/caseload/",
}


def seed(count: int, draw: random.Random) -> list[Enrolment]:
    """Enrol so many runners a month ago, with a diary; close all their days but the last three."""
    version = ProgrammeVersion.objects.filter(template__key="lbp-acute-default").latest("number")
    stage = programmes_of([version.pk])[version.pk].stages[1].key
    now = timezone.now()
    began = now - (HISTORY + BEHIND) * DAY
    answers = IntakeAnswers(intake_pain=4, baseline_morning=3)
    with transaction.atomic():
        for number in range(count):
            runner = create_account(
                email=f"r{number}@rehab.example", name=f"Runner {number}", password=None, verified=True
            )
            enrol(runner=runner, version=version, stage=stage, answers=answers, now=began)
    enrolments = list(Enrolment.objects.select_related("runner"))
    rows = [row for enrolment in enrolments for row in _diary(enrolment, stage, draw)]
    DiaryEntry.objects.bulk_create(rows, batch_size=2000)
    for back in range(HISTORY, -1, -1):
        close_due(now=now - (BEHIND + back) * DAY, job="history", batch_size=1000)
    # They wait until the load begins.
    Enrolment.objects.update(closes_at=now + DAY)
    return enrolments


def _diary(enrolment: Enrolment, stage: str, draw: random.Random) -> Iterator[DiaryEntry]:
    for number in range(HISTORY + BEHIND):
        date = enrolment.started_on + number * DAY
        at = datetime.datetime.combine(date, datetime.time(20), datetime.UTC)
        scores = {"morning": draw.randrange(4), "rest": draw.randrange(4)}
        if draw.random() < 0.9:
            yield DiaryEntry(
                enrolment=enrolment,
                date=date,
                stage_shown=stage,
                recorded_at=at,
                recorded_by=enrolment.runner,
                **scores,
            )


def clinicians_of(runners: list[User]) -> list[User]:
    """Give every runner a physiotherapist, who has two hundred."""
    found = []
    for start in range(0, len(runners), PER_CLINICIAN):
        clinician = a_clinician(f"p{start}@rehab.example", f"Petra {start}")
        granted = timezone.now() - HISTORY * DAY
        theirs = runners[start : start + PER_CLINICIAN]
        Consent.objects.bulk_create(
            [Consent(runner=runner, clinician=clinician, granted_at=granted) for runner in theirs]
        )
        found.append(clinician)
    return found


def person_of(user: User) -> Person:
    """Somebody who has signed in, second factor and all."""
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    return Person(f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF_SECRET}")


def spread(seconds: float) -> None:
    """Let everybody's next day fall due at an instant of the run, evenly, and not at its last moment."""
    now, enrolments = timezone.now(), list(Enrolment.objects.order_by("pk"))
    for number, enrolment in enumerate(enrolments):
        enrolment.closes_at = now + datetime.timedelta(seconds=0.9 * seconds * number / len(enrolments))
    Enrolment.objects.bulk_update(enrolments, ["closes_at"], batch_size=500)


class Mix:
    """Draws who asks next, and what for; ``runners`` by their enrolments."""

    def __init__(self, runners: dict[int, Person], clinicians: list[Person], draw: random.Random) -> None:
        self._runners, self._clinicians, self._draw = list(runners.values()), clinicians, draw
        self._alarmed = list(runners.items())[::ALARMED]
        #: Enrolment -> when it gave its first red flag.
        self.flagged: dict[int, datetime.datetime] = {}

    def __call__(self) -> tuple[Person, Ask]:
        if self._draw.random() * 100 < RED_FLAGS:
            return self._red_flag()
        runner = self._draw.choice(self._runners)
        if self._draw.random() * 100 < WRITES:
            return runner, self._check_in(runner)
        kind = self._draw.choices(list(PAGES), weights=PAGES.values())[0]
        who = self._draw.choice(self._clinicians) if kind == "caseload" else runner
        return who, Ask(kind, PATHS[kind])

    def _red_flag(self) -> tuple[Person, Ask]:
        enrolment, runner = self._draw.choice(self._alarmed)
        self.flagged.setdefault(enrolment, timezone.now())
        fields = {"red_flags": RED_FLAG, "csrfmiddlewaretoken": CSRF_SECRET}
        return runner, Ask("red flag POST", "/something-wrong/", fields, status=302)

    def flags(self) -> list[Flag]:
        """The first of everybody who gave one, taken by now."""
        now = timezone.now()
        return [
            Flag(enrolment, at.date(), at.date(), at, now, (RED_FLAG,))
            for enrolment, at in self.flagged.items()
        ]

    def _check_in(self, runner: Person) -> Ask:
        morning, rest = (str(self._draw.randrange(4)) for _ in range(2))
        scores = {"morning": morning, "rest": rest, "during": rest, "after": rest, "session": "done"}
        fields = scores | {"seen": runner.mark, "csrfmiddlewaretoken": CSRF_SECRET}
        return Ask("check-in POST", PATHS["check-in form"], fields, status=302)
