"""Runners whose programme has ended and who still let this physiotherapist in."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
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
_COLUMNS = ("public_id", "runner", "closes_at", "runner__name", "runner__email", "runner__time_zone")


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
    return tuple(_rows(_ended(clinician, now).filter(unread__gt=0)))


def _ended(clinician: User, now: datetime.datetime) -> QuerySet[Enrolment]:
    ended = Enrolment.objects.on_caseload_of(clinician, now).exclude(status=EnrolmentStatus.ACTIVE)
    return (
        ended.select_related("runner")
        .annotate(
            programme_title=F("version__template__title"),
            outcome=F("discharge__outcome"),
            ended_on=F("discharge__date"),
            ended_at=Coalesce("discharge__made_at", "closes_at"),
            unread=unread_column(clinician, unread_of_runner(clinician)),
        )
        .only(*_COLUMNS)
        .order_by("-ended_at", "-pk")
    )


def _rows(ended: Iterable[Enrolment]) -> Iterable[EndedRow]:
    for enrolment in ended:
        yield EndedRow(
            runner_id=enrolment.runner_id,
            public_id=enrolment.public_id,
            name=str(enrolment.runner),
            programme=said(enrolment.programme_title),
            outcome=str(OUTCOMES[enrolment.outcome]) if enrolment.outcome else "",
            date=enrolment.ended_on or local_date(enrolment.ended_at, enrolment.runner.zone),
            unread=enrolment.unread,
        )
