"""News that the site told before it lost its database, and would tell once more."""

from collections.abc import Sequence

from programs.engine.calendar import local_date
from programs.engine.values import Trigger
from programs.models import MessageKind, MessageOwed
from programs.services.holds import restored_at

#: Of a day that is closed once more. What is about safety is told once more as well.
NEWS = (MessageKind.ADVANCE, MessageKind.STEP_BACK)


def told_before_a_restore(messages: Sequence[MessageOwed]) -> frozenset[int]:
    """News of days that were over when a backup was restored: the site has told them (a query, or none).

    Of a day that ends in that very night it may not have: better no news than the same twice.
    """
    news = [
        row
        for row in messages
        if row.kind in NEWS and row.decision and row.decision.trigger == Trigger.DAY_CLOSE
    ]
    at = restored_at() if news else None
    if at is None:
        return frozenset()
    return frozenset(
        row.pk
        for row in news
        if row.created_at >= at and row.decision.date < local_date(at, row.enrolment.runner.zone)
    )
