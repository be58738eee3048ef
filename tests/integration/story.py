"""A runner's story for tests of services: days told in a line each, through the real services.

``Story`` keeps the clock: ``log(3, rest=2)`` writes the entry of programme day
3 in the evening, ``close(3)`` closes it on the next morning.
"""

import datetime

from accounts.models import User
from accounts.services import grant_consent
from programs.engine.calendar import closing_instant, instant_of
from programs.models import Decision, Enrolment
from programs.services.days import close_due
from programs.services.diary import EntryValues, Recorded, record_entry
from programs.services.enrolments import IntakeAnswers, enrol
from tests.builders import a_published_version
from tests.support.people import a_clinician, a_runner

START = datetime.date(2026, 3, 2)
QUIET = {"morning": 1, "rest": 1}
RUN = {**QUIET, "session": "done", "during": 1, "after": 1}
NOON = datetime.time(12)


class Story:
    """One runner with her physiotherapist, from programme day 1 on."""

    def __init__(self, number: int = 1, stage: str = "S1_walking", zone: str = "Europe/London", **state):
        self.runner = a_runner(f"runner{number}@example.org", name=f"Runner {number}", time_zone=zone)
        self.clinician: User | None = None
        answers = IntakeAnswers(intake_pain=6, baseline_morning=state.pop("baseline", 1))
        intake = enrol(
            runner=self.runner,
            version=a_published_version(),
            stage="S1_walking",
            answers=answers,
            now=self.at(1),
        )
        self.pk = intake.enrolment_id
        # Later stages are set up here and nowhere else: telling weeks of diary
        # in every test would hide what the test is about.
        Enrolment.objects.filter(pk=self.pk).update(stage=stage, **state)

    @property
    def zone(self):
        return self.runner.zone

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment.objects.select_related("runner", "version").get(pk=self.pk)

    def date(self, day: int) -> datetime.date:
        return START + datetime.timedelta(days=day - 1)

    def at(self, day: int, wall: datetime.time = datetime.time(20)) -> datetime.datetime:
        return instant_of(self.date(day), wall, self.zone)

    def seen_by(self, clinician: User | None = None) -> User:
        self.clinician = clinician or a_clinician()
        grant_consent(runner=self.runner, clinician=self.clinician, now=self.at(1))
        return self.clinician

    def log(self, day: int, now: datetime.datetime | None = None, **values) -> Recorded:
        made_at = values.pop("made_at", None)
        if "red_flags" in values:
            values["red_flags"] = tuple(values["red_flags"])
        return record_entry(
            enrolment=self.enrolment,
            by=self.runner,
            now=now or self.at(day),
            date=self.date(day),
            values=EntryValues(**values),
            made_at=made_at,
        )

    def close(self, day: int, late_days: int = 0) -> Decision:
        """Close everything that is due when ``day`` ends (or days later); returns that day's decision."""
        now = closing_instant(self.date(day), self.zone, 3) + datetime.timedelta(days=late_days)
        close_due(now=now, job="test", first=self.pk, last=self.pk)
        return self.decision(day)

    def decision(self, day: int) -> Decision:
        return (
            Decision.objects.in_force().filter(enrolment=self.pk, date=self.date(day)).newest_first().first()
        )

    def live(self, first: int, days: list[dict | None]) -> list[str]:
        """Log and close consecutive days; None is a missing day. Returns the rules."""
        rules = []
        for day, values in enumerate(days, start=first):
            if values is not None:
                self.log(day, **values)
            rules.append(self.close(day).rule)
        return rules

    def ledger(self) -> list[tuple[int, str, str, str]]:
        rows = Decision.objects.filter(enrolment=self.pk).order_by("pk")
        return [((row.date - START).days + 1, row.trigger, row.decision, row.rule) for row in rows]
