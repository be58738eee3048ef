"""Many rows of one person as one text: the database joins them, and nobody takes apart what is known already.

A list of hundreds of people has thousands of rows. To bring each of their columns
over as a value of its own takes longer than all that is done with them. So a
statement gives one text for each person, which is also what a result is kept by.
"""

import datetime
import json

from django.db.models import Aggregate, Expression, Func, IntegerField, TextField, Value
from django.db.models.functions import Cast, Coalesce

BETWEEN_VALUES, BETWEEN_ROWS = "\x1f", "\x1e"
#: Stands for a number that is not there. No column that is put on a line holds it.
NO_NUMBER = -1
#: From the days that SQLite counts to those of ``date.toordinal``.
_JULIAN = 1721424.5


class Line(Func):
    """The values of a row on one line; none of them may be null, see ``number`` and ``word``."""

    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        one = {"function": "CONCAT_WS", "template": f"%(function)s('{BETWEEN_VALUES}', %(expressions)s)"}
        return self.as_sql(compiler, connection, **one, **context)

    def as_sqlite(self, compiler, connection, **context):
        one = {"arg_joiner": f" || '{BETWEEN_VALUES}' || ", "template": "(%(expressions)s)"}
        return self.as_sql(compiler, connection, **one, **context)


class Written(Func):
    """The values of a row as JSON, for rows with words of somebody: they may hold any letter, or be null."""

    output_field = TextField()
    function, template = "JSON_BUILD_ARRAY", "%(function)s(%(expressions)s)::text"

    def as_sqlite(self, compiler, connection, **context):
        json_array = {"function": "JSON_ARRAY", "template": "%(function)s(%(expressions)s)"}
        return self.as_sql(compiler, connection, **json_array, **context)


class Lines(Aggregate):
    """The lines of several rows as one text, in no order."""

    output_field = TextField()
    template = f"%(function)s(%(expressions)s, '{BETWEEN_ROWS}')"
    function = "STRING_AGG"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


class Ordinal(Func):
    """A date as ``date.toordinal`` counts it."""

    output_field = IntegerField()
    template = "(%(expressions)s - '0001-01-01'::date + 1)"

    def as_sqlite(self, compiler, connection, **context):
        template = f"CAST(julianday(%(expressions)s) - {_JULIAN} AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


class Instant(Func):
    """An instant for ``instant_of``, the same on every server."""

    output_field = TextField()
    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"

    def as_sqlite(self, compiler, connection, **context):
        # Of a bare column its driver would make an instant by itself.
        return self.as_sql(compiler, connection, template="(%(expressions)s || '')", **context)


def number(name: str) -> Coalesce:
    """A column with numbers from 0 up; read back by ``number_of``."""
    return Coalesce(name, Value(NO_NUMBER), output_field=IntegerField())


def word(name: str) -> Coalesce:
    """A column whose words are never empty where there is one."""
    return Coalesce(name, Value(""), output_field=TextField())


def document(name: str | Expression) -> Cast:
    """A column of JSON, or anything that is one value, as its text."""
    return Cast(name, TextField())


def rows_of(text: str | None) -> list[list[str]]:
    """The values of each row; none where there is no text."""
    return [line.split(BETWEEN_VALUES) for line in text.split(BETWEEN_ROWS)] if text else []


def written_of(text: str | None) -> list[list]:
    """The same of rows that were ``Written``: JSON escapes what stands between rows."""
    return [json.loads(line) for line in text.split(BETWEEN_ROWS)] if text else []


def number_of(text: str) -> int | None:
    return None if text == "-1" else int(text)


def instant_of(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
