"""An owner and since when she is it are set together: fill, then constrain."""

from django.db import migrations, models
from django.db.models import F, Q


def fill(apps, schema_editor):
    """From before it was kept: since the sign itself."""
    cases = apps.get_model("programs", "RedFlagCase").objects
    cases.filter(owner__isnull=False, owned_since__isnull=True).update(owned_since=F("opened_at"))
    cases.filter(owner__isnull=True).update(owned_since=None)


class Migration(migrations.Migration):
    dependencies = [("programs", "0008_when_a_red_flag_came_to_its_owner")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="redflagcase",
            constraint=models.CheckConstraint(
                condition=Q(owner__isnull=True, owned_since__isnull=True)
                | Q(owner__isnull=False, owned_since__isnull=False),
                name="owned_red_flag_says_since_when",
            ),
        ),
    ]
