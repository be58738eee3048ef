"""Rows of many people at once, asked for by one value, however many people they are.

``pk__in`` makes a value of every number: for a list of 200 runners each is checked,
written into the statement and read out of it again, in every query of the page.
"""

from collections.abc import Iterable

from django.db.models import BooleanField, Func, Value

from accounts.statements import Given, Numbers


class Among(Func):
    """Whether a column holds one of these numbers; stands in a filter as ``Among("runner", ids)``."""

    output_field = BooleanField()

    def __init__(self, column: str, ids: Iterable[int] | Given, **extra) -> None:
        super().__init__(column, ids if isinstance(ids, Given) else Value(list(ids), Numbers()), **extra)

    def as_postgresql(self, compiler, connection, **context):
        many = {"arg_joiner": " = ANY(", "template": "%(expressions)s::bigint[])"}
        return self.as_sql(compiler, connection, **many, **context)

    def as_sqlite(self, compiler, connection, **context):
        many = {"arg_joiner": " IN (SELECT value FROM json_each(", "template": "%(expressions)s))"}
        return self.as_sql(compiler, connection, **many, **context)


def given_ids(name: str = "ids") -> Given:
    """The numbers of a statement that is kept; they come when it is asked."""
    return Given(name, Numbers())
