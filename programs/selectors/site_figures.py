"""What curves of the site are drawn of: counts that name nobody, each from an index or a small table."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from accounts.models import AccountMail
from programs.models import (
    Alarm,
    AlarmName,
    CountMark,
    Decision,
    DecisionCount,
    Enrolment,
    JobHeartbeat,
    MessageOwed,
    RedFlagCase,
)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Days that are over and not closed; ``set_aside`` is poison, the other counts are without it."""

    due: int
    overdue: int
    claimed: int
    set_aside: int
    oldest: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class MailFigures:
    """All mails that are owed, and messages that were given up and are still kept."""

    owed: int
    tried: int
    leased: int
    account_owed: int
    account_tried: int
    account_leased: int
    dead: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class JobFigures:
    name: str
    runs: int
    failures: int
    seconds: float
    last_seconds: float
    beat_at: datetime.datetime | None
    last_error: str
    failed_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class FlagFigures:
    open: int
    unowned: int
    unseen: int


@dataclass(frozen=True, slots=True)
class DecisionFigures:
    """``by_rule``: (kind, rule) -> how many; ``ever``: the newest key, a little more than there are."""

    by_rule: dict[tuple[str, str], int]
    uncounted: int
    ever: int


def day_figures(*, now: datetime.datetime, patience: datetime.timedelta) -> DayFigures:
    """One query, by the index of what is due: what is set aside or claimed is due as well."""
    ready = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    over = Enrolment.objects.active().filter(closes_at__lte=now)
    figures = over.aggregate(
        due=Count("pk", filter=ready),
        overdue=Count("pk", filter=ready & Q(closes_at__lte=now - patience)),
        claimed=Count("pk", filter=Q(claimed_until__gt=now)),
        set_aside=Count("pk", filter=Q(retry_at__gt=now)),
        oldest=Min("closes_at", filter=ready),
    )
    return DayFigures(**figures)


def days_due(*, now: datetime.datetime) -> int:
    """How many enrolments have a day to close, whoever holds them; one query, by the same index."""
    return Enrolment.objects.due_for_close(now).count()


def mail_figures(*, now: datetime.datetime) -> MailFigures:
    """Three queries, each by an index of the few that are not settled well."""
    messages, accounts = (
        model.objects.filter(status="owed").aggregate(
            owed=Count("pk"),
            tried=Count("pk", filter=Q(attempts__gt=0)),
            leased=Count("pk", filter=Q(leased_until__gt=now)),
        )
        for model in (MessageOwed, AccountMail)
    )
    wrong = MessageOwed.objects.filter(status__in=["uncertain", "dead"]).aggregate(
        dead=Count("pk", filter=Q(status="dead")), uncertain=Count("pk", filter=Q(status="uncertain"))
    )
    return MailFigures(**messages, **{f"account_{name}": count for name, count in accounts.items()}, **wrong)


def job_figures() -> list[JobFigures]:
    """One query: every job that was counted or gave a sign of life."""
    return [
        JobFigures(
            name=row.name,
            runs=row.runs or 0,
            failures=row.failures or 0,
            seconds=row.seconds or 0.0,
            last_seconds=row.last_seconds or 0.0,
            beat_at=row.beat_at,
            last_error=row.last_error or "",
            failed_at=row.failed_at,
        )
        for row in JobHeartbeat.objects.order_by("name")
    ]


def flag_figures() -> FlagFigures:
    """One query, by the index of open ones."""
    figures = RedFlagCase.objects.filter(closed_at__isnull=True).aggregate(
        open=Count("pk"),
        unowned=Count("pk", filter=Q(owner__isnull=True)),
        unseen=Count("pk", filter=Q(seen_at__isnull=True)),
    )
    return FlagFigures(**figures)


def decision_figures() -> DecisionFigures:
    """Four small queries; none counts decisions, of which there may be hundreds of millions."""
    newest = Decision.objects.aggregate(newest=Max("pk"))["newest"] or 0
    mark = CountMark.objects.filter(pk=1).values_list("counted_through", flat=True).first() or 0
    rows = DecisionCount.objects.order_by("decision", "rule").values_list("decision", "rule", "total")
    return DecisionFigures(
        by_rule={(decision, rule): total for decision, rule, total in rows},
        uncounted=max(newest - mark, 0),
        ever=newest,
    )


def open_alarms() -> dict[str, datetime.datetime]:
    """Since when each that is open was seen (one query)."""
    seen = Alarm.objects.filter(ended_at__isnull=True, name__in=AlarmName.values)
    return dict(seen.values_list("name", "seen_at"))
