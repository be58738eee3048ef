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
    """Of this connection only; at the end what the settings say counts again."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    _each(connection, "SET {} = 0")
    try:
        yield
    finally:
        try:
            _each(connection, "RESET {}")
        except Error:
            # Broken off: whoever goes on opens another one, with the limits.
            connection.close()


def _each(connection, statement: str) -> None:
    with connection.cursor() as cursor:
        for name in LIFTED:
            cursor.execute(statement.format(name))
