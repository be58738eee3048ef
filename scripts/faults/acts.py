"""What people do while services fail, one function each; run inside Django by a hand.

Each may be repeated after a cut connection, as a person presses again. What an act gives
says what the checks must find afterwards; ``wrong`` is what is wrong already.
"""

import copy
import datetime
from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Consent
from programs.engine.calendar import local_date
from programs.models import Decision, Enrolment, MessageOwed, Override, ProgrammeVersion
from programs.services.diary import EntryValues, record_entry, report_red_flags
from programs.services.drafts import begin_draft
from programs.services.editions import publish, retire
from programs.services.erasure import erase as erase_person
from programs.services.errors import Refused
from programs.services.messages import message_row
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.services.people import change_time_zone
from programs.tasks import close_range, send_due, tick

DAY = datetime.timedelta(days=1)
#: A mail of a decision that is not there: its words cannot be made.
LONG_AGO = datetime.date(2000, 1, 1)
#: By so much the clock of a run goes back (F22): what was written just before is later than now.
CLOCK_BACK = datetime.timedelta(hours=1, minutes=1)


def _values(score: int, codes: Iterable[str] = ()) -> EntryValues:
    scores = {"morning": score, "rest": score, "during": score, "after": score}
    return EntryValues(session="done", red_flags=tuple(codes), **scores)


def save(enrolment: int, score: int) -> dict:
    """Write today's entry."""
    row, now = Enrolment.objects.select_related("runner").get(pk=enrolment), timezone.now()
    date = local_date(now, row.runner.zone)
    record_entry(enrolment=row, by=row.runner, now=now, date=date, values=_values(score))
    return {"enrolment": enrolment, "date": date.isoformat(), "rest": score}


def correct(enrolment: int, days_ago: int, score: int) -> dict:
    """Correct a day that is closed; a late log may hold or step back, and never moves on."""
    row, now = Enrolment.objects.select_related("runner").get(pk=enrolment), timezone.now()
    date = max(row.started_on, row.decided_through - days_ago * DAY)
    done = record_entry(enrolment=row, by=row.runner, now=now, date=date, values=_values(score))
    new = [r for r in done.changed if r.decision == "advance" and r.supersedes.decision != "advance"]
    wrong = [f"a late log advanced enrolment {enrolment} on {r.date}" for r in new]
    return {"enrolment": enrolment, "date": date.isoformat(), "rest": score, "wrong": wrong}


def flag(enrolment: int, codes: list[str], score: int | None = None, days_ago: int | None = None) -> dict:
    """Answer with red flags in today's entry, or in that of so many closed days ago; without a score by
    "Something is wrong". Nothing may refuse them.
    """
    row, now = Enrolment.objects.select_related("runner").get(pk=enrolment), timezone.now()
    today = local_date(now, row.runner.zone)
    day = max(today, row.started_on)
    date = day if days_ago is None else max(row.started_on, row.decided_through - days_ago * DAY)
    # Who has travelled to where her programme has not begun yet has no form to fill in.
    is_alone = score is None or date > today
    who = {"enrolment": row, "by": row.runner, "now": now}
    try:
        if is_alone:
            report_red_flags(**who, codes=tuple(codes))
        else:
            record_entry(**who, date=date, values=_values(score, codes))
    except Refused as refused:
        return {"wrong": [f"a red flag of enrolment {enrolment} was refused: {refused}"]}
    written = (day if is_alone else date).isoformat()
    given = {"enrolment": enrolment, "date": written}
    # Pressed twice at once, the other one may be the first to write, with a later time.
    until = max(now, timezone.now()) + CLOCK_BACK
    between = {"since": now.isoformat(), "until": until.isoformat()}
    taken = given | between | {"day": day.isoformat(), "codes": codes}
    return given | {"flag": taken} | ({} if is_alone else {"rest": score})


def clear(enrolment: int, mark: str) -> dict:
    """Her physiotherapist ends the pause, after somebody has seen her; refused on a day with a red flag."""
    if Override.objects.filter(enrolment=enrolment, reason=mark).exists():
        return {"override": mark}
    row, now = Enrolment.objects.select_related("runner").get(pk=enrolment), timezone.now()
    by = Consent.objects.in_force(now).filter(runner=row.runner).first().clinician
    seen = {"assessed_by": "Dr Who", "assessed_on": local_date(now, row.runner.zone)}
    clear_pause(enrolment=row, by=by, now=now, reason=mark, **seen)
    return {"override": mark}


def travel(enrolment: int, zone: str) -> dict:
    """Change the runner's zone, at whatever hour it is there and here."""
    row = Enrolment.objects.select_related("runner").get(pk=enrolment)
    change_time_zone(user=row.runner, time_zone=zone, now=timezone.now())
    return {}


def erase(enrolment: int) -> dict:
    """Delete the runner's account; one that has gone already was deleted by the try before."""
    row = Enrolment.objects.select_related("runner").filter(pk=enrolment).first()
    if row is not None and row.runner.erased_at is None:
        erase_person(user=row.runner, now=timezone.now())
    return {"erased": enrolment}


