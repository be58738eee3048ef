"""Who saw or changed a runner's data, written by whoever lets somebody in."""

import datetime
from collections.abc import Iterable

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from accounts.among import Among, given_ids
from accounts.models import AccessRecord, Act, User
from accounts.prepared import prepared_cursor
from accounts.statements import Given, Statement

_COLUMNS = ("runner_id", "actor_id", "act", "detail", "at", "origin")


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
    _records.insert(ids=seen, by=actor and actor.pk, act=act, detail=detail[:120], at=now, origin=origin)


class _Insertion(Statement):
    """In one statement, and without an object for each: a list has hundreds at every opening."""

    def insert(self, **given: object) -> None:
        kept = self._statement()
        into = f"INSERT INTO {AccessRecord._meta.db_table} ({', '.join(_COLUMNS)}) "
        with prepared_cursor() as cursor:
            cursor.execute(into + kept.sql, kept.filled(given))


@_Insertion
def _records() -> QuerySet:
    """A row for each runner who is there, in the order of the columns."""
    by = Cast(Given("by", BigIntegerField()), BigIntegerField())
    values = (by, *(Given(name, AccessRecord._meta.get_field(name)) for name in _COLUMNS[2:]))
    named = {f"value_{place}": value for place, value in enumerate(values)}
    runners = User.objects.filter(Among("pk", given_ids())).annotate(**named)
    return runners.order_by("pk").values_list("pk", *named)
