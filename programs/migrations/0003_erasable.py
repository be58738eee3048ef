"""Clinical records stay append-only, except inside an erasure; TRUNCATE is refused as well."""

from django.db import migrations

from accounts.migrations._triggers import postgres_append_only, sqlite_append_only
from programs.migrations._triggers import APPEND_ONLY_TABLES, postgres_triggers, sqlite_triggers

#: Library items belong to nobody, so no erasure touches them.
OF_PEOPLE = tuple(table for table in APPEND_ONLY_TABLES if table != "programs_libraryitem")


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in OF_PEOPLE:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        for _, statement in postgres_append_only(OF_PEOPLE).values():
            schema_editor.execute(statement)
    else:
        for name, statement in sqlite_append_only(OF_PEOPLE).items():
            schema_editor.execute(f"DROP TRIGGER {name}")
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, _) in postgres_append_only(OF_PEOPLE).items():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        for table in OF_PEOPLE:
            schema_editor.execute(postgres_triggers()[f"{table}_append_only"][1])
    else:
        for name in sqlite_append_only(OF_PEOPLE):
            schema_editor.execute(f"DROP TRIGGER {name}")
            schema_editor.execute(sqlite_triggers()[name])


class Migration(migrations.Migration):
    dependencies = [("programs", "0002_append_only"), ("accounts", "0005_append_only")]
    operations = [migrations.RunPython(create, drop)]
