"""The delivery log and its numbers, without reading everything that was ever sent."""

from django.db import migrations, models
from django.db.models import Q


def without_perhaps(apps, schema_editor):
    """On the way back; in a step of its own, for the constraint that follows has to find it done."""
    apps.get_model("accounts", "AccountMail").objects.filter(status="uncertain").update(status="dead")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_mails_and_zones"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, without_perhaps),
        migrations.AddIndex(
            model_name="accountmail",
            index=models.Index(fields=["settled_at"], name="account_mails_by_when_settled"),
        ),
        migrations.AddIndex(
            model_name="accountmail",
            index=models.Index(fields=["email"], name="account_mails_to_an_address"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                fields=["bounced_at"],
                condition=Q(bounced_at__isnull=False),
                name="accounts_whose_address_bounces",
            ),
        ),
    ]
