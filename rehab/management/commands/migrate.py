"""manage.py migrate: Django's own, without the time limits that keep a page or a job from hanging.

On a large site an index takes minutes to build, and the limit would end it each
time. The limit on locks stays: whoever waits for a table makes every page wait
behind it, so a migration that does not get it ends soon, and is repeated.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.commands.migrate import Command as Migrate
from django.db import Error, connections

LIFTED = ("statement_timeout", "idle_in_transaction_session_timeout")


class Command(Migrate):
    def handle(self, *args, **options) -> None:
        with without_time_limits(options["database"]):
            super().handle(*args, **options)


@contextmanager
def without_time_limits(alias: str) -> Iterator[None]:
    """Of this connection only; at the end they are what they were: a restore goes on without them."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    before = _limits(connection)
    _limit(connection, dict.fromkeys(LIFTED, "0"))
    try:
        yield
    finally:
        try:
            _limit(connection, before)
        except Error:
            # Broken off: whoever goes on opens another one, with the limits.
            connection.close()


def _limits(connection) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(LIFTED)])
        return dict(cursor.fetchall())


def _limit(connection, limits: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in limits.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
