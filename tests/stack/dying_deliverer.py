"""Deliver mails, and die by SIGKILL at each step of it: a test driver, run inside Django.

    python -m tests.stack.dying_deliverer CONNECTIONS

For every crash point: owe mails, let a child process die there in the middle of
the second, then deliver what is left when the lease has ended. Prints, as JSON,
by point: how the child ended, the Message-IDs, and what became of the rows.
"""

import datetime
import itertools
import json
import os
import signal
import smtplib
import sys
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.services import create_account, outbox  # noqa: E402
from accounts.services.smtp import PhaseSMTP  # noqa: E402
from programs.mail_contents import contents_of  # noqa: E402
from programs.models import Enrolment, MessageKind, MessageOwed, ProgrammeVersion  # noqa: E402
from programs.services import delivery  # noqa: E402
from programs.services.delivery import deliver_due  # noqa: E402
from programs.services.enrolments import IntakeAnswers, enrol  # noqa: E402
from programs.snapshots import programmes_of  # noqa: E402

MAILS = 3
DAY = datetime.timedelta(days=1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def nth(function: Callable, which: int, *, before: bool = False) -> Callable:
    """The same function, and the end of this process at its nth call.

    Each call has its own number: several connections are in it at once, and none may miss its turn.
    """
    calls = itertools.count(1)

    def wrapped(*args, **kwargs):
        number = next(calls)
        if before and number == which:
            die()
        answer = function(*args, **kwargs)
        if number == which:
            die()
        return answer

    return wrapped


def body(cut: int | None) -> Callable:
    """``send`` of the second body: so much of it, then the end."""
    real, bodies = PhaseSMTP.send, itertools.count(1)

    def send(self, data):
        if isinstance(data, bytes) and data.endswith(b"\r\n.\r\n") and next(bodies) == 2:
            real(self, data[:cut])
            die()
        return real(self, data)

    return send


#: Point -> where the driver puts its trap.
POINTS: dict[str, Callable[[], None]] = {
    "after the claim": lambda: setattr(outbox, "claim", nth(outbox.claim, 1)),
    "after the words": lambda: setattr(delivery, "email_for", nth(delivery.email_for, 2)),
    "before the connection": lambda: setattr(
        smtplib.SMTP, "connect", nth(smtplib.SMTP.connect, 1, before=True)
    ),
    "after MAIL": lambda: setattr(smtplib.SMTP, "mail", nth(smtplib.SMTP.mail, 2)),
    "after RCPT": lambda: setattr(smtplib.SMTP, "rcpt", nth(smtplib.SMTP.rcpt, 2)),
    "after 354": lambda: setattr(PhaseSMTP, "send", body(0)),
    "inside the body": lambda: setattr(PhaseSMTP, "send", body(100)),
    "before the dot": lambda: setattr(PhaseSMTP, "send", body(-3)),
    "after the dot": lambda: setattr(PhaseSMTP, "send", body(None)),
    # The first: marks are gathered, and over several connections all may come at once.
    "before the mark": lambda: setattr(outbox, "insist", nth(outbox.insist, 1, before=True)),
    "after the mark": lambda: setattr(outbox, "insist", nth(outbox.insist, 1)),
}


def an_enrolment() -> Enrolment:
    found = Enrolment.objects.filter(runner__email="rosa@rehab.example").first()
    if found:
        return found
    rosa = create_account(email="rosa@rehab.example", name="Rosa", password=None, verified=True)
    User.objects.filter(pk=rosa.pk).update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    rosa.refresh_from_db()
    version = ProgrammeVersion.objects.filter(status="published").order_by("pk").first()
    stage = programmes_of([version.pk])[version.pk].stages[0].key
    answers = IntakeAnswers(intake_pain=4, baseline_morning=3)
    intake = enrol(runner=rosa, version=version, stage=stage, answers=answers, now=timezone.now())
    MessageOwed.objects.all().delete()
    return intake.enrolment


def owe(enrolment: Enrolment, now: datetime.datetime) -> list[MessageOwed]:
    number = MessageOwed.objects.count()
    return [
        MessageOwed.objects.create(
            recipient=enrolment.runner,
            enrolment=enrolment,
            kind=MessageKind.WRITTEN,
            local_date=now.date() + (number + n) * DAY,
            created_at=now,
            wanted_at=now,
            due_at=now,
            message_id=f"<{number + n}@rehab.example>",
        )
        for n in range(MAILS)
    ]


def delivered_by_one_who_dies(trap: Callable[[], None], now: datetime.datetime) -> int:
    """Returns the signal that ended it."""
    connection.close()
    child = os.fork()
    if child == 0:
        trap()
        deliver_due(now=now, contents=contents_of)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main(connections: str) -> None:
    settings.REHAB_MAIL_CONNECTIONS = int(connections)
    now, report = timezone.now(), {}
    enrolment = an_enrolment()
    for point, trap in POINTS.items():
        rows = owe(enrolment, now)
        ended_by = delivered_by_one_who_dies(trap, now)
        deliver_due(now=now + outbox.LEASE - outbox.MINUTE, contents=contents_of)
        deliver_due(now=now + outbox.LEASE + outbox.MINUTE, contents=contents_of)
        for row in rows:
            row.refresh_from_db()
        report[point] = {
            "signal": ended_by,
            "ids": [row.message_id for row in rows],
            "statuses": [row.status for row in rows],
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
