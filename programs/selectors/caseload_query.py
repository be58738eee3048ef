"""What the caseload reads of its runners besides their diaries: one query for all of it."""

import datetime
from dataclasses import dataclass

from django.db.models import (
    CharField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Membership, User
from programs.correspondence import unread_column, unread_of_runner
from programs.engine.triage import SILENT_FROM_DAYS
from programs.models import Enrolment

#: What triage, the outlook and a row read of an enrolment and its runner: a third of their columns.
_COLUMNS = (
    *("public_id", "runner", "version", "started_on", "stage", "stage_entered_on", "baseline_morning"),
    *("intake_pain", "refer", "paused_at", "cooldown_until", "step_backs", "hold_until", "decided_through"),
    *("failures", "closes_at", "status"),
    *("runner__name", "runner__email", "runner__time_zone", "runner__country"),
)


@dataclass(frozen=True, slots=True)
class View:
    """Filters that she kept under a name; ``query`` is what stands in the address."""

    public_id: str
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose list it is: from when a runner is silent for her, what she has seen, her views."""

    silent_from: int
    seen_through: datetime.datetime | None
    views: tuple[View, ...]


def reader_of(clinician: User) -> Reader:
    """Her own settings of the list (one query)."""
    clinics = Membership.objects.current().filter(clinician=OuterRef("pk")).values("clinic__silent_from_days")
    rows = list(
        User.objects.filter(pk=clinician.pk)
        .annotate(silent=Subquery(clinics[:1]))
        .order_by("saved_views__name")
        .values_list(
            "silent",
            "caseload_seen__seen_through",
            "saved_views__public_id",
            "saved_views__name",
            "saved_views__query",
        )
    )
    silent, seen = rows[0][:2] if rows else (None, None)
    views = tuple(View(*view) for _, _, *view in rows if view[0] is not None)
    return Reader(silent or SILENT_FROM_DAYS, seen, views)


def silent_from(clinician: User) -> int:
    """After how many days without an entry a runner is silent in her clinic (one query)."""
    return reader_of(clinician).silent_from


def enrolments_for(clinician: User, now: datetime.datetime) -> QuerySet[Enrolment]:
    """Everybody active who let her in, and who left with a red flag that nobody has seen."""
    mine = Enrolment.objects.on_a_list().on_caseload_of(clinician, now).select_related("runner")
    return with_marks(mine, clinician).only(*_COLUMNS).order_by("pk")


def with_marks(enrolments: QuerySet[Enrolment], clinician: User) -> QuerySet[Enrolment]:
    """Programme, unread messages, who has seen an open red flag or to whom it falls, and what she put off."""
    return enrolments.annotate(
        own_snooze=FilteredRelation(
            "snoozes", condition=Q(snoozes__made_by=clinician, snoozes__ended_at__isnull=True)
        ),
        open_flag=FilteredRelation("red_flag_cases", condition=Q(red_flag_cases__closed_at__isnull=True)),
        content_hash=F("version__content_hash"),
        edition=F("version__number"),
        programme_key=F("version__template__key"),
        programme_title=F("version__template__title"),
        put_off_need=F("own_snooze__need"),
        put_off_until=F("own_snooze__until"),
        put_off_at=F("own_snooze__made_at"),
        put_off_note=F("own_snooze__note"),
        flag_owner=_name_of("open_flag__owner"),
        flag_seen_at=F("open_flag__seen_at"),
        flag_seen_by=_name_of("open_flag__seen_by"),
        unread=unread_column(clinician, unread_of_runner(clinician)),
    )


def _name_of(person: str) -> Coalesce:
    """As a person is written: by name, or by address; empty where there is nobody."""
    name = NullIf(F(f"{person}__name"), Value(""))
    return Coalesce(name, F(f"{person}__email"), Value(""), output_field=CharField())
