"""Each account mail names the request or the job that owed it."""

from django.db import migrations, models

import accounts.correlation


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_mails_by_what_became_of_them"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountmail",
            name="correlation_id",
            field=models.CharField(
                blank=True,
                default=accounts.correlation.current,
                help_text="Of the request or the job that owed it.",
                max_length=16,
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="accountmail",
            index=models.Index(fields=["correlation_id"], name="account_mails_by_origin"),
        ),
    ]
