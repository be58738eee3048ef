"""Records of the physiotherapist's side are append-only, and SQLite gets back what it lost.

SQLite makes a table anew to change its constraints, and the triggers of the
old one go with it: those of records, of the library and of published versions.
"""

from importlib import import_module

from django.db import migrations

from accounts.migrations._triggers import postgres_append_only, sqlite_append_only

#: A module whose name begins with a number cannot be imported by a statement.
_before = import_module("programs.migrations.0006_physiotherapists_side")
NEW = (
    "programs_clinicalnote",
    "programs_sharedmessage",
    "programs_discharge",
    "programs_adjustment",
    "programs_exercisepicture",
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for _, statement in postgres_append_only(NEW).values():
            schema_editor.execute(statement)
    else:
        _before.give_back(
            schema_editor, sqlite_append_only((*_before.OF_PEOPLE, *NEW)) | _before.of_content()
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, _) in postgres_append_only(NEW).items():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
    else:
        for name in sqlite_append_only(NEW):
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("programs", "0006_physiotherapists_side"), ("accounts", "0008_clinic_defaults")]
    operations = [migrations.RunPython(create, drop)]
