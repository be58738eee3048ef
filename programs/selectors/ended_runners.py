"""Runners whose programme has ended and who still let this physiotherapist in."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, DateTimeField, F, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.statements import Given, Statement
from programs.caseload_words import OUTCOMES
from programs.correspondence import unread_column, unread_of_runner
from programs.engine.calendar import local_date
from programs.models import Enrolment, EnrolmentStatus
from programs.said import said

#: How long after its end a programme stays on the list; its page stays as long as there is access.
LISTED = datetime.timedelta(days=365)
MOST_ROWS = 100
#: Letters of a search; longer than any name.
LONGEST_QUERY = 80
_COLUMNS = (
    *("runner_id", "public_id", "runner__name", "runner__email", "runner__time_zone"),
    *("programme_title", "outcome", "ended_on", "ended_at", "unread"),
)


@dataclass(frozen=True, slots=True)
class EndedRow:
    """One programme that has ended; ``outcome`` is empty where nobody wrote down how."""

    runner_id: int
    public_id: uuid.UUID
    name: str
    programme: str
    outcome: str
    date: datetime.date
    unread: int


@dataclass(frozen=True, slots=True)
class EndedPage:
    """The newest end first; ``total`` counts also those that are too many to be shown."""

    rows: tuple[EndedRow, ...]
    total: int
    query: str

    @property
    def runner_ids(self) -> set[int]:
        return {row.runner_id for row in self.rows}

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def ended_page(*, clinician: User, now: datetime.datetime, query: str = "") -> EndedPage:
    """Those of the last year whose name has ``query`` in it (one query)."""
    query = query.replace("\x00", "").strip()[:LONGEST_QUERY]
    rows = ended_named(clinician=clinician, now=now, query=query)
    return EndedPage(rows[:MOST_ROWS], len(rows), query)


def ended_named(*, clinician: User, now: datetime.datetime, query: str = "") -> tuple[EndedRow, ...]:
    """Every one of them (one query). Names are compared here: a database folds the case of few letters."""
    found = _rows(_ended(clinician, now).filter(ended_at__gte=now - LISTED))
    return tuple(row for row in found if query.casefold() in row.name.casefold())


def unread_after_end(*, clinician: User, now: datetime.datetime) -> tuple[EndedRow, ...]:
    """Those with messages that she has not read, however long ago the programme ended (one query)."""
    return tuple(_rows(_unread.rows(by=clinician.pk, now=now)))


@Statement
def _unread() -> QuerySet:
    by, now = Given("by", BigIntegerField()), Given("now", DateTimeField())
    return _ended(by, now).filter(unread__gt=0)


def _ended(clinician: User | Given, now: datetime.datetime | Given) -> QuerySet:
    ended = Enrolment.objects.on_caseload_of(clinician, now).exclude(status=EnrolmentStatus.ACTIVE)
    return (
        ended.annotate(
            programme_title=F("version__template__title"),
            outcome=F("discharge__outcome"),
            ended_on=F("discharge__date"),
            ended_at=Coalesce("discharge__made_at", "closes_at"),
            unread=unread_column(clinician, unread_of_runner(clinician)),
        )
        .order_by("-ended_at", "-pk")
        .values_list(*_COLUMNS)
    )


def _rows(ended: Iterable[tuple]) -> Iterable[EndedRow]:
    for runner_id, public_id, name, email, zone, programme, outcome, ended_on, ended_at, unread in ended:
        yield EndedRow(
            runner_id=runner_id,
            public_id=public_id,
            name=name or email,
            programme=said(programme),
            outcome=str(OUTCOMES[outcome]) if outcome else "",
            date=ended_on or local_date(ended_at, ZoneInfo(zone)),
            unread=unread,
        )
