"""The cache that all processes share: a table. Rate limits live in it, and nothing else does."""

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class SharedCache(DatabaseCache):
    """Django's database cache, which makes room by forgetting only what has run out.

    Django's own throws away a third of everything once it is full: whoever sends
    requests for enough addresses would have every limit forgotten.
    """

    def _cull(self, db, cursor, now, num) -> None:
        connection = connections[db]
        quoted = connection.ops.quote_name
        statement = f"DELETE FROM {quoted(self._table)} WHERE {quoted('expires')} < %s"  # noqa: S608
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(now)])
