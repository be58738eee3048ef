"""Reminders of enrolments become choices of people, and every mail says when it was wanted."""

import datetime
import zoneinfo

from django.db import migrations
from django.db.models import F

ONE_DAY = datetime.timedelta(days=1)
#: As for everybody: what goes by the clock beside the reminder, its time, its weekdays and whether it is on.
BESIDE_IT = (
    ("morning_after", datetime.time(8), [], True),
    ("nudge", datetime.time(20, 30), [], False),
    ("weekly", datetime.time(9), [1], True),
)
KINDS_OF_BEFORE = ("reminder", "advance", "step_back", "pause", "clinician_pause", "flag_unseen")


def fill(apps, schema_editor):
    messages = apps.get_model("programs", "MessageOwed").objects
    messages.filter(wanted_at__isnull=True).update(wanted_at=F("due_at"))
    now = datetime.datetime.now(datetime.UTC)
    for enrolment in reminded(apps.get_model("programs", "Enrolment").objects):
        last = messages.filter(recipient=enrolment.runner_id, kind="reminder").order_by("-local_date").first()
        make_room(enrolment.runner, enrolment.reminder_time)
        choose(apps.get_model("programs", "MailChoice"), enrolment, last and last.local_date, now)


def reminded(enrolments):
    """One programme of each runner who follows any: of several the one that reminds her."""
    found = {}
    for enrolment in enrolments.filter(status="active").select_related("runner").order_by("pk"):
        if enrolment.reminder_time or enrolment.runner_id not in found:
            found[enrolment.runner_id] = enrolment
    return found.values()


def choose(choices, enrolment, last, now):
    """Whoever wanted no reminder is not written to by the clock: without these rows her page would say so."""
    common = {"person_id": enrolment.runner_id, "changed_via": "intake", "changed_at": enrolment.created_at}
    wall = enrolment.reminder_time
    next_at = wall and (enrolment.next_reminder_at or next_time(enrolment.runner, wall, [], now))
    reminder = {"is_on": wall is not None, "wall": wall or datetime.time(18), "next_at": next_at}
    rows = [choices(kind="reminder", days=[], last_date=last, **reminder, **common)]
    for kind, at, days, is_on in BESIDE_IT:
        is_wanted = is_on and wall is not None
        next_at = next_time(enrolment.runner, at, days, now) if is_wanted else None
        rows.append(choices(kind=kind, wall=at, days=days, is_on=is_wanted, next_at=next_at, **common))
    choices.objects.bulk_create(rows)


def next_time(person, wall, days, now):
    """From tomorrow on."""
    zone = zoneinfo.ZoneInfo(person.time_zone)
    date = now.astimezone(zone).date() + ONE_DAY
    while days and date.isoweekday() not in days:
        date += ONE_DAY
    return datetime.datetime.combine(date, wall, tzinfo=zone).astimezone(datetime.UTC)


def make_room(person, wall):
    """Quiet hours, 21 to 7 for everybody now, give way to a reminder that somebody had inside them."""
    if wall is None or datetime.time(7) <= wall < datetime.time(21):
        return
    if datetime.time(2) <= wall < datetime.time(7):
        person.quiet_until = wall
    else:
        person.quiet_from = wall.replace(hour=(wall.hour + 1) % 24)
    person.save(update_fields=["quiet_from", "quiet_until"])


def give_back(apps, schema_editor):
    """What a person chose goes to her active programme; kinds and states that did not exist then are lost."""
    messages = apps.get_model("programs", "MessageOwed").objects
    messages.exclude(kind__in=KINDS_OF_BEFORE).delete()
    messages.filter(status="uncertain").update(status="dead")
    enrolments = apps.get_model("programs", "Enrolment").objects
    chosen = apps.get_model("programs", "MailChoice").objects.filter(kind="reminder", is_on=True)
    for choice in chosen.iterator():
        enrolments.filter(runner_id=choice.person_id, status="active").update(
            reminder_time=choice.wall, next_reminder_at=choice.next_at
        )


class Migration(migrations.Migration):
    dependencies = [("programs", "0010_mails_that_are_chosen"), ("accounts", "0010_mails_and_zones")]
    operations = [migrations.RunPython(fill, give_back)]
