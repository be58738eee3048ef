"""The audit and the record of erasures refuse change in the database itself."""

from django.db import migrations

from accounts.migrations._triggers import (
    APPEND_ONLY_TABLES,
    POSTGRES_FUNCTION,
    postgres_append_only,
    sqlite_append_only,
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
        for _, statement in postgres_append_only(APPEND_ONLY_TABLES).values():
            schema_editor.execute(statement)
    else:
        for statement in sqlite_append_only(APPEND_ONLY_TABLES).values():
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, _) in postgres_append_only(APPEND_ONLY_TABLES).items():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        schema_editor.execute("DROP FUNCTION rehab_unless_erasing()")
    else:
        for name in sqlite_append_only(APPEND_ONLY_TABLES):
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_constrain_public_ids")]
    operations = [migrations.RunPython(create, drop)]
