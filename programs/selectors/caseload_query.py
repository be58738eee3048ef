"""What the caseload reads of its runners besides their diaries: one query, and one for their messages."""

import datetime
import json
import uuid
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from accounts.among import Among, given_ids
from accounts.kept import Kept, forget_yesterday
from accounts.lines import Instant, document, instant_of
from accounts.models import Membership, User
from accounts.selectors.clinic_defaults import AS_THE_SITE
from accounts.statements import Given, Statement
from programs.correspondence import unread_of_runners
from programs.engine.triage import SILENT_FROM_DAYS
from programs.models import Enrolment

#: What triage, the outlook and a row read of an enrolment and its runner: a third of their
#: columns, in the order of the models.
_OWN = (
    *("id", "public_id", "runner_id", "version_id", "status", "started_on", "stage", "stage_entered_on"),
    *("baseline_morning", "intake_pain", "refer", "paused_at", "cooldown_until", "step_backs", "hold_until"),
    *("decided_through", "closes_at", "failures"),
)
_OF_RUNNER = ("id", "email", "name", "time_zone", "country", "bounced_at")
_MARKS = (
    *("content_hash", "edition", "programme_key", "programme_title"),
    *("put_off_need", "put_off_until", "put_off_at", "put_off_note"),
    *("flag_owner", "flag_owner_bounces", "flag_seen_at", "flag_seen_by"),
)
# Every field of a model is looked for in them, for every row.
_OWN_NAMES, _NAMES_OF_RUNNER = frozenset(_OWN), frozenset(_OF_RUNNER)
#: Where the columns of the runner begin in a row, and those of the marks.
_RUNNER_AT = len(_OWN)
#: Columns that come as text: column -> how it is asked, and how it is read.
_AS_TEXT = {
    "public_id": (document, uuid.UUID),
    "step_backs": (document, json.loads),
    "closes_at": (Instant, instant_of),
}
_MARKS_AT = _RUNNER_AT + len(_OF_RUNNER)
_enrolments = Kept(most=2000)
_BY, _NOW = Given("by", BigIntegerField()), Given("now", DateTimeField())


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
    rows = _settings.rows(by=clinician.pk)
    silent, seen = rows[0][:2] if rows else (None, None)
    views = tuple(View(*view) for _, _, *view in rows if view[0] is not None)
    return Reader(silent or SILENT_FROM_DAYS, seen, views)


@Statement
def _settings() -> QuerySet:
    clinics = Membership.objects.current().filter(clinician=OuterRef("pk")).values("clinic__silent_from_days")
    rows = User.objects.filter(pk=_BY).annotate(silent=Subquery(clinics[:1])).order_by("saved_views__name")
    views = (f"saved_views__{name}" for name in ("public_id", "name", "query"))
    return rows.values_list("silent", "caseload_seen__seen_through", *views)


def silent_from(clinician: User) -> int:
    """After how many days without an entry a runner is silent in her clinic (one query)."""
    return reader_of(clinician).silent_from


def enrolments_for(clinician: User, now: datetime.datetime) -> list[Enrolment]:
    """Everybody active who let her in, and who left with a red flag that nobody has seen (two queries).

    To be read only: equal rows are one object, also in the next request.
    """
    forget_yesterday(now.date())
    listed = _listed.rows(by=clinician.pk, now=now)
    unread = dict(_unread.rows(ids=[row[0] for row in listed], by=clinician.pk)) if listed else {}
    rows = [(*row, unread.get(row[0], 0)) for row in listed]
    return [_enrolments.of(row, _enrolment, row) for row in rows]


def _enrolment(row: tuple) -> Enrolment:
    """The enrolment with its runner and its marks, as a query for objects would make it."""
    own = list(row[:_RUNNER_AT])
    for name, (_, read) in _AS_TEXT.items():
        own[_OWN.index(name)] = read(own[_OWN.index(name)])
    enrolment = Enrolment.from_db(DEFAULT_DB_ALIAS, _OWN_NAMES, own)
    enrolment.runner = User.from_db(DEFAULT_DB_ALIAS, _NAMES_OF_RUNNER, row[_RUNNER_AT:_MARKS_AT])
    for name, mark in zip((*_MARKS, "unread"), row[_MARKS_AT:], strict=True):
        setattr(enrolment, name, mark)
    # A row names no number to call, so nobody's clinic is looked up for one.
    enrolment.of_clinic = AS_THE_SITE
    return enrolment


@Statement
def _listed() -> QuerySet:
    mine = Enrolment.objects.on_a_list().on_caseload_of(_BY, _NOW)
    of_runner = (f"runner__{name}" for name in _OF_RUNNER)
    own = (_AS_TEXT[name][0](name) if name in _AS_TEXT else name for name in _OWN)
    return with_marks(mine, _BY).order_by("pk").values_list(*own, *of_runner, *_MARKS)


@Statement
def _unread() -> QuerySet:
    """Apart from the list: within it, the messages of each row were gone through for themselves."""
    rows = unread_of_runners(_BY).filter(Among("enrolment", given_ids())).order_by().values("enrolment_id")
    return rows.annotate(unread=Count("pk")).values_list("enrolment_id", "unread")


def with_marks(enrolments: QuerySet[Enrolment], clinician: User | Given) -> QuerySet[Enrolment]:
    """Programme, who has seen an open red flag or to whom it falls, and what she put off."""
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
        flag_owner_bounces=F("open_flag__owner__bounced_at"),
        flag_seen_at=F("open_flag__seen_at"),
        flag_seen_by=_name_of("open_flag__seen_by"),
    )


def _name_of(person: str) -> Coalesce:
    """As a person is written: by name, or by address; empty where there is nobody."""
    name = NullIf(F(f"{person}__name"), Value(""))
    return Coalesce(name, F(f"{person}__email"), Value(""), output_field=CharField())
