"""Of a caseload's decisions the few that a list tells of, without reading all the others."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0012_without_reminders_of_enrolments"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["enrolment", "date"],
                condition=~(Q(decision="hold", refer="none") & ~Q(rule="D8P_SIGN_OFF")),
                name="decisions_a_list_tells_of",
            ),
        ),
    ]
