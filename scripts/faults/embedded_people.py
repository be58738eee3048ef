"""Runners of the throw-away site, and what they send: check-ins as a browser sends them.

Only inside Django that is set up.
"""

import datetime
import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.services import create_account
from programs.models import Enrolment, MessageKind, MessageOwed, ProgrammeVersion
from programs.services.diary import EntryValues, record_entry
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.messages import message_row
from programs.snapshots import programmes_of
from scripts.visitor import CSRF_COOKIE, Visitor
from tests.support.people import signed_in

NOON = datetime.time(12)
DAY = datetime.timedelta(days=1)
MARK = re.compile(r'name="seen" value="([^"]*)"')
#: Any 32 letters do: the check compares the cookie with the field.
CSRF_SECRET = "embeddedEMBEDDEDembeddedEMBEDD12"  # noqa: S105  (of a throw-away site)


def runner_with_due_days(name: str, days: int, told: int = 2) -> Enrolment:
    """Enrol somebody some days ago who reported the first days; every day since then is due."""
    version = ProgrammeVersion.objects.filter(status="published").order_by("pk").first()
    stage = programmes_of([version.pk])[version.pk].stages[0].key
    runner = create_account(email=f"{name}@rehab.example", name=name, password=None, verified=True)
    # Mails go out at whatever hour this runs.
    User.objects.filter(pk=runner.pk).update(quiet_from=NOON, quiet_until=NOON)
    began = datetime.datetime.combine(timezone.now().date() - days * DAY, NOON, datetime.UTC)
    answers = IntakeAnswers(intake_pain=4, baseline_morning=3)
    enrolment = enrol(runner=runner, version=version, stage=stage, answers=answers, now=began).enrolment
    for number in range(min(told, days)):
        now = began + number * DAY
        values = EntryValues(morning=1 + number % 2, rest=1)
        record_entry(enrolment=enrolment, by=runner, now=now, date=now.date(), values=values)
    message_row(
        recipient=runner,
        enrolment=enrolment,
        kind=MessageKind.WRITTEN,
        local_date=timezone.now().date(),
        now=timezone.now(),
    ).save()
    return enrolment


def hurry() -> None:
    """Let what a dead process had claimed be found at once: the lease would last for minutes."""
    Enrolment.objects.filter(claimed_until__isnull=False).update(claimed_until=None)
    MessageOwed.objects.filter(status="owed").update(leased_until=None, due_at=timezone.now())


def browser_of(runner: User, port: int) -> Visitor:
    """A browser with a session, as after signing in."""
    visitor = Visitor(port, timeout=25)
    session = signed_in(runner).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.cookies |= {settings.SESSION_COOKIE_NAME: session, CSRF_COOKIE: CSRF_SECRET}
    return visitor


def fields_of(scores: tuple[int, int], mark: str = "") -> dict[str, str]:
    """A check-in as the form sends it; ``mark`` says which state of the day the form showed."""
    morning, rest = map(str, scores)
    return {"morning": morning, "rest": rest, "session": "done", "during": rest, "after": rest, "seen": mark}


@dataclass
class Sent:
    """One check-in that was sent, and whether the site said that it has it."""

    enrolment: int
    date: datetime.date
    scores: tuple[int, int]
    status: int = 0

    @property
    def is_acknowledged(self) -> bool:
        return 200 < self.status < 400


@dataclass
class Poster(threading.Thread):
    """Sends one runner's check-ins, one after the other, until it is stopped."""

    enrolment: Enrolment
    visitor: Visitor
    seed: int
    sent: list[Sent] = field(default_factory=list)
    #: Statuses of pages and answers that were neither taken nor cut off.
    other: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311  (no secret)
        while not self.stopping.is_set():
            try:
                self.send(chance)
            except (OSError, http.client.HTTPException):
                # The site was killed before or in its answer.
                time.sleep(0.05)

    def send(self, chance: random.Random) -> Sent | None:
        """Open the form of today or of a day before, and send other scores than it holds."""
        date = timezone.now().date() - chance.randrange(3) * DAY
        path = f"/check-in/{date}/"
        page = self.visitor.get(path)
        if page.status != 200:
            self.other.append(page.status)
            return None
        mark = MARK.search(page.body)
        sent = Sent(self.enrolment.pk, date, (chance.randrange(4), chance.randrange(4)))
        self.sent.append(sent)
        sent.status = self.visitor.post(path, fields_of(sent.scores, mark[1] if mark else "")).status
        if not sent.is_acknowledged:
            self.other.append(sent.status)
        return sent
