"""Mails that something newer has overtaken: another step, or a more pressing pause."""

from collections.abc import Sequence

from django.db.models import F

from programs.engine.values import REFER_RANK, Refer
from programs.models import Decision, Enrolment, MessageKind, MessageOwed, MessageStatus

#: They name a step.
OF_STEPS = (MessageKind.ADVANCE, MessageKind.STEP_BACK)
#: They name how pressing a pause is.
OF_PAUSES = (MessageKind.PAUSE, MessageKind.CLINICIAN_PAUSE)
#: What somebody knows, may know, or will: whatever was skipped or given up told nobody anything.
TELLS = (MessageStatus.OWED, MessageStatus.SENT, MessageStatus.UNCERTAIN)


def is_her_step(decision: Decision, enrolment: Enrolment) -> bool:
    """Does she stand where this decision put her, in the programme that it was made by?"""
    return (decision.version_id, decision.stage_after) == (enrolment.version_id, enrolment.stage)


def on_another_step(messages: Sequence[MessageOwed]) -> frozenset[int]:
    """Messages about a step that is hers no more, or hers again by what came later (one query, or none)."""
    messages = [row for row in messages if row.decision_id]
    gone = {row.pk for row in messages if not is_her_step(row.decision, row.enrolment)}
    left = [row for row in messages if row.pk not in gone]
    if left:
        newest = _newest_changes(left)
        gone |= {row.pk for row in left if newest.get(row.enrolment_id, 0) > row.decision_id}
    return frozenset(gone)


def _newest_changes(messages: list[MessageOwed]) -> dict[int, int]:
    """Enrolment id -> the newest decision or act since that changed her step."""
    later = Decision.objects.in_force().filter(
        enrolment__in={row.enrolment_id for row in messages},
        pk__gt=min(row.decision_id for row in messages),
    )
    later = later.exclude(stage_before=F("stage_after")).order_by("pk")
    return dict(later.values_list("enrolment", "pk"))


def is_of_an_earlier_pause(message: MessageOwed) -> bool:
    paused_at = message.enrolment.paused_at
    return paused_at is not None and message.created_at < paused_at


def told_worse(messages: Sequence[MessageOwed]) -> frozenset[int]:
    """Pause mails whose recipient is told of a more pressing one by a mail of its own (a query, or none)."""
    milder = [row for row in messages if _rank(row.level) < _rank(row.enrolment.refer)]
    if not milder:
        return frozenset()
    rows = MessageOwed.objects.filter(
        enrolment__in={row.enrolment_id for row in milder},
        recipient__in={row.recipient_id for row in milder},
        kind__in=OF_PAUSES,
        status__in=TELLS,
        created_at__gte=F("enrolment__paused_at"),
    )
    worst: dict[tuple[int, int, str], int] = {}
    for *whose, level in rows.values_list("enrolment", "recipient", "kind", "level"):
        worst[tuple(whose)] = max(worst.get(tuple(whose), 0), _rank(level))
    return frozenset(
        row.pk
        for row in milder
        if worst.get((row.enrolment_id, row.recipient_id, row.kind), 0) > _rank(row.level)
    )


def _rank(level: str) -> int:
    return REFER_RANK[Refer(level or Refer.NONE)]
