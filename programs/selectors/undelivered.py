"""Mails about a pause that did not arrive: those of the runner, and those to physiotherapists."""

import datetime
from dataclasses import dataclass

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from programs.engine.values import PRESSING
from programs.mailing import OF_RED_FLAGS
from programs.models import Enrolment, MessageKind, MessageOwed, MessageStatus

#: Given up, or tried again and again at an address that refuses it for good.
FAILED = Q(status=MessageStatus.DEAD) | Q(status=MessageStatus.OWED, recipient__bounced_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """``runner_since``: since when mails do not reach the runner.

    ``notice_to``: a physiotherapist to whom a notice of the open pause did not
    get through, or perhaps not, ``more`` how many others there are.
    """

    runner_since: datetime.datetime | None = None
    notice_to: str = ""
    more: int = 0


def with_undelivered(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Columns for ``undelivered_of``, in the query that reads an enrolment anyhow."""
    of_pause = MessageOwed.objects.filter(enrolment=OuterRef("pk"), created_at__gte=OuterRef("paused_at"))
    own = of_pause.filter(FAILED, kind=MessageKind.PAUSE).order_by("pk")
    # Copies may lie there, but nobody has confirmed one: a colleague asks.
    unheard = FAILED | Q(status=MessageStatus.UNCERTAIN)
    notices = of_pause.filter(unheard, kind__in=OF_RED_FLAGS)
    written = NullIf(F("recipient__name"), Value(""))
    name = Coalesce(written, F("recipient__email"), output_field=CharField())
    people = notices.order_by().values("enrolment").annotate(people=Count("recipient", distinct=True))
    return rows.annotate(
        pause_failed_at=Subquery(own.values(at=Coalesce("settled_at", "wanted_at"))[:1]),
        notice_failed_to=Subquery(notices.order_by("pk").values(to=name)[:1]),
        notices_failed=Subquery(people.values("people")),
    )


def undelivered_of(enrolment: Enrolment, columns: Enrolment) -> Undelivered:
    """``enrolment`` comes with its runner, ``columns`` is the same row from ``with_undelivered``."""
    return Undelivered(
        runner_since=enrolment.runner.bounced_at or columns.pause_failed_at,
        notice_to=columns.notice_failed_to or "",
        more=max((columns.notices_failed or 0) - 1, 0),
    )


def unreached_since() -> Subquery:
    """For a row with a ``clinician``: since when a notice of a red flag that is still open is given up."""
    notices = MessageOwed.objects.filter(
        recipient=OuterRef("clinician"),
        kind__in=OF_RED_FLAGS,
        status=MessageStatus.DEAD,
        enrolment__refer__in=PRESSING,
        created_at__gte=F("enrolment__paused_at"),
    )
    return Subquery(notices.order_by("settled_at").values("settled_at")[:1])
