"""What 0003 filled may not be empty or double any more."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_fill_public_ids")]
    operations = [
        migrations.AlterField(
            model_name="consent",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="user",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("via__in", ["grant", "offer", "ask", "hand_over", "cover"])),
                name="consent_via_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(
                        ("revoked_at__gte", models.F("granted_at")),
                        ("revoked_at__isnull", False),
                        ("revoked_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="consent_is_revoked_after_it_is_granted",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__isnull", True), ("expires_at__gt", models.F("granted_at")), _connector="OR"
                ),
                name="consent_runs_out_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("covers__isnull", False), ("expires_at__isnull", False), ("via", "cover")),
                    models.Q(models.Q(("via", "cover"), _negated=True), ("covers__isnull", True)),
                    _connector="OR",
                ),
                name="a_cover_rests_on_a_consent_and_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(("is_active", False), ("is_staff", False), ("is_superuser", False)),
                    _connector="OR",
                ),
                name="erased_account_is_closed",
            ),
        ),
    ]
