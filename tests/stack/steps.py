"""Steps of a scenario that must run inside Django, on the stack's own database.

Reads one step a line, as JSON: its name and its arguments. Each is taken by a child that prints the
answer as JSON on its last line; after it comes a line of ``END`` and the child's status.
"""

import datetime
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from kombu.utils.json import dumps  # noqa: E402

from accounts.models import AccountMail, User  # noqa: E402
from accounts.services import create_account  # noqa: E402
from programs.models import Decision, Enrolment, JobHeartbeat, MessageOwed, ProgrammeVersion  # noqa: E402
from programs.services.diary import EntryValues, record_entry  # noqa: E402
from programs.services.enrolments import IntakeAnswers, enrol  # noqa: E402
from programs.services.library import load_library  # noqa: E402
from programs.services.messages import message_row  # noqa: E402
from programs.snapshots import programmes_of  # noqa: E402
from rehab.celery import app, tick_now  # noqa: E402
from rehab.queues import SLOW  # noqa: E402
from tests.stack.stepping import END  # noqa: E402

NOON = datetime.time(12, tzinfo=datetime.UTC)


def heartbeat() -> str | None:
    """Return the newest sign of life of the jobs."""
    newest = JobHeartbeat.objects.exclude(beat_at=None).order_by("-beat_at").first()
    return newest and newest.beat_at.isoformat()


def children(pid: str) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_child(pid: str) -> list[int]:
    """SIGKILL every child of a process that the test has started."""
    found = children(pid)
    for child in found:
        os.kill(child, signal.SIGKILL)
    return found


def seed_due(runners: str, days: str) -> int:
    """Enrol runners some days ago, who logged every day since; return how many days are due."""
    load_library(now=timezone.now())
    version = ProgrammeVersion.objects.filter(status="published").order_by("pk").first()
    stage = programmes_of([version.pk])[version.pk].stages[0].key
    today = timezone.now().date()
    for number in range(int(runners)):
        _seed_one(number, version, stage, today - datetime.timedelta(days=int(days)), int(days))
    now = timezone.now()
    return sum((now - e.closes_at).days + 1 for e in Enrolment.objects.due_for_close(now))


def _seed_one(number: int, version: ProgrammeVersion, stage: str, start: datetime.date, days: int) -> None:
    email = f"runner{number}@rehab.example"
    runner = create_account(email=email, name=f"Runner {number}", password=None, verified=True)
    # Mails go out at whatever hour this runs.
    none = datetime.time(12)
    User.objects.filter(pk=runner.pk).update(quiet_from=none, quiet_until=none)
    answers = IntakeAnswers(intake_pain=4, baseline_morning=3)
    noon = datetime.datetime.combine(start, NOON)
    intake = enrol(runner=runner, version=version, stage=stage, answers=answers, now=noon)
    for day in range(days):
        now = noon + datetime.timedelta(days=day)
        values = EntryValues(morning=number % 3, rest=number % 3)
        record_entry(enrolment=intake.enrolment, by=runner, now=now, date=now.date(), values=values)


def ledger() -> dict:
    """Return what the invariants are about: how often each date was closed, and what is still due."""
    closes = Decision.objects.filter(trigger="day_close").order_by("pk").values_list("enrolment", "date")
    dates: dict[int, list[str]] = {}
    for enrolment, date in closes:
        dates.setdefault(enrolment, []).append(date.isoformat())
    return {
        "dates": dates,
        "due": Enrolment.objects.due_for_close(timezone.now()).count(),
        "set_aside": Enrolment.objects.exclude(last_error="").count(),
    }


def verify_ledger() -> str:
    """Return what the command says that decides every day again."""
    said = io.StringIO()
    call_command("verify_ledger", stdout=said)
    return said.getvalue()


def owe_mails(count: str) -> int:
    """Owe so many mails, each to a runner of its own."""
    seed_due(count, "0")
    MessageOwed.objects.all().delete()
    now = timezone.now()
    for enrolment in Enrolment.objects.select_related("runner"):
        row = message_row(
            recipient=enrolment.runner, enrolment=enrolment, kind="written", local_date=now.date(), now=now
        )
        row.save()
    return MessageOwed.objects.count()


def hurry() -> int:
    """Let what waits for its next try be tried now."""
    return MessageOwed.objects.filter(status="owed").update(due_at=timezone.now())


def messages() -> dict:
    """Return the number of messages by status."""
    statuses = list(MessageOwed.objects.values_list("status", flat=True))
    return {status: statuses.count(status) for status in set(statuses)}


def account_mails() -> list[tuple[str, str]]:
    """Return what became of each account mail, and what is left of its text."""
    return list(AccountMail.objects.order_by("pk").values_list("status", "text"))


def take_time(seconds: str, *marks: str) -> None:
    """Queue work of a known length, for a worker that knows tests/stack/tasks.py."""
    for mark in marks:
        app.send_task("tests.stack.tasks.take_time", kwargs={"seconds": float(seconds), "mark": mark})


def join(email: str) -> str:
    """Make an account, and return its e-mail."""
    return User.objects.create_user(email).email


def people() -> list[str]:
    """Return the e-mails of all accounts."""
    return list(User.objects.order_by("pk").values_list("email", flat=True))


def fill_slow(count: str) -> int:
    """Queue so many slow tasks in one moment, so that nothing that beat asks for stands between them."""
    written = []
    with app.producer_pool.acquire() as producer:
        channel = producer.channel
        channel._put = lambda queue, message, **options: written.append(dumps(message))
        for _ in range(int(count)):
            app.send_task("accounts.tasks.forget_counts", producer=producer)
        return channel.client.lpush(SLOW, *written)


STEPS: dict[str, Callable] = {
    "heartbeat": heartbeat,
    "children": children,
    "kill-child": kill_child,
    "seed-due": seed_due,
    "ledger": ledger,
    "verify-ledger": verify_ledger,
    "owe-mails": owe_mails,
    "hurry": hurry,
    "messages": messages,
    "account-mails": account_mails,
    "tick": tick_now,
    "take-time": take_time,
    "join": join,
    "people": people,
    "fill-slow": fill_slow,
}


def take(name: str, *arguments: str) -> None:
    """In a child: take the step, answer, and leave nothing open behind."""
    status = 1
    try:
        print(json.dumps(STEPS[name](*arguments)))
        status = 0
    except Exception:
        traceback.print_exc(file=sys.stdout)
    finally:
        sys.stdout.flush()
        os._exit(status)


def serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            take(*json.loads(line))
        _, status = os.waitpid(child, 0)
        print(END, os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
