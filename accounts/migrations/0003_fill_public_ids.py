"""Every account and consent is given an id that nobody can guess; ended consents say by whom."""

import uuid

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    for name in ("User", "Consent"):
        model = apps.get_model("accounts", name)
        for pk in model.objects.filter(public_id__isnull=True).values_list("pk", flat=True):
            model.objects.filter(pk=pk).update(public_id=uuid.uuid4())
    # Until now only the runner could end a consent.
    ended = apps.get_model("accounts", "Consent").objects.filter(revoked_at__isnull=False)
    ended.update(revoked_by=F("runner"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_clinics_invitations_audit")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
