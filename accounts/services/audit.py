"""Who saw or changed a runner's data, written by whoever lets somebody in."""

import datetime
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet, Value

from accounts.among import Among
from accounts.models import AccessRecord, Act, User


def record_access(
    *,
    runner_ids: Iterable[int],
    actor: User | None,
    act: Act,
    detail: str,
    now: datetime.datetime,
    origin: str = "",
) -> None:
    """Write one row for each runner; what somebody sees of herself is no access.

    ``actor`` is None where a job acted. Call it in the transaction of the
    change, or before the page that it records is sent.
    """
    seen = [runner_id for runner_id in runner_ids if actor is None or actor.pk != runner_id]
    if not seen:
        return
    written = {"actor": actor and actor.pk, "act": act, "detail": detail[:120], "at": now, "origin": origin}
    field_of = AccessRecord._meta.get_field
    values = {name: Value(value, output_field=field_of(name)) for name, value in written.items()}
    _insert(
        ["runner_id", *(field_of(name).column for name in written)],
        User.objects.filter(Among("pk", seen)).order_by("pk").values_list("pk", *values.values()),
    )


def _insert(columns: list[str], rows: QuerySet) -> None:
    """In one statement, and without an object for each: a list has hundreds at every opening."""
    sql, params = rows.query.sql_with_params()
    into = f"INSERT INTO {AccessRecord._meta.db_table} ({', '.join(columns)}) "
    with connection.cursor() as cursor:
        cursor.execute(into + sql, params)
