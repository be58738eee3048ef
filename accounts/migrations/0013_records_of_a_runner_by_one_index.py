"""One index for the records of a runner: by whom and when, which also finds them by the runner alone.

A physiotherapist who opens a list writes a record for each of hundreds of
runners; a second index that begins alike was an eighth of that. By SQL, because
Django would make the table anew on SQLite for it, without its triggers.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_NAME = "accounts_accessrecord_runner_id_e7ec1a45"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_mails_say_what_owed_them")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {_NAME}",
                    f"CREATE INDEX {_NAME} ON accounts_accessrecord (runner_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "accessrecord",
                    "runner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_records",
                        db_index=False,
                    ),
                )
            ],
        )
    ]
