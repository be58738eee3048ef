"""Runners of the throw-away site who give a red flag while it is killed. Only inside Django."""

import datetime
import http.client
import threading
import time
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import Consent, Role, User
from accounts.services import create_account
from programs.models import Enrolment
from scripts.faults.embedded_people import NOON
from scripts.faults.flags import Flag
from scripts.visitor import Visitor

CODES = ("CE_BLADDER", "LEG_WEAK_ONE")
PAUSE_SECONDS = 0.05


def her_physiotherapist(runner: User) -> None:
    """Somebody whom she lets in, and who can be told at any hour."""
    address = f"physio.{runner.email}"
    clinician = create_account(email=address, name="Petra", password=None, role=Role.CLINICIAN, verified=True)
    User.objects.filter(pk=clinician.pk).update(quiet_from=NOON, quiet_until=NOON)
    granted = timezone.now() - datetime.timedelta(days=1)
    Consent.objects.create(runner=runner, clinician=clinician, granted_at=granted)


@dataclass
class Frightened(threading.Thread):
    """Presses "Something is wrong" until the site has taken it, as a frightened person does."""

    enrolment: Enrolment
    visitor: Visitor
    number: int
    taken: Flag | None = None
    #: Statuses of answers that were neither taken nor cut off.
    other: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopping.is_set() and self.taken is None and not self.other:
            try:
                self.press()
            except (OSError, http.client.HTTPException):
                # The site was killed before or in its answer.
                time.sleep(PAUSE_SECONDS)

    def press(self) -> None:
        code, since = CODES[self.number % len(CODES)], timezone.now()
        status = self.visitor.post("/something-wrong/", {"red_flags": code}).status
        if status != 302:
            self.other.append(status)
            return
        until = timezone.now()
        self.taken = Flag(self.enrolment.pk, until.date(), since.date(), since, until, (code,))
