"""Builders of rows, through the real services wherever there is one.

People come from ``tests.support.people``. Every default can be overridden;
a test names what it is about and nothing else.
"""

import datetime
import functools
import itertools

from django.db import connection
from django.db.models.sql import InsertQuery
from django.utils import timezone

from accounts.models import User
from accounts.services import grant_consent
from programs.engine.calendar import instant_of, local_date
from programs.library.loader import PROGRAMME, Document, Library, content_hash, read_library
from programs.models import (
    DiaryEntry,
    Enrolment,
    LibraryItem,
    ProgrammeTemplate,
    ProgrammeVersion,
    VersionStatus,
)
from programs.services.days import close_due
from programs.services.diary import EntryValues, record_entry
from programs.services.enrolments import IntakeAnswers, enrol
from tests.support.people import a_runner

DEFAULT = "lbp-acute-default"
#: A quiet day without a session, and a comfortable session.
QUIET = EntryValues(morning=1, rest=1, session="none")
COMFORTABLE = EntryValues(morning=1, rest=1, session="done", during=1, after=1)
EVENING = datetime.time(19, 0)
#: Whoever is not said to have begun at an instant began by then, so before that evening's report.
NOON = datetime.time(12, 0)
#: Stands for now in what is kept of the library.
LATER = datetime.datetime(9000, 1, 1, tzinfo=datetime.UTC)

_numbers = itertools.count(1)


@functools.cache
def shipped() -> Library:
    """What the repository ships, read once for the whole run."""
    return read_library()


def the_library() -> None:
    """Exercises, questions, cards and sources as rows; enough for every page."""
    if not LibraryItem.objects.exists():
        later, now = _stored(LATER), _stored(timezone.now())

        def dated(param):
            # PostgreSQL takes whole columns.
            return list(map(dated, param)) if isinstance(param, list) else now if param == later else param

        with connection.cursor() as cursor:
            for sql, params in _library_rows(connection.vendor):
                cursor.execute(sql, dated(list(params)))


@functools.cache
def _library_rows(vendor: str) -> list[tuple[str, tuple]]:
    """What inserts them, made once for all tests: to make it takes as long as a small test."""
    rows = [
        LibraryItem(
            kind=document.kind,
            key=document.key,
            number=1,
            document=document.content,
            content_hash=document.content_hash,
            published_at=LATER,
        )
        for document in shipped().documents
        if document.kind != PROGRAMME
    ]
    fields = [field for field in LibraryItem._meta.concrete_fields if not field.primary_key]
    at_once = connection.ops.bulk_batch_size(fields, rows)
    parts = [rows[first : first + at_once] for first in range(0, len(rows), at_once)]
    return [part for rows in parts for part in _insert(fields, rows)]


def _insert(fields: list, rows: list[LibraryItem]) -> list[tuple[str, tuple]]:
    query = InsertQuery(LibraryItem)
    query.insert_values(fields, rows)
    return query.get_compiler(connection=connection).as_sql()


def _stored(instant: datetime.datetime) -> object:
    return LibraryItem._meta.get_field("published_at").get_db_prep_value(instant, connection)


def a_published_version(key: str = DEFAULT, document: dict | None = None) -> ProgrammeVersion:
    """The shipped programme of that key, or another document under it; the same one twice is one."""
    shipped_one = _shipped_programme(key) if document is None else None
    document = document or shipped_one.content
    known_hash = shipped_one.content_hash if shipped_one else content_hash(document)
    template, is_new = ProgrammeTemplate.objects.get_or_create(
        key=key, defaults={"title": document["title"], "family": document["family"]}
    )
    there = None if is_new else template.versions.filter(content_hash=known_hash).first()
    return there or template.versions.create(
        number=1 if is_new else template.versions.count() + 1,
        status=VersionStatus.PUBLISHED,
        document=document,
        content_hash=known_hash,
        created_at=timezone.now(),
        published_at=timezone.now(),
        published_job="tests",
    )


@functools.cache
def _shipped_programme(key: str) -> Document:
    return shipped().of_kind(PROGRAMME)[key]


def every_programme() -> list[ProgrammeVersion]:
    """All shipped programmes, published."""
    return [a_published_version(key) for key in shipped().of_kind(PROGRAMME)]


def an_enrolment(
    runner: User | None = None,
    *,
    version: ProgrammeVersion | None = None,
    stage: str | None = None,
    days_ago: int = 0,
    now: datetime.datetime | None = None,
    clinician: User | None = None,
    **answers,
) -> Enrolment:
    """A runner who began ``days_ago`` days before ``now``, by default today on gentle walking.

    ``stage`` may be any stage: one that an intake cannot give is set directly.
    ``answers`` are those of the intake (intake_pain, baseline_morning, pattern,
    reminder_time). Days since then are open until ``live`` or ``close_through``.
    """
    runner = runner or a_runner(email=f"runner{next(_numbers)}@example.org")
    version = version or a_published_version()
    first_active = next(s["key"] for s in version.document["stages"] if s["kind"] != "rest")
    began = (now or _by_noon(runner)) - datetime.timedelta(days=days_ago)
    given = IntakeAnswers(**{"intake_pain": 4, "baseline_morning": 2, **answers})
    startable = version.document["stages"][0]["key"], first_active
    start = stage if stage in startable else first_active
    enrolment = enrol(runner=runner, version=version, stage=start, answers=given, now=began).enrolment
    if stage and stage != start:
        Enrolment.objects.filter(pk=enrolment.pk).update(stage=stage)
    if clinician:
        grant_consent(runner=runner, clinician=clinician, now=began)
    return reloaded(enrolment)


def _by_noon(runner: User) -> datetime.datetime:
    """Now, but not later in her day than noon: tests run at night, too."""
    now = timezone.now()
    return min(now, instant_of(local_date(now, runner.zone), NOON, runner.zone))


def an_entry(
    enrolment: Enrolment, date: datetime.date | None = None, *, now: datetime.datetime | None = None, **values
) -> DiaryEntry:
    """What the runner reported of a date, by default of the open one, that evening.

    Where she began later than that, as whoever tests at night does, at once.
    """
    date = date or reloaded(enrolment).open_date
    now = now or max(instant_of(date, EVENING, enrolment.runner.zone), enrolment.created_at)
    return record_entry(
        enrolment=enrolment, by=enrolment.runner, now=now, date=date, values=EntryValues(**values)
    ).entry


def live(enrolment: Enrolment, *days: EntryValues | None) -> Enrolment:
    """Live through days, from the open one on: report each (None stays missing), then close it."""
    for values in days:
        enrolment = reloaded(enrolment)
        if values is not None:
            evening = instant_of(enrolment.open_date, EVENING, enrolment.runner.zone)
            record_entry(
                enrolment=enrolment,
                by=enrolment.runner,
                now=evening,
                date=enrolment.open_date,
                values=values,
            )
        close_the_day(enrolment)
    return reloaded(enrolment)


def close_the_day(enrolment: Enrolment) -> Enrolment:
    """Close the open day at its own instant, as the worker does."""
    due = reloaded(enrolment).closes_at
    close_due(now=due, job="tests", first=enrolment.pk, last=enrolment.pk)
    return reloaded(enrolment)


def reloaded(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related("runner", "version__template").get(pk=enrolment.pk)
