"""Fill an empty database with six invented runners, by the code of the first release.

Run in a checkout of that release, never in this one; README.md beside it has the commands.
"""

import datetime
import os
import sys

import django

sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from accounts.models import Role  # noqa: E402
from accounts.services import create_account, grant_consent  # noqa: E402
from programs.engine.calendar import closing_instant, instant_of  # noqa: E402
from programs.models import Enrolment, ProgrammeVersion  # noqa: E402
from programs.services.days import close_due  # noqa: E402
from programs.services.delivery import deliver_due  # noqa: E402
from programs.services.diary import EntryValues, record_entry  # noqa: E402
from programs.services.enrolments import IntakeAnswers, enrol  # noqa: E402
from programs.services.library import load_library  # noqa: E402
from programs.services.overrides import clear_pause, hold_until, set_stage  # noqa: E402

START = datetime.date(2026, 3, 2)
DAYS = 40
ZONES = ("Europe/London", "America/New_York", "Pacific/Auckland")
EVENING, NOON = datetime.time(20), datetime.time(12)
QUIET = {"morning": 1, "rest": 1}
RUN = {**QUIET, "session": "done", "during": 1, "after": 1}


def date_of(day: int) -> datetime.date:
    return START + datetime.timedelta(days=day - 1)


class Life:
    def __init__(self, name: str, number: int, clinician) -> None:
        zone = ZONES[number % len(ZONES)]
        self.runner = create_account(
            email=f"{name.lower()}@rehab.example", name=name, password=None, time_zone=zone, verified=True
        )
        version = ProgrammeVersion.objects.get(template__key="lbp-acute-default")
        stage = version.document["stages"][1]["key"]
        answers = IntakeAnswers(intake_pain=5, baseline_morning=2, reminder_time=datetime.time(18))
        now = self.at(1, NOON)
        self.pk = enrol(
            runner=self.runner, version=version, stage=stage, answers=answers, now=now
        ).enrolment_id
        if clinician:
            grant_consent(runner=self.runner, clinician=clinician, now=now)

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment.objects.select_related("runner", "version").get(pk=self.pk)

    def at(self, day: int, wall: datetime.time = EVENING) -> datetime.datetime:
        return instant_of(date_of(day), wall, self.runner.zone)

    def is_every_day(self) -> bool:
        enrolment = self.enrolment
        kinds = {stage["key"]: stage["kind"] for stage in enrolment.version.document["stages"]}
        return kinds[enrolment.stage] == "daily"

    def log(self, day: int, about: int | None = None, **values) -> None:
        record_entry(
            enrolment=self.enrolment,
            by=self.runner,
            now=self.at(day),
            date=date_of(about or day),
            values=EntryValues(**values),
        )

    def close(self, day: int) -> None:
        now = closing_instant(date_of(day), self.runner.zone, 3)
        close_due(now=now, job="close_range", first=self.pk, last=self.pk)


def live(lives: dict[str, Life], clinician) -> None:
    for day in range(1, DAYS + 1):
        for name, life in lives.items():
            acts_before(name, life, day, clinician)
            if (values := reported(name, day, life.is_every_day())) is not None:
                life.log(day, **values)
            if name == "Bela" and day == 14:
                # What she had forgotten on a day that is closed: decided again.
                life.log(14, about=12, morning=2, rest=2, session="done", during=6, after=5)
            life.close(day)


def reported(name: str, day: int, is_every_day: bool) -> dict | None:
    usual = RUN if is_every_day or day % 2 == 0 else QUIET
    if name == "Ella":  # silent for days on end
        return usual if day % 7 < 3 else None
    if name == "Bela" and day in (20, 21, 22):
        return {"morning": 6, "rest": 6, "session": "stopped_pain", "during": 8, "after": 7}
    if name in ("Cara", "Dora") and day == 18:
        return {"morning": 4, "rest": 5, "red_flags": ("saddle_numbness",)}
    if name in ("Cara", "Dora") and day > 18:
        return QUIET if name == "Cara" or day < 24 else usual
    return usual


def acts_before(name: str, life: Life, day: int, clinician) -> None:
    now = life.at(day, NOON)
    if name == "Dora" and day == 21:
        clear_pause(
            enrolment=life.enrolment,
            by=clinician,
            now=now,
            reason="Seen in hospital, no cauda equina.",
            assessed_by="Dr Invented",
            assessed_on=date_of(20),
        )
    if name == "Fay" and day == 9:
        hold_until(
            enrolment=life.enrolment, by=clinician, now=now, until=date_of(13), reason="A cold this week."
        )
    if name == "Fay" and day == 25:
        stage = life.enrolment.version.document["stages"][1]["key"]
        set_stage(enrolment=life.enrolment, by=clinician, now=now, stage=stage, reason="Begin gently again.")


def main() -> None:
    load_library(now=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC))
    clinician = create_account(
        email="petra@rehab.example", name="Petra", password=None, role=Role.CLINICIAN, verified=True
    )
    names = ("Anna", "Bela", "Cara", "Dora", "Ella", "Fay")
    # Ella has nobody: what was decided for her alone.
    lives = {
        name: Life(name, number, None if name == "Ella" else clinician) for number, name in enumerate(names)
    }
    live(lives, clinician)
    deliver_due(now=lives["Anna"].at(20))


if __name__ == "__main__":
    main()
