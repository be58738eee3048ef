"""Steps of the drill of a backup that must run inside Django.

python -m tests.stack.backup_steps STEP ARGUMENTS
"""

import datetime
import io
import json
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.emails import Words  # noqa: E402
from accounts.models import AccountMail, User  # noqa: E402
from accounts.services.mail import owe_mail  # noqa: E402
from programs.engine.calendar import local_date  # noqa: E402
from programs.mailing import SAFETY  # noqa: E402
from programs.models import Decision, DiaryEntry, Enrolment, MailChoice, MessageOwed  # noqa: E402
from programs.services.days import close_due  # noqa: E402
from programs.services.diary import EntryValues, record_entry  # noqa: E402
from programs.services.erasure import erase  # noqa: E402
from programs.services.holds import held_because  # noqa: E402
from programs.services.messages import message_row  # noqa: E402
from programs.tasks import send_due, tick  # noqa: E402
from rehab.backups import container  # noqa: E402
from rehab.celery import app  # noqa: E402
from tests.builders import an_enrolment, the_library  # noqa: E402
from tests.support.people import a_clinician, a_runner  # noqa: E402

# What a task hands on is done at once: here is no worker.
app.conf.task_always_eager = app.conf.task_eager_propagates = True
DAYS = 8
QUIET = EntryValues(morning=1, rest=1, session="done", during=1, after=1)
FLAG = EntryValues(morning=4, rest=5, red_flags=("saddle_numbness",))
MIDNIGHT = datetime.time(0)


def seed() -> None:
    """Four runners with eight days each, a red flag among them, not all closed; mails of every sort."""
    the_library()
    petra = a_clinician()
    for name in ("Anna", "Bela", "Cara", "Erna"):
        runner = a_runner(f"{name.lower()}@example.org", name)
        enrolment = an_enrolment(runner, days_ago=DAYS, clinician=petra, reminder_time=datetime.time(18))
        for day in range(DAYS):
            _report(enrolment, day, FLAG if name == "Cara" and day == 2 else QUIET)
    # Nobody is quiet: what is owed is due at whatever hour this runs.
    User.objects.update(quiet_from=MIDNIGHT, quiet_until=MIDNIGHT)
    anna = Enrolment.objects.select_related("runner").get(runner__name="Anna")
    today = timezone.now().date()
    written = message_row(
        recipient=anna.runner, enrolment=anna, kind="written", local_date=today, now=timezone.now()
    )
    written.save()
    close_due(now=timezone.now() - datetime.timedelta(days=6), job="drill")
    MessageOwed.objects.filter(status="owed").update(due_at=timezone.now(), wanted_at=timezone.now())
    MailChoice.objects.filter(wall__isnull=False, is_on=True).update(next_at=timezone.now())
    secret = Words(subject="A code", text="Your code is 123456", html="")
    owe_mail(email="anna@example.org", kind="login_code", words=secret, now=timezone.now())
    session = SessionStore()
    session["who"] = "Anna"
    session.save()


def _report(enrolment: Enrolment, day: int, values: EntryValues) -> None:
    date = enrolment.started_on + datetime.timedelta(days=day)
    now = datetime.datetime.combine(date, datetime.time(21), datetime.UTC)
    by = enrolment.runner
    if now > enrolment.created_at and date < local_date(timezone.now(), by.zone):
        record_entry(
            enrolment=Enrolment.objects.get(pk=enrolment.pk), by=by, now=now, date=date, values=values
        )


def back_up(file: str) -> dict:
    """Back up while somebody writes without a pause; the counts must be of one moment."""
    stop, written = threading.Event(), []

    def write() -> None:
        runner = User.objects.get(name="Bela")
        enrolment = Enrolment.objects.get(runner=runner)
        while not stop.is_set():
            score = len(written) % 4
            record_entry(
                enrolment=enrolment,
                by=runner,
                now=timezone.now(),
                date=local_date(timezone.now(), runner.zone),
                values=EntryValues(morning=score, rest=score),
            )
            written.append(score)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        call_command("backup", file, verbosity=0)
    finally:
        stop.set()
        writer.join()
    return {"written": len(written), "mode": oct(Path(file).stat().st_mode & 0o777)}


def go_on() -> dict:
    """The site lives on after the backup: sends what it owes, closes days, erases Erna."""
    tick()
    close_due(now=timezone.now(), job="drill")
    send_due()
    erase(user=User.objects.get(name="Erna"), now=timezone.now())
    return mails()


def mails() -> dict:
    """Key of a mail -> its status and Message-ID; of Erna nothing, who is gone."""
    rows = MessageOwed.objects.exclude(recipient__name__in=("Erna", "Erased runner"))
    rows = rows.exclude(enrolment__runner__name__in=("Erna", "Erased runner"))
    columns = (
        "recipient__email",
        "enrolment__runner__name",
        "kind",
        "local_date",
        "level",
        "status",
        "message_id",
    )
    return {
        "|".join(str(part) for part in key): [status, message_id]
        for *key, status, message_id in rows.values_list(*columns)
    }


def is_frozen() -> bool:
    """Does the database refuse to change a decision, as before?"""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE programs_decision SET rule = rule")
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def facts() -> dict:
    return {
        "decisions": Decision.objects.count(),
        "entries": DiaryEntry.objects.count(),
        "due": Enrolment.objects.due_for_close(timezone.now()).count(),
        "held": held_because(),
        "is_frozen": is_frozen(),
        "erna": User.objects.filter(name="Erna").count(),
        "account_mails": [*AccountMail.objects.exclude(text="").values_list("kind", flat=True)],
        "safety": sorted(SAFETY),
        "names": sorted(User.objects.values_list("name", flat=True)),
    }


def work() -> dict:
    """What the jobs do when they are asked to."""
    before = Decision.objects.count()
    tick()
    send_due()
    return {"closed": Decision.objects.count() - before, "mails": mails(), "facts": facts()}


def command(*arguments: str) -> str:
    """What a command of the operator says, its refusal too."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as refused:
        return f"refused: {refused}"
    return out.getvalue()


def in_use(file: str) -> str:
    """What an operator hears who has not stopped everything."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        try:
            return command("restore", file, "--replace", "--nobody-was-erased")
        finally:
            other.close()


def broken(file: str) -> str:
    """A backup whose rows end too early, and which says of itself that it is whole."""
    manifest = container.manifest_of(Path(file))
    rows = b"".join(container.rows_of(Path(file), manifest))[: manifest.bytes * 3 // 4]
    target = Path(f"{file}.broken")
    with (
        container.new_file(target) as beside,
        container.writing(beside, manifest.payload, compress=True, progress=container.nobody, total=0) as way,
    ):
        payload, finish = way
        payload.write(rows)
        finish(replace(manifest, bytes=payload.bytes, sha256=payload.sha256))
    return command("restore", str(target), "--replace", "--nobody-was-erased")


STEPS = {
    "in-use": in_use,
    "broken": broken,
    "refused": lambda file: command("restore", file, "--nobody-was-erased"),
    "resume": lambda: command("resume", "--yes"),
    "verify": lambda: command("verify_ledger"),
    "seed": seed,
    "back-up": back_up,
    "go-on": go_on,
    "mails": mails,
    "facts": facts,
    "work": work,
}

if __name__ == "__main__":
    answers = []
    for step in sys.argv[1].split(","):
        name, _, argument = step.partition("=")
        answers.append(STEPS[name](*([argument] if argument else [])))
    print(json.dumps(answers))
