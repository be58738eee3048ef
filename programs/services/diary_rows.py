"""The rows that a check-in is written beside, by statements that are kept: always the same four.

Each asking goes to the database, inside the transaction of the service.
"""

import datetime

from django.db import connection
from django.db.models import BigIntegerField, DateField, QuerySet
from django.db.transaction import TransactionManagementError

from accounts.statements import Given, ObjectStatement
from programs.engine.values import Outcome
from programs.models import Decision, DiaryEntry, Enrolment, PainNote


@ObjectStatement
def _locked() -> QuerySet[Enrolment]:
    mine = Enrolment.objects.select_for_update(of=("self",)).select_related("runner")
    return mine.filter(pk=Given("pk", BigIntegerField()))


@ObjectStatement
def _entry() -> QuerySet[DiaryEntry]:
    return DiaryEntry.objects.filter(**_of_day("date")).order_by()


@ObjectStatement
def _notes() -> QuerySet[PainNote]:
    return PainNote.objects.filter(entry=Given("entry", BigIntegerField())).order_by("noted_at", "pk")


@ObjectStatement
def _advance() -> QuerySet[Decision]:
    rows = _light(Decision.objects.in_force().filter(decision=Outcome.ADVANCE.value))
    return rows.filter(**_of_day("takes_effect_on"))[:1]


@ObjectStatement
def _decided() -> QuerySet[Decision]:
    return _light(Decision.objects.in_force().filter(**_of_day("date")))[:1]


def _of_day(column: str) -> dict[str, Given]:
    return {"enrolment": Given("enrolment", BigIntegerField()), column: Given("date", DateField())}


def _light(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Of a decision few columns count; its inputs are the better part of its bytes."""
    return rows.defer("inputs", "criteria").newest_first()


def locked(enrolment: Enrolment) -> Enrolment:
    """As ``Enrolment.objects.locked``: with its runner, until the transaction ends. Raises DoesNotExist."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a lock holds nothing outside of a transaction")
    found = _locked.first(pk=enrolment.pk)
    if found is None:
        raise Enrolment.DoesNotExist
    return found


def entry_on(enrolment: Enrolment, date: datetime.date) -> DiaryEntry | None:
    """What is stored of that date; its enrolment is the one that was read already."""
    found = _entry.first(enrolment=enrolment.pk, date=date)
    if found is not None:
        found.enrolment = enrolment
    return found


def notes_of(entry: DiaryEntry) -> list[PainNote]:
    """All its extra notes, also those that were replaced; an entry that is new has none."""
    return _notes.all(entry=entry.pk) if entry.pk else []


def advance_into(enrolment: Enrolment, date: datetime.date) -> Decision | None:
    """The decision in force that put her on another step from that date on."""
    return _advance.first(enrolment=enrolment.pk, date=date)


def decision_on(enrolment: Enrolment, date: datetime.date) -> Decision | None:
    """The newest in force of a closed date."""
    return _decided.first(enrolment=enrolment.pk, date=date)
