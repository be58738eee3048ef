"""What measurements begin with: a copy of a stopped server, and lists that are copies of one list."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from programs.models import Decision, DiaryEntry, Enrolment, PainNote, PlannedSession
from programs.services.library import load_library
from scripts.web.lists import Filler
from scripts.with_postgres import Cluster
from tests.support.people import a_clinician

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="The measurements of pages and days have a PostgreSQL"
)
OF_ONE_RUNNER = {
    *("id", "public_id", "key", "runner_id", "enrolment_id", "entry_id", "recorded_by_id"),
    *("started_on", "created_at"),
}


@pytest.fixture
def servers() -> Iterator[list[Cluster]]:
    two = [Cluster(), Cluster()]
    yield two
    for server in two:
        server.remove()


def test_a_server_begins_as_a_copy_of_one_that_was_stopped(servers):
    first, second = servers
    first.create()
    first.start()
    with psycopg.connect(first.dsn("postgres")) as asked:
        asked.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first.stop()
    second.create(like=first.data)
    second.start()
    with psycopg.connect(second.dsn("postgres")) as asked:
        assert asked.execute("SELECT number FROM kept").fetchall() == [(7,)]


@pytest.mark.django_db
def test_a_copied_list_has_the_rows_of_the_newest_days():
    now = timezone.now()
    load_library(now=now)
    first, other = a_clinician("first@example.org"), a_clinician("other@example.org")
    Filler(first, now, 60).fill(range(3))
    copies = Filler(other, now, 45)
    copies.fill_like(first)
    since = copies.dates()[0]
    for table, least in ((DiaryEntry, 50), (Decision, 135), (PlannedSession, 66)):
        copied = rows_of(table, other)
        assert copied == rows_of(table, first, date__gte=since) and len(copied) >= least
    assert rows_of(Enrolment, other) == rows_of(Enrolment, first)
    theirs = Enrolment.objects.filter(runner__consents_given__clinician=other)
    assert {one.started_on for one in theirs} == {since}
    assert PainNote.objects.filter(entry__enrolment__runner__consents_given__clinician=other).exists()
    copies.lengthen(20)
    assert len(rows_of(Decision, other, date__lt=since)) > 3 * 15


def rows_of(table, clinician, **more) -> list[str]:
    """All that is not of one runner, without the order in which it was written."""
    columns = [one.column for one in table._meta.concrete_fields if one.column not in OF_ONE_RUNNER]
    whose = "runner" if table is Enrolment else "enrolment__runner"
    chosen = table.objects.filter(**{f"{whose}__consents_given__clinician": clinician}, **more)
    return sorted(map(str, chosen.values_list(*columns)))
