"""Decisions of the ledger as a runner reads them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.among import Among
from accounts.statements import Given
from programs.engine.values import Outcome, Trigger
from programs.models import Decision, Enrolment, ProgrammeVersion
from programs.presentation import Tag, tag_of
from programs.said import said
from programs.selectors.editions_lived import titles_of


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision in words; ``moves_to`` is a stage title, empty where the stage stays."""

    date: datetime.date
    tag: Tag
    reason: str
    stage: str
    moves_to: str
    takes_effect_on: datetime.date
    is_correction: bool
    is_superseded: bool
    rule: str


def decision_row(row: Decision, version: ProgrammeVersion, *, is_superseded: bool = False) -> DecisionRow:
    """``version`` is her present one; ``row`` comes with its act."""
    before, after = titles_of(row, version)
    moved = (row.stage_before, before) != (row.stage_after, after)
    return DecisionRow(
        date=row.date,
        tag=tag_of(row),
        reason=said(row.reason),
        stage=before,
        moves_to=after if moved else "",
        takes_effect_on=row.takes_effect_on,
        is_correction=row.trigger == Trigger.CORRECTION,
        is_superseded=is_superseded,
        rule=row.rule,
    )


def newest_decisions(enrolment: Enrolment, limit: int) -> tuple[DecisionRow, ...]:
    """The newest decisions, also those that a correction has replaced (one query)."""
    rows = enrolment.decisions.select_related("superseded_by", "override").newest_first()[:limit]
    return tuple(
        decision_row(row, enrolment.version, is_superseded=hasattr(row, "superseded_by")) for row in rows
    )


def beginnings_of_pauses(enrolments: Iterable[int] | Given) -> QuerySet[Decision]:
    """Of each paused enrolment, the decision that brought it to its present referral level.

    A milder warning sign that follows does not lower the level, so neither may it
    take the place of the reason. Where a correction has taken that decision away,
    the newest one of the pause stands in.
    """
    of_pause = Decision.objects.in_force().filter(
        enrolment=OuterRef("pk"),
        decision=Outcome.PAUSE_AND_REFER,
        decided_at__gte=OuterRef("paused_at"),
    )
    first = of_pause.filter(refer=OuterRef("refer")).order_by("date", "pk").values("pk")[:1]
    newest = of_pause.newest_first().values("pk")[:1]
    paused = Enrolment.objects.filter(Among("pk", enrolments)).annotate(
        began=Coalesce(Subquery(first), Subquery(newest))
    )
    return Decision.objects.filter(pk__in=paused.values("began"))


def reason_of_pause(enrolment: Enrolment) -> str:
    """Why the programme is paused, in the words of the decision that stands behind it (one query)."""
    if enrolment.paused_at and enrolment.paused_at < enrolment.created_at:
        return _("Your last programme ended while it was paused, and nobody has ended that pause yet.")
    return said(beginnings_of_pauses([enrolment.pk]).values_list("reason", flat=True).first() or "")