def override(enrolment: int, mark: str, stage: bool) -> dict:
    """A physiotherapist acts, mostly while the day is closing."""
    if Override.objects.filter(enrolment=enrolment, reason=mark).exists():
        return {"override": mark}
    row, now = Enrolment.objects.select_related("runner", "version").get(pk=enrolment), timezone.now()
    by = Consent.objects.in_force(now).filter(runner=row.runner).first().clinician
    if stage:
        key = row.version.document["stages"][2]["key"]
        set_stage(enrolment=row, by=by, now=now, stage=key, reason=mark)
    else:
        until = local_date(now, row.runner.zone) + 2 * DAY
        hold_until(enrolment=row, by=by, now=now, until=until, reason=mark)
    return {"override": mark}


def edition(version: int, mark: str) -> dict:
    """Publish the next edition of the clinic's programme and retire the newest, under those who follow it."""
    first = ProgrammeVersion.objects.select_related("template").get(pk=version)
    before = Enrolment.objects.filter(version=first).count()
    hers, now = first.template.versions, timezone.now()
    by = first.published_by
    if not hers.filter(note__startswith=mark).exists():
        draft = hers.filter(status="draft").first()
        if draft is None:
            document = copy.deepcopy(first.document) | {"title": f"Our own return to running {mark}"}
            draft = begin_draft(by=by, now=now, document=document, template=first.template)
        publish(draft=draft, by=by, now=now, note=mark, known_hash=draft.content_hash)
    for old in hers.filter(status="published").exclude(note__startswith=mark):
        retire(version=old, by=by, now=now, reason="there is a newer one")
    return {"wrong": _unfrozen(first) + _moved(first, before)}


def _moved(version: ProgrammeVersion, before: int) -> list[str]:
    """Erasing runs beside it, so there may be fewer."""
    after = Enrolment.objects.filter(version=version).count()
    return [f"{after - before} runners were moved to another edition"] if after > before else []


def _unfrozen(version: ProgrammeVersion) -> list[str]:
    try:
        with transaction.atomic():
            ProgrammeVersion.objects.filter(pk=version.pk).update(document={})
    except DatabaseError as error:
        if type(error).__name__ == "OperationalError":
            raise
        return []
    return ["a published edition could be changed"]


def deliver_again(ranges: list[list[int]], times: int) -> dict:
    """Every message of these ranges so many times, the last first."""
    for first, last in reversed(ranges):
        for _ in range(times):
            close_range.apply_async(kwargs={"first": first, "last": last})
    return {}


def tick_again(times: int) -> dict:
    for _ in range(times):
        tick.apply_async()
        send_due.apply_async()
    return {}


def poison(enrolment: int) -> dict:
    """Make one enrolment unreadable; gives what it takes to cure it."""
    with transaction.atomic():
        stage = Enrolment.objects.locked(enrolment).stage
        Enrolment.objects.filter(pk=enrolment).update(stage="nowhere")
    return {"stage": stage}


def cure(enrolment: int, stage: str) -> dict:
    """What an operator does who found the fault: mend the row, and have it tried now."""
    Enrolment.objects.filter(pk=enrolment).update(stage=stage, retry_at=None, last_error="", failures=0)
    return {}


def poison_mail(enrolment: int) -> dict:
    row, now = Enrolment.objects.select_related("runner").get(pk=enrolment), timezone.now()
    mail = message_row(
        recipient=row.runner,
        enrolment=row,
        kind="advance",
        local_date=LONG_AGO,
        now=now,
        expires_at=now + DAY,
    )
    mail.save()
    return {}


def owe_everybody(count: int, number: int, first: int = 0) -> dict:
    """A mail to so many runners, all due at this moment; each number is another mail."""
    now = timezone.now()
    rows = Enrolment.objects.active().select_related("runner").order_by("pk")[first : first + count]
    owed = [
        message_row(
            recipient=row.runner,
            enrolment=row,
            kind="written",
            local_date=LONG_AGO + (1000 + number) * DAY,
            now=now,
        )
        for row in rows
    ]
    MessageOwed.objects.bulk_create(owed, ignore_conflicts=True)
    return {}


def deliver() -> dict:
    """What `manage.py deliver` does, beside the workers."""
    send_due()
    return {}


def change_schema() -> dict:
    """What a migration does to a table in use: a lock that lets nobody pass, for a moment.

    Where it was cut in the middle, it begins with what is there.
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE programs_enrolment ADD COLUMN IF NOT EXISTS passing integer")
        cursor.execute("ALTER TABLE programs_enrolment DROP COLUMN IF EXISTS passing")
    return {}


def newest_decision() -> int:
    return Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


ACTS = {
    "save": save,
    "correct": correct,
    "flag": flag,
    "clear": clear,
    "travel": travel,
    "erase": erase,
    "override": override,
    "edition": edition,
    "deliver-again": deliver_again,
    "tick-again": tick_again,
    "poison": poison,
    "cure": cure,
    "poison-mail": poison_mail,
    "owe-everybody": owe_everybody,
    "deliver": deliver,
    "change-schema": change_schema,
    "newest-decision": newest_decision,
}
