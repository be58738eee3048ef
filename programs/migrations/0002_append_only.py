"""Decisions, acts, revisions, intakes and published content refuse change in the database."""

from django.db import migrations

from programs.migrations._triggers import POSTGRES_FUNCTIONS, postgres_triggers, sqlite_triggers


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTIONS, params=None)
        for _, statement in postgres_triggers().values():
            schema_editor.execute(statement)
    else:
        for statement in sqlite_triggers().values():
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, _) in postgres_triggers().items():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        schema_editor.execute("DROP FUNCTION rehab_append_only(); DROP FUNCTION rehab_frozen_version();")
    else:
        for name in sqlite_triggers():
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
