"""The delivery log and its numbers, without reading everything that was ever sent."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0013_decisions_a_list_tells_of"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="messageowed",
            index=models.Index(fields=["settled_at"], name="messages_by_when_settled"),
        ),
        migrations.AddIndex(
            model_name="messageowed",
            index=models.Index(
                fields=["status", "id"],
                condition=Q(status__in=["uncertain", "dead"]),
                name="messages_that_went_wrong",
            ),
        ),
    ]
