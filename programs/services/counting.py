"""Decisions counted by kind and rule as they come, so that nobody has to group a million of them."""

from django.db import transaction
from django.db.models import Count, F, Max

from programs.models import CountMark, Decision, DecisionCount

#: Rows that one transaction looks at.
SLICE = 20_000


def count_decisions(*, most: int = 50 * SLICE) -> int:
    """Count what has come since, up to ``most`` ids, and return how many there were.

    Only what was there when the run before looked: a transaction that was open
    then may have held lower ids. So what is new is counted a run later.
    """
    newest = Decision.objects.aggregate(newest=Max("pk"))["newest"] or 0
    CountMark.objects.get_or_create(pk=1, defaults={"counted_through": 0, "settled_through": newest})
    counted = 0
    for _ in range(0, most, SLICE):
        found, is_done = _count_slice(newest)
        counted += found
        if is_done:
            break
    return counted


@transaction.atomic
def _count_slice(newest: int) -> tuple[int, bool]:
    """Whoever holds the mark counts; a second run at the same time waits and finds nothing left."""
    mark = CountMark.objects.select_for_update().get(pk=1)
    last = min(mark.counted_through + SLICE, mark.settled_through)
    new = Decision.objects.filter(pk__gt=mark.counted_through, pk__lte=last)
    groups = list(new.order_by().values_list("decision", "rule").annotate(count=Count("pk")))
    for decision, rule, count in groups:
        _add(decision, rule, count)
    is_done = last == mark.settled_through
    mark.counted_through = last
    if is_done:
        mark.settled_through = max(newest, last)
    mark.save(update_fields=["counted_through", "settled_through"])
    return sum(count for *_, count in groups), is_done


def _add(decision: str, rule: str, count: int) -> None:
    counts = DecisionCount.objects.filter(decision=decision, rule=rule)
    if not counts.update(total=F("total") + count):
        DecisionCount.objects.create(decision=decision, rule=rule, total=count)
