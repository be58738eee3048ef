"""Who saw or changed a runner's data, written by whoever lets somebody in."""

import datetime
from collections.abc import Iterable

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
    AccessRecord.objects.bulk_create(
        AccessRecord(runner_id=runner_id, actor=actor, act=act, detail=detail[:120], at=now, origin=origin)
        for runner_id in runner_ids
        if actor is None or actor.pk != runner_id
    )
