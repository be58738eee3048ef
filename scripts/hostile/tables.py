"""What is in the database, table by table, so that a change is seen wherever it is."""

import hashlib

from django.db import connection

#: May change by requests that are refused -> why. Every other table may not.
MAY_CHANGE = {
    "django_session": "a visit begins a session, or writes down a message for the next page",
    "usersessions_usersession": "when and from where a session was last seen",
    "rehab_cache": "the counters of the limits on attempts",
    "programs_alarm": "nothing closes the days of this site, and it notices that by itself",
    "accounts_accessrecord": "who looked at whose data: reading a page is written down",
}


def fingerprint() -> dict[str, tuple[int, str]]:
    """Return number of rows and hash of every table."""
    with connection.cursor() as cursor:
        return {name: _of(cursor, name) for name in sorted(connection.introspection.table_names(cursor))}


def _of(cursor, name: str) -> tuple[int, str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608  (a name of the database itself)
    rows = sorted(repr(row) for row in cursor.fetchall())
    return len(rows), hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()


def changed(before: dict, after: dict) -> dict[str, str]:
    """Return the tables that differ, each with what happened to its rows."""
    names = sorted({*before, *after})
    return {
        name: f"{before.get(name, (0,))[0]} rows before, {after.get(name, (0,))[0]} after"
        for name in names
        if before.get(name) != after.get(name)
    }
