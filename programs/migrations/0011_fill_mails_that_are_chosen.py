"""Reminders of enrolments become choices of people, and every mail says when it was wanted."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    messages = apps.get_model("programs", "MessageOwed").objects
    messages.filter(wanted_at__isnull=True).update(wanted_at=F("due_at"))
    choices = apps.get_model("programs", "MailChoice").objects
    enrolments = apps.get_model("programs", "Enrolment").objects
    wanted = enrolments.filter(status="active", reminder_time__isnull=False).order_by("pk")
    for enrolment in wanted.iterator():
        last = messages.filter(recipient=enrolment.runner_id, kind="reminder").order_by("-local_date").first()
        values = {
            "wall": enrolment.reminder_time,
            "next_at": enrolment.next_reminder_at,
            "last_date": last.local_date if last else None,
            "changed_at": enrolment.created_at,
            "changed_via": "intake",
        }
        choices.update_or_create(person_id=enrolment.runner_id, kind="reminder", defaults=values)


def give_back(apps, schema_editor):
    """What a person chose goes to her active programme; kinds that did not exist then are lost."""
    enrolments = apps.get_model("programs", "Enrolment").objects
    chosen = apps.get_model("programs", "MailChoice").objects.filter(kind="reminder", is_on=True)
    for choice in chosen.iterator():
        enrolments.filter(runner_id=choice.person_id, status="active").update(
            reminder_time=choice.wall, next_reminder_at=choice.next_at
        )


class Migration(migrations.Migration):
    dependencies = [("programs", "0010_mails_that_are_chosen")]
    operations = [migrations.RunPython(fill, give_back)]
