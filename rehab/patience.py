"""For how long a page or a job waits for an answer of PostgreSQL.

Of a server whose machine is gone the system tells (``databases.REACHABLE``). One whose
disk hangs, or that stands behind something which takes every packet and passes none on,
looks alive and says nothing for ever: its own limits are of no use, for it does not run.
Commands are not hurried: a migration or a backup may take as long as it likes.
"""

import functools

from django.db.backends.signals import connection_created
from psycopg import Connection, OperationalError, errors

#: The server ends a statement after 15 (``databases.POSTGRESQL_LIMITS``): what is silent for longer is gone.
LONGEST_SECONDS = 25.0


def install() -> None:
    """Bound every connection that this process opens from now on."""
    connection_created.connect(_bind, dispatch_uid=__name__)


def _bind(connection, **_) -> None:
    if connection.vendor == "postgresql":
        raw = connection.connection
        raw.wait = functools.partial(_wait, raw)


def _wait(raw: Connection, gen, **options):
    """As the driver waits, and no longer. Raises OperationalError, as for a connection that was reset."""
    try:
        return Connection.wait(raw, gen, **{"timeout": LONGEST_SECONDS, **options})
    except errors._WaitTimeout:
        # Its answer may still come, and would be taken for that of the next question.
        raw.pgconn.finish()
        raise OperationalError(f"the server did not answer for {LONGEST_SECONDS:.0f} s") from None
