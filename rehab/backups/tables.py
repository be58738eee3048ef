"""Which tables there are, and whether anybody is in them."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader

PEOPLE = "accounts_user"
MIGRATIONS = "django_migrations"


def present() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def ours() -> set[str]:
    """Tables that are there and belong to this software."""
    known = {*connection.introspection.django_table_names(include_views=False), MIGRATIONS}
    return known & set(present())


def is_empty() -> bool:
    """True where nobody has an account yet."""
    if PEOPLE not in present():
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {PEOPLE} LIMIT 1")  # noqa: S608 - a name of ours
        return cursor.fetchone() is None


def counts() -> dict[str, int]:
    """Table -> rows."""
    with connection.cursor() as cursor:
        found = {}
        for table in present():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
        return found


def migrations() -> tuple[tuple[str, str], ...]:
    """Those that are applied, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {MIGRATIONS} ORDER BY id")  # noqa: S608
        return tuple((app, name) for app, name in cursor.fetchall())


def known_migrations() -> set[tuple[str, str]]:
    """Those that this software has, also where they were squashed away."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    squashed = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return set(loader.disk_migrations) | squashed


def functions() -> list[str]:
    """PostgreSQL: functions of the schema that no extension brought, with their arguments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p "
            "WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS ("
            "SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') "
            "AND starts_with(p.proname, 'rehab_')"
        )
        return [name for (name,) in cursor.fetchall()]
