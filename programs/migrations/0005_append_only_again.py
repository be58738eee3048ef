"""Records of the runner's side are append-only too, and SQLite gets back what it lost.

SQLite makes a table anew to change its constraints, and the triggers of the
old one go with it.
"""

from django.db import migrations

from accounts.migrations._triggers import postgres_append_only, sqlite_append_only
from programs.migrations._triggers import APPEND_ONLY_TABLES

OF_PEOPLE = tuple(table for table in APPEND_ONLY_TABLES if table != "programs_libraryitem")
NEW = ("programs_painnote", "programs_namedactivity", "programs_measureresponse")


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for _, statement in postgres_append_only(NEW).values():
            schema_editor.execute(statement)
    else:
        for name, statement in sqlite_append_only((*OF_PEOPLE, *NEW)).items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, _) in postgres_append_only(NEW).items():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
    else:
        for name in sqlite_append_only(NEW):
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("programs", "0004_runners_side"), ("accounts", "0006_runners_side")]
    operations = [migrations.RunPython(create, drop)]
