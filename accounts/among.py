"""Rows of many people at once, asked for by one value, however many people they are.

``pk__in`` makes a value of every number: for a list of 200 runners each is checked,
written into the statement and read out of it again, in every query of the page.
"""

import json
from collections.abc import Iterable

from django.db.models import BooleanField, Func


class Among(Func):
    """Whether a column holds one of these numbers; stands in a filter as ``Among("runner", ids)``."""

    output_field = BooleanField()

    def __init__(self, column: str, ids: Iterable[int], **extra) -> None:
        super().__init__(column, **extra)
        self.ids = list(ids)

    def as_postgresql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} = ANY(%s::bigint[])", [*params, self.ids]

    def as_sqlite(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        # ``sql`` is the column; the numbers are a value.
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.ids)]  # noqa: S608
